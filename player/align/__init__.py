"""Finds when words were said: a text beside its sound, or the sound alone."""

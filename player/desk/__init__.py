"""Corrects a transcript line by line: what may be done to a line, and a person's working copy of it."""

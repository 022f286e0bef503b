"""Synthesises a reading from its script: a sound, and the transcript in step with it."""

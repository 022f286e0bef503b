"""Decodes a sound file to samples: the whole of it, or a passage that equals the whole to the sample."""

"""Writes a recording as a book that is read and heard at once: EPUB 3 with Media Overlays."""

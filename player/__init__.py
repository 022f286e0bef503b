"""An archival recording beside its transcript: heard, followed, annotated, cut."""

__version__ = "0.1.0"

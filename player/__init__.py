"""An archival recording beside its transcript: heard, followed, annotated, cut."""

"""Decides what of an archive may be shown to whom, and takes away what may not before anyone else sees it."""

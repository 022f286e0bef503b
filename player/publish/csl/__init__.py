"""Writes citations by a style of the Citation Style Language, which citeproc-py carries out."""

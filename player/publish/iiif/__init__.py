"""Writes recordings and lists of them as IIIF has it, Presentation 3: https://iiif.io/api/presentation/3.0/."""

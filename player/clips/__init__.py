"""Cuts passages out of recordings into files that say where they are from."""

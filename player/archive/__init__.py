"""Reads the files of an archive into frozen values."""

"""Knows what an archive as a whole holds, in one SQLite file that is derived from the archive's files."""

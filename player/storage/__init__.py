"""Reads sounds that do not lie in the archive: in object storage, or on a server that gives parts of files."""

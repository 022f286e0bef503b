"""Writes what the archive holds in the forms that others read: citations."""

"""Holds an archive to what it must keep: links, quotations, readings, dates, names and media."""

"""Turns values of the archive into what the templates print."""

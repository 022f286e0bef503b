"""Serves scripts and style sheets: joined into few files, each under an address that browsers may keep for ever."""

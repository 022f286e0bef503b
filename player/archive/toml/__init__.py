"""Reads a TOML file by the keys that its tables declare, and says on which line it is wrong."""

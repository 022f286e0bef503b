"""Reads a WebVTT file as a browser does, says on which line a browser drops or mends something, and writes one."""

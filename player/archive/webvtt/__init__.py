"""Reads a WebVTT file as a browser does, and says on which line a browser drops or mends something."""

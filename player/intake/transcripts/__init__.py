"""Reads the transcripts that people have, each format in a module of its own, into what an archive can hold."""

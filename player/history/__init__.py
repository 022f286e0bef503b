"""Keeps what a transcript was before each change of it: who changed what, when, and where each line went."""

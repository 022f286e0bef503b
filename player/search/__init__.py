"""Finds words in a transcript."""

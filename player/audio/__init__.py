"""Reads sound files: what they are, how long they last, how loud they are where."""

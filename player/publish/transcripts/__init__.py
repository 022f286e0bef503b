"""Writes what is said in a recording in the forms that people and other programs take it in: one module a form."""

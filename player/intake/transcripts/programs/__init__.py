"""Reads what programs write that listen, align or index: OHMS, ELAN, Praat, and recognisers’ JSON."""

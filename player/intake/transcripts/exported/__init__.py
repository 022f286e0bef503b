"""Reads back what this program exports with all that is known of each line, and tables as others make them."""

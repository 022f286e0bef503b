"""Reads documents with words and, at times, times: typescripts as plain text, Word, OpenDocument, Rich Text, PDF."""

"""Serves an archive as pages: the Flask application and its server."""

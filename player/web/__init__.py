"""Values into pages: the Flask application."""

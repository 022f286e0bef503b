"""Serves clients: the server itself, and how sounds, scripts and pages are sent."""

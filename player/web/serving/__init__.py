"""Meets the clients: the server, and how sounds, scripts and pages are sent."""

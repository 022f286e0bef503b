"""Makes of archive values what the templates print."""

"""How the application meets its clients: the server, and what each client may cost."""

"""The index on a PostgreSQL server, which several servers of an archive share."""

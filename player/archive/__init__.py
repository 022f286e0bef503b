"""Files of an archive, read into frozen values."""

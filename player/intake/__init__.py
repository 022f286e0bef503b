"""Takes what people have, and makes of it the files of an archive."""

"""Makes a copy of the whole site as files, which any web space can serve: pages, sounds, transcripts, search."""

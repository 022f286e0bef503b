"""Values into the forms that others read: citations."""

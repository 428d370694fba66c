"""A search as a table, and as files to download."""

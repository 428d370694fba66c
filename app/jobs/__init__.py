"""Tasks of the worker, each a thin caller of a room below."""

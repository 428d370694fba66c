"""The resource centre as visitors read it: a list, a page of each, and files of a selection."""

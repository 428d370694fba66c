"""Where nobody is, of which function: a table, a map and a file of what the lists show."""

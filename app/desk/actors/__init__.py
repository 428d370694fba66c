"""Actors at the desk: found, read, corrected, protected, and what became of them."""

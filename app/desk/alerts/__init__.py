"""Searches that a member is told of: listed, made, changed, deleted."""

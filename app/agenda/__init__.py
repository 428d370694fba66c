"""Webinars, meetings and training as readers have them: found, said, and in each format."""

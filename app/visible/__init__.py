"""Parts of what app/visibility.py says: who asks, and what members of the network read."""

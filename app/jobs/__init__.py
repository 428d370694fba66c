"""The worker: which tasks there are, when one is tried again, and what it says of them."""

"""Resources as the desk writes, screens, publishes and withdraws them."""

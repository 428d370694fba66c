"""Events as the desk writes, screens, publishes, cancels and withdraws them."""

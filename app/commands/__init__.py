"""The commands of `mesure23`, one module per group."""

"""What a professional is told of a protected place: by its operator's choice, for some hours."""

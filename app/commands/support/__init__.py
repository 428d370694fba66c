"""What several commands share: the port, signals, progress, and sentences about long work."""

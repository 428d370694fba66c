"""Letters at the desk: written, looked at as they will be read, tried, approved, sent."""

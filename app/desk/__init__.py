"""Pages that staff and professionals reach, behind a session."""

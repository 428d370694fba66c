"""Who comes to events: asked for, confirmed by the link of a mail, left by the same, forgotten."""

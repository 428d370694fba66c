"""Who is sent the letter: asked for, confirmed and left by the links of mails, forgotten."""

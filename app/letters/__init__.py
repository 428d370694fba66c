"""Letters as readers have them: what each leads to now, as a page, a mail, a text and a feed."""

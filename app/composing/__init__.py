"""Letters as the desk has them: written, screened, approved by a second person, sent to each."""

"""A transcript of a printed issue, in plain text, becomes an issue, and an issue a transcript."""

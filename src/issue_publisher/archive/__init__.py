"""What an archive and its readers ask of many issues at once: which there are, and where."""

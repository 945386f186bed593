"""Articles and grid → pages of frames, columns and lines."""

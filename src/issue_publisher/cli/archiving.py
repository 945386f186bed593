"""`regenerate` and `list`."""

"""From source to `dist/`: the order of the stages, the manifest, outputs put in place at once."""

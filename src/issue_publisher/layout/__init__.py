"""`layout.toml` → `Layout`: page, grid, type roles, policies of typesetting and make-up."""

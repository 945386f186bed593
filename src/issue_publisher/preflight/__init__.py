"""Checks of finished files, ours or not: what a shop, a printer or an archive would hold against them."""

"""Jinja → HTML → PDF and EPUB."""

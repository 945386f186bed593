"""Paragraph → lines: exact measures, prohibition, squeezed marks, optimum fit."""

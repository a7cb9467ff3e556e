"""Bulks: many inputs, one call each, with a row for each input. Not imported before a program starts a bulk."""

"""Widgets: one a file."""

"""Modules of this package."""

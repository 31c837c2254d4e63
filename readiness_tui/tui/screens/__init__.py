"""Screens: one a file, its stylesheet beside it."""

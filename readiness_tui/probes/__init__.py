"""Probe kinds: one a file, found by directory and by entry point."""

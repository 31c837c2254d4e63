"""The full-screen door."""

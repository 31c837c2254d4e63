"""The terminal: what is sent to it, what comes from it, and how it may end."""

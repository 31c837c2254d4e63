"""Code shared by several formats; not a format itself."""

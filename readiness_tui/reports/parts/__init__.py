"""What several formats share; never a format itself."""

"""Sessions on disk: one launch a folder, one day a file, one writer."""

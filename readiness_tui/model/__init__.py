"""The words of the house as frozen models; nothing here reads a file or opens a connection."""

"""The collectors: one POSIX sh text each, the file name is its name; nothing here is Python."""

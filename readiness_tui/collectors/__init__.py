"""The collectors: one POSIX sh text each, named by its file; `catalog` reads how each describes itself."""

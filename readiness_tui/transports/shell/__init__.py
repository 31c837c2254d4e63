"""Transports that start shells: the worker pool, and local and exec hosts."""

"""Kinds that look at the repository checkout on the operator's machine."""

"""Public endpoints as seen from the operator's machine."""

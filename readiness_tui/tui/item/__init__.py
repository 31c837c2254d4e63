"""One item as text: what to do next, what will run, its detail, and what is copied."""

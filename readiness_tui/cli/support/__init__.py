"""Code shared by several verbs: options, printing, progress, errors."""

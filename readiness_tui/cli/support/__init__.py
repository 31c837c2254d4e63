"""What several verbs share: options, printing, progress, errors."""

"""The line mode: the walk as questions and answers, for screen readers, dumb terminals and pipes."""

"""Values for a launch's parameters that were found by looking at its hosts."""

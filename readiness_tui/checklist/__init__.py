"""Read a checklist from YAML into the frozen model, reporting all faults at once."""

"""From YAML to the frozen model, with every fault at once."""

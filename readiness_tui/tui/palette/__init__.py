"""The command palette: commands, items, sections, hosts and verbs found by the beginnings of their words."""

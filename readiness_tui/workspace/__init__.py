"""An open launch without a screen: saving, watching, probing, its days."""

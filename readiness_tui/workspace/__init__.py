"""An open launch, independent of any screen: saving, watching, probing, its days."""

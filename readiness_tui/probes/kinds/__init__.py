"""The probe kinds: one file or folder each, the parser of its facts beside it."""

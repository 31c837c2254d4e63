"""Sessions on disk: one folder per launch, one file per day, one writer."""

"""Kind `time`: a host's time zone, and whether its clock is synchronised."""

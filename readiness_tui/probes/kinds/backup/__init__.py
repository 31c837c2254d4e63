"""Kind `backup`: the backups of a database, the job that makes them, and its script."""

"""Kind `database`: what a PostgreSQL database answers about itself."""

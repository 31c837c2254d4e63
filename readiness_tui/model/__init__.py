"""The domain types as frozen models. They read no files and open no connections."""

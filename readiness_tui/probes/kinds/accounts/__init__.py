"""Kind `accounts`: who may administer a host."""

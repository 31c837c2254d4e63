"""Hard reading, one matter a file: from what a collector told to the facts a kind judges by."""

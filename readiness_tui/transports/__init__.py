"""Ways to get replies from a host: one seam, `contract.Transport`."""

"""The symbolic packet: sets of sources and ports, matches, and the walk through the chains."""

"""Probe kinds: asks, and a pure judgement of the replies."""

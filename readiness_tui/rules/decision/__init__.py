"""The decision: page, seal, sign-offs and the gate."""

"""Transports: ways to get replies from a host. The common interface is `contract.Transport`."""

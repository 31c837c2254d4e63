"""Readers of what nft, iptables-save and ipset print."""

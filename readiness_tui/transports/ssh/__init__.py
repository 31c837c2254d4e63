"""Hosts over SSH, on asyncssh."""

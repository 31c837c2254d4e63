"""Kind `sshd`: who can log in to every listening SSH server, and how."""

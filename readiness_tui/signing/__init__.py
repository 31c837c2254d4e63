"""What a lead signs and how a signature is made and verified (SSHSIG, as `ssh-keygen -Y` does)."""

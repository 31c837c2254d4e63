"""What a lead signs, and how signatures are made and verified (SSHSIG, as `ssh-keygen -Y` does)."""

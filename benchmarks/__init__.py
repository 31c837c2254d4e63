"""Where README's figures come from: see README.md beside this file."""

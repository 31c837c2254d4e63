"""Kind `fail2ban`: whether the jails would ban who guesses passwords."""

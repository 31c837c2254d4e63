"""Runs a plan: hosts side by side, replies judged as they come, everything told as events."""

"""The walk: a state, a screen that shows it, and one controller for each subject."""

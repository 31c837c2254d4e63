"""Run a plan: all hosts in parallel, each reply judged on arrival, all progress reported as events."""

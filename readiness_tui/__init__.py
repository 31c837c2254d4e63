"""readiness-tui: walk a production-readiness checklist, probe the hosts, decide go or no-go."""

__version__ = "0.1.0"

"""Probes, from the walk and from an item's own screen."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class Probe(Command):
    """Run this item's probe on its hosts."""

    name, keys, spelt, label, topic = "probe.item", "r", "r", "probe", "Probe"
    title, aliases = "Probe item", ("check", "run", "rerun", "recheck")


class CancelProbes(Command):
    """Stop the probes that run or wait; what was found stays."""

    name, keys, spelt, label, topic = "probe.cancel", "x", "x", "stop", "Probe"
    title, aliases = "Stop probes", ("cancel", "abort", "kill")

"""Kinds that answer in sentences: since every kind may, this only re-exports the contract's `Kind`."""

from __future__ import annotations

from readiness_tui.probes.contract import Kind as SentenceKind
from readiness_tui.probes.facts import settle

__all__ = ["SentenceKind", "settle"]

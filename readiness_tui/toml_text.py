"""TOML from a file that somebody else may have written."""

from __future__ import annotations

import tomllib
from typing import Any

LARGEST = 2**63 - 1


def loads(text: str) -> dict[str, Any]:
    """The document. Raises ValueError for what is no TOML, RecursionError for values nested too deeply.

    A whole number has 64 bits (toml.io, v1.0.0, Integer); Python's reader takes longer ones in other
    bases, and fails later wherever they are printed.
    """
    document = tomllib.loads(text)
    waiting: list[tuple[str, Any]] = list(document.items())
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{name}.{key}", inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(name, inner) for inner in value]
        elif isinstance(value, int) and not -LARGEST - 1 <= value <= LARGEST:
            raise ValueError(f"{name} is a whole number of more than 64 bits")
    return document

"""The address of a monitoring system as an operator sets it: a URL, perhaps `via` a host of the launch."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from readiness_tui.model.network_asks import public_url
from readiness_tui.rules.parameters import via


def bare(text: str) -> str:
    """The URL without the host through which it is reached. Raises ValueError."""
    return public_url(text.split(" via")[0] if via(text) else text)


ApiUrl = Annotated[str, AfterValidator(lambda text: bare(text) and text)]
"""A URL, or `URL via HOST`; kept as it is."""

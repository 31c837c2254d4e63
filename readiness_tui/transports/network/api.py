"""JSON over HTTP from a monitoring system, straight or through a socket that leads to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from readiness_tui.errors import TransportError
from readiness_tui.model.outcome import Cause
from readiness_tui.transports.network.contract import Trust
from readiness_tui.transports.network.errors import trouble
from readiness_tui.transports.network.through import Way

LIMIT = 8 * 1024 * 1024
"""Bytes of an answer that are read; a longer one is not believed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answered. now: its own clock."""

    status: int
    body: bytes
    now: datetime

    def json(self, place: str) -> Any:
        """The body as JSON. Raises TransportError."""
        if self.status in (401, 403):
            raise TransportError(f"{place} answers {self.status}: it wants credentials", cause=Cause.DENIED)
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            message = f"{place} answers {self.status} with something that is no JSON"
            raise TransportError(message, cause=Cause.GARBLED) from error


class Api:
    """One base address; a client for each request, so that nothing is kept between them."""

    def __init__(self, base: str, trust: Trust, way: Way) -> None:
        self.base = base.rstrip("/")
        self._trust = trust
        self._way = way
        parts = urlsplit(base)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """GET a path below the base. Raises TransportError; a status is an answer."""
        place = f"{self._host}:{self._port}"
        context = await self._trust.context("http")
        try:
            async with self._way(self._host, self._port) as socket:
                pipe = httpx.AsyncHTTPTransport(verify=context, uds=str(socket) if socket else None)
                client = httpx.AsyncClient(transport=pipe, trust_env=False, timeout=10)
                async with client, client.stream("GET", self.base + path, params=query) as response:
                    body = bytearray()
                    async for chunk in response.aiter_bytes():
                        body += chunk
                        if len(body) > LIMIT:
                            raise TransportError(f"{place}: more than {LIMIT} bytes", cause=Cause.GARBLED)
                    return Answer(response.status_code, bytes(body), _clock(response.headers.get("date")))
        except httpx.TimeoutException as error:
            raise TransportError(f"no answer from {place} within 10 s", cause=Cause.TIMEOUT) from error
        except httpx.TransportError as error:
            raise trouble(place, error) from error

    async def data(self, path: str, query: Mapping[str, str] | None = None) -> tuple[Any, datetime]:
        """The `data` of an answer of Prometheus, and when it says it is. Raises TransportError."""
        answer = await self.get(path, query)
        document = answer.json(self.base)
        if not isinstance(document, dict) or document.get("status") != "success":
            why = document.get("error", "no data") if isinstance(document, dict) else "no data"
            raise TransportError(f"{self.base} refuses: {str(why)[:80]}", cause=Cause.ERROR)
        return document.get("data"), answer.now


def _clock(date: str | None) -> datetime:
    try:
        return parsedate_to_datetime(date or "")
    except (ValueError, TypeError):
        return datetime.now(UTC)

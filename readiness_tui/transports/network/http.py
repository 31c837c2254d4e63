"""HTTP: one GET request, and response times from a paced sample of further requests."""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import httpcore
import httpx

from readiness_tui.errors import TransportError
from readiness_tui.model.network_asks import HttpAsk, Sample
from readiness_tui.model.outcome import Cause
from readiness_tui.transports.network import bodies
from readiness_tui.transports.network.bodies import ANSWERED, Got
from readiness_tui.transports.network.contract import Lines, Trust
from readiness_tui.transports.network.errors import all_refused, trouble

BODY_LIMIT = 256 * 1024
"""Most bytes of a body that are read."""

HEADER_LIMIT = 4096
"""Most characters of a header that are reported; longer headers are not judged."""

CONNECT_S = 4.0
"""Seconds after which a port that does not answer counts as filtered, if that is an answer."""

LIMITED = frozenset({429, 503})
"""Statuses of a rate limiter (nginx: 503). A sample stops there, to avoid a ban."""

HEADERS = {"User-Agent": "readiness-tui", "Accept": "*/*", "Accept-Encoding": "identity"}
"""No compression, so that a small answer cannot expand into a large one here."""

_CONNECTED = "connection.connect_tcp.complete"
_SECURED = "connection.start_tls.complete"


async def look(ask: HttpAsk, trust: Trust) -> Lines:
    """Send the request. Raises TransportError or TimeoutError if there is no response."""
    context = await trust.context(ask.kind)
    connect_s = min(CONNECT_S, ask.timeout_s / 2)
    place = f"{ask.host}:{ask.port}"
    try:
        origin = {"Origin": ask.origin} if ask.origin else {}
        got = await _get(ask.url, context, connect_s if ask.closed else None, ask.timeout_s / 2, origin)
        lines = [*_lines(got), *await asyncio.to_thread(bodies.searched, ask, got)]
        return [*lines, *await _sample(ask, ask.sample, context)] if ask.sample else lines
    except httpx.ConnectTimeout as error:
        if ask.closed:
            return [("closed", "filtered")]
        raise TimeoutError from error
    except httpx.TimeoutException as error:
        raise TimeoutError from error
    except httpx.ConnectError as error:
        if ask.closed and all_refused(error):
            return [("closed", "refused")]
        raise trouble(place, error) from error
    except UnicodeError as error:  # a name with an overlong label, refused before any lookup
        raise trouble(place, error) from error
    except httpx.NetworkError as error:
        message = f"{place} closed the connection without an answer"
        raise TransportError(message, cause=Cause.GARBLED) from error
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise TransportError(f"no HTTP from {place}: {error}", cause=Cause.GARBLED) from error


async def _get(
    url: str,
    context: ssl.SSLContext,
    connect_s: float | None,
    body_s: float,
    more: Mapping[str, str] | None = None,
) -> Got:
    """A new client for each request, so that cookies are not kept and every connection is new."""
    began = time.monotonic()
    times: dict[str, float] = {}
    sockets: list[httpcore.AsyncNetworkStream] = []

    async def note(event: str, info: Mapping[str, Any]) -> None:
        times[event] = time.monotonic() - began
        if event == _CONNECTED:
            sockets.append(info["return_value"])

    client = httpx.AsyncClient(
        verify=context, trust_env=False, headers=HEADERS, timeout=httpx.Timeout(None, connect=connect_s)
    )
    try:
        async with client, client.stream("GET", url, headers=more, extensions={"trace": note}) as response:
            body, partly = await _read(response, body_s)
            return Got(response.status_code, response.headers.multi_items(), body, partly, times)
    finally:  # httpcore does not close a socket whose handshake is cancelled
        for socket in sockets:
            await socket.aclose()


async def _read(response: httpx.Response, body_s: float) -> tuple[bytes, str]:
    """The beginning of the body, and why it is incomplete."""
    body = bytearray()
    try:
        async with asyncio.timeout(body_s):
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > BODY_LIMIT:
                    return bytes(body[:BODY_LIMIT]), f"cut at {BODY_LIMIT} bytes"
    except TimeoutError:
        return bytes(body), f"timeout: the body did not end within {body_s:g} s"
    except httpx.TransportError as error:
        return bytes(body), f"the body was interrupted: {error}"
    return bytes(body), ""


def _lines(got: Got) -> Lines:
    """The facts of one answer."""
    headers = [(re.sub(r"[^a-z0-9]", "_", name.lower()), value) for name, value in got.headers]
    single = dict(reversed(headers))
    lines = [("status", str(got.status))]
    lines += ((name, single[name]) for name in ("location", "content_type") if name in single)
    lines += bodies.described(got)
    lines.append(("connect_ms", _ms(got.times[_CONNECTED])))
    if _SECURED in got.times:
        lines.append(("tls_ms", _ms(got.times[_SECURED] - got.times[_CONNECTED])))
    lines.append(("ttfb_ms", _ms(got.times[ANSWERED])))
    return [*lines, *(_header(name, value) for name, value in headers)]


def _header(name: str, value: str) -> tuple[str, str]:
    if name == "set_cookie":  # cookie values are secrets
        value = re.sub(r"=[^;]*", "", value, count=1)
    if len(value) > HEADER_LIMIT:
        return f"!header.{name}", f"too long: {len(value)} characters"
    return f"header.{name}", value


async def _sample(ask: HttpAsk, sample: Sample, context: ssl.SSLContext) -> Lines:
    """Response times of further requests in sequence; the first request has warmed up the server."""
    statuses: Counter[int] = Counter()
    waits: list[float] = []
    stopped = ""
    for _ in range(sample.n):
        await asyncio.sleep(1 / sample.rate)
        try:
            got = await _get(ask.url, context, None, ask.timeout_s / 2)
        except httpx.TransportError as error:
            stopped = f"no answer: {error}"
            break
        statuses[got.status] += 1
        waits.append(got.wait_ms)
        if got.status in LIMITED:
            stopped = str(got.status)
            break
    lines = [("n", str(len(waits)))]
    lines += (("statuses", f"{status} x{count}") for status, count in sorted(statuses.items()))
    if waits:
        lines += ((f"p{share}_ms", f"{_percentile(waits, share):.1f}") for share in (50, 95))
    return [*lines, ("stopped", stopped)] if stopped else lines


def _percentile(values: Sequence[float], share: int) -> float:
    """The nearest rank: the smallest value that `share` percent of them do not exceed."""
    return sorted(values)[max(0, -(-len(values) * share // 100) - 1)]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"

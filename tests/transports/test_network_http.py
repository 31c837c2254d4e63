"""HTTP requests to real servers on the loopback: the facts of a response, and of a missing one."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from readiness_tui.model.network_asks import HttpAsk, Sample
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Reply
from readiness_tui.transports.network.transport import NetworkTransport
from tests.sshd import free_port
from tests.transports.asking import replies
from tests.transports.certificates import LOCALHOST, Key, certificate, server_context, trust_in
from tests.transports.servers import Request, Site, filtered_port, says, site

TIMES = {"connect_ms", "tls_ms", "ttfb_ms", "p50_ms", "p95_ms"}


async def ask(ask: HttpAsk, transport: NetworkTransport | None = None) -> Reply:
    return (await replies(transport or NetworkTransport(), [ask]))["http"]


def rows(reply: Reply) -> list[tuple[str, str]]:
    assert reply.cause is None, reply.detail
    pairs = [line.partition("=") for line in reply.stdout.splitlines()]
    return [(name, value) for name, _, value in pairs]


def facts(reply: Reply) -> dict[str, str]:
    return dict(rows(reply))


def url(found: Site, path: str = "/", scheme: str = "http") -> str:
    return f"{scheme}://localhost:{found.port}{path}"


async def test_a_response_becomes_facts() -> None:
    answer = says(
        404,
        "Content-Type: application/json",
        "X-Odd!Name: a\tb",
        "Set-Cookie: sid=s3cret; Path=/; Secure",
        "Set-Cookie: lang=de",
        body=b'{"error": 1}',
    )
    async with site(answer) as found:
        lines = rows(await ask(HttpAsk(url=url(found, "/nowhere?x=1"))))
    assert [row for row in lines if row[0] not in TIMES] == [
        ("status", "404"),
        ("content_type", "application/json"),
        ("body_len", "12"),
        ("body_sha", sha256(b'{"error": 1}').hexdigest()[:16]),
        ("header.content_length", "12"),
        ("header.connection", "close"),
        ("header.content_type", "application/json"),
        ("header.x_odd_name", "a b"),
        ("header.set_cookie", "sid; Path=/; Secure"),
        ("header.set_cookie", "lang"),
    ]
    times = {name: float(value) for name, value in lines if name in TIMES}
    assert 0 < times["connect_ms"] < times["ttfb_ms"]


PAGE = b"""<html><head><title>not counted</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'self'"></head>
<body><script>var hidden = 1</script><p>Four words are here</p></body></html>"""


async def test_the_words_and_the_policy_of_a_page_are_reported() -> None:
    async with site(says(200, "Content-Type: text/html", body=PAGE)) as found:
        values = facts(await ask(HttpAsk(url=url(found), deny="Four \\w+", body="nothing")))
    assert (values["words"], values["meta_csp"]) == ("4", "default-src 'self'")
    assert (values["deny_match"], values["deny_text"], values["body_match"]) == ("yes", "Four words", "no")


async def test_the_site_that_asks_is_named_only_when_wanted() -> None:
    async with site(says(200)) as found:
        await ask(HttpAsk(url=url(found)))
        await ask(HttpAsk(url=url(found), origin="https://other.example"))
    named = [request.headers.get("origin") for request in found.requests]
    assert named == [None, "https://other.example"]


async def test_it_asks_as_it_says_and_no_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    async with site(says(204, body=b"")) as found:
        assert facts(await ask(HttpAsk(url=url(found, "/health"))))["status"] == "204"
    (request,) = found.requests
    assert (request.method, request.path) == ("GET", "/health")
    assert request.headers["user-agent"] == "readiness-tui"
    assert request.headers["accept-encoding"] == "identity"


async def test_a_redirect_is_reported_and_not_followed() -> None:
    async with site(
        says(301, "Location: https://shop.example/", "Location: https://other.example/")
    ) as found:
        values = facts(await ask(HttpAsk(url=url(found))))
    assert (values["status"], values["location"]) == ("301", "https://shop.example/")
    assert len(found.requests) == 1


async def test_an_overlong_header_is_omitted_and_the_others_are_reported() -> None:
    async with site(says(200, f"Link: {'x' * 5000}", "Server: small")) as found:
        values = facts(await ask(HttpAsk(url=url(found))))
    assert (values["!header.link"], values["header.server"]) == ("too long: 5000 characters", "small")


@asynccontextmanager
async def secure_site(folder: Path, *, known: bool = True) -> AsyncIterator[tuple[Site, NetworkTransport]]:
    root: Key = ec.generate_private_key(ec.SECP256R1())
    authority: x509.Certificate = certificate(root, [], signer=root)
    key = ec.generate_private_key(ec.SECP256R1())
    context = server_context(folder, key, certificate(key, LOCALHOST, signer=root))
    async with site(says(200), context=context) as found:
        yield found, NetworkTransport(trust=trust_in(authority)) if known else NetworkTransport()


async def test_over_tls_the_handshake_has_its_own_time(tmp_path: Path) -> None:
    async with secure_site(tmp_path) as (found, transport):
        values = facts(await ask(HttpAsk(url=url(found, scheme="https")), transport))
    assert values["status"] == "200"
    assert 0 < float(values["tls_ms"]) < float(values["ttfb_ms"])


async def test_nothing_is_sent_over_an_untrusted_connection(tmp_path: Path) -> None:
    async with secure_site(tmp_path, known=False) as (found, transport):
        reply = await ask(HttpAsk(url=url(found, scheme="https")), transport)
    assert reply.cause is Cause.GARBLED
    assert "does not verify: unable to get local issuer certificate" in reply.detail
    assert "certificates" in reply.hint
    assert found.requests == []


async def test_why_there_is_no_response() -> None:
    async def nothing(request: Request, writer: asyncio.StreamWriter) -> None:
        return

    async def greeting(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")

    async def banner(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        await reader.read()
        writer.close()

    mail = await asyncio.start_server(banner, "127.0.0.1", 0)
    place = f"127.0.0.1:{mail.sockets[0].getsockname()[1]}"
    async with mail, site(greeting) as greets, site(nothing) as mute:
        refused = await ask(HttpAsk(url=f"http://localhost:{free_port()}/"))
        nowhere = await ask(HttpAsk(url="http://no-such-host.invalid/"))
        odd = await ask(HttpAsk(url="http://.bad..name./"))
        garbled = await ask(HttpAsk(url=url(greets)))
        no_tls = await ask(HttpAsk(url=f"https://{place}/"))
        ended = await ask(HttpAsk(url=url(mute)))
    assert (refused.cause, "refused" in refused.detail) == (Cause.UNREACHABLE, True)
    assert (nowhere.cause, "DNS" in nowhere.hint) == (Cause.UNREACHABLE, True)
    assert odd.cause in (Cause.GARBLED, Cause.UNREACHABLE)
    assert (garbled.cause, "no HTTP" in garbled.detail) == (Cause.GARBLED, True)
    assert ended.cause is Cause.GARBLED
    assert (no_tls.cause, "no TLS" in no_tls.detail) == (Cause.GARBLED, True)


async def test_a_server_that_says_nothing_is_given_up() -> None:
    async def silence(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    with socket.create_server(("127.0.0.1", 0)) as deaf:
        async with site(silence) as found:
            late = await ask(HttpAsk(url=url(found), timeout_s=0.3))
            no_tls = await ask(HttpAsk(url=f"https://127.0.0.1:{deaf.getsockname()[1]}/", timeout_s=0.3))
    assert [(reply.cause, "0.3 s" in reply.detail) for reply in (late, no_tls)] == [(Cause.TIMEOUT, True)] * 2


async def test_a_closed_port_is_an_answer_where_the_ask_says_so() -> None:
    refused = await ask(HttpAsk(url=f"http://localhost:{free_port()}/", closed=True))
    assert rows(refused) == [("closed", "refused")]
    with filtered_port() as port:
        silent = await ask(HttpAsk(url=f"http://127.0.0.1:{port}/", closed=True, timeout_s=0.5))
        plainly = await ask(HttpAsk(url=f"http://127.0.0.1:{port}/", timeout_s=0.3))
    assert rows(silent) == [("closed", "filtered")]
    assert plainly.cause is Cause.TIMEOUT
    nowhere = await ask(HttpAsk(url="http://no-such-host.invalid/", closed=True))
    assert nowhere.cause is Cause.UNREACHABLE


@pytest.mark.parametrize(
    ("headers", "body", "wanted"),
    [
        ((), b"status: green", ("body_match", "yes")),
        ((), b"status: red", ("body_match", "no")),
        ((), b"x" * 300_000, ("!body_match", "cut at 262144 bytes")),
        (
            ("Content-Encoding: gzip",),
            gzip.compress(b"status: green", mtime=0),
            ("!body_match", "unsupported: packed as gzip although not asked for"),
        ),
    ],
)
async def test_a_body_is_searched_as_far_as_it_is_known(
    headers: tuple[str, ...], body: bytes, wanted: tuple[str, str]
) -> None:
    async with site(says(200, *headers, body=body)) as found:
        lines = rows(await ask(HttpAsk(url=url(found), body="green|blue")))
    assert [row for row in lines if row[0].endswith("body_match")] == [wanted]


async def test_a_body_without_an_end_leaves_the_rest_known() -> None:
    async def drip(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
        await writer.drain()
        await asyncio.Event().wait()

    async with site(drip) as found:
        values = facts(await ask(HttpAsk(url=url(found), body="never", timeout_s=1)))
    assert values["status"] == "200"
    assert "timeout" in values["!body_len"]
    assert "timeout" in values["!body_match"]


async def test_a_sample_is_paced_and_keeps_no_cookie() -> None:
    async with site(says(200, "Set-Cookie: sid=1; Path=/")) as found:
        reply = await ask(HttpAsk(url=url(found), sample=Sample(n=3), timeout_s=30))
    values = facts(reply)
    assert (values["n"], values["statuses"]) == ("3", "200 x3")
    assert 0 < float(values["p50_ms"]) <= float(values["p95_ms"])
    assert "stopped" not in values
    assert len(found.requests) == 4
    assert not any("cookie" in request.headers for request in found.requests)
    assert reply.took_ms >= 1490, "three waits of half a second"


async def test_a_sample_ends_where_a_limiter_begins() -> None:
    async def limiter(request: Request, writer: asyncio.StreamWriter) -> None:
        await says(200 if len(found.requests) < 3 else 429)(request, writer)

    async with site(limiter) as found:
        lines = rows(await ask(HttpAsk(url=url(found), sample=Sample(n=20), timeout_s=30)))
    assert [row for row in lines if row[0] in ("n", "statuses", "stopped")] == [
        ("n", "2"),
        ("statuses", "200 x1"),
        ("statuses", "429 x1"),
        ("stopped", "429"),
    ]
    assert len(found.requests) == 3


async def test_a_sample_that_breaks_off_says_so() -> None:
    async def once(request: Request, writer: asyncio.StreamWriter) -> None:
        if len(found.requests) == 1:
            await says(200)(request, writer)

    async with site(once) as found:
        values = facts(await ask(HttpAsk(url=url(found), sample=Sample(n=5), timeout_s=30)))
    assert values["n"] == "0"
    assert values["stopped"].startswith("no answer")
    assert "p95_ms" not in values

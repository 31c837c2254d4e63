"""Asks of the network: what cannot be asked, what tells one from another, what is kept of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from readiness_tui.model.network_asks import DnsAsk, HttpAsk, PortsAsk, Sample, server
from readiness_tui.model.probe import Ask, Reply

URL = "https://shop.example/health?x=1&y=2"
ASKS: tuple[Ask, ...] = (
    HttpAsk(url=URL),
    HttpAsk(url=URL, body="ok"),
    HttpAsk(url=URL, closed=True),
    HttpAsk(url=URL, sample=Sample(n=20)),
    HttpAsk(url=URL, sample=Sample(n=20, rate=1)),
    DnsAsk(name="shop.example"),
    DnsAsk(name="shop.example", types=("A",)),
    DnsAsk(name="shop.example", resolver="192.0.2.53"),
    PortsAsk(host="shop.example", ports=(22, 80)),
    PortsAsk(host="shop.example", ports=(22,)),
)


def test_different_asks_have_different_digests() -> None:
    assert len({ask.digest for ask in ASKS}) == len(ASKS)
    assert HttpAsk(url=URL, timeout_s=3).digest == HttpAsk(url=URL).digest


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: ask.command)
def test_a_reply_is_kept_with_its_ask(ask: Ask) -> None:
    reply = Reply(host="network", ask=ask, asked_at=datetime(2026, 11, 24, tzinfo=UTC))
    read = Reply.model_validate_json(reply.model_dump_json())
    assert (read.ask, read.ask.digest) == (ask, ask.digest)


@pytest.mark.parametrize(
    "url",
    [
        "shop.example",
        "ftp://shop.example/",
        "https:///path",
        "https://user:word@shop.example/",
        "https://shop.example:99999/",
        "https://shop.example:0/",
        "https://shop.example/a b",
        "https://shop.example/\n",
        "https://shöp.example/",
    ],
)
def test_invalid_urls(url: str) -> None:
    with pytest.raises(ValidationError):
        HttpAsk(url=url)


def test_where_a_url_leads() -> None:
    plain, tls, odd = (
        HttpAsk(url=f"{url}/x") for url in ("http://a.example", "https://a.example", "http://[::1]:81")
    )
    assert [(ask.host, ask.port) for ask in (plain, tls, odd)] == [
        ("a.example", 80),
        ("a.example", 443),
        ("::1", 81),
    ]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("system", None),
        ("192.0.2.53", ("192.0.2.53", 53)),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("2001:db8::53", ("2001:db8::53", 53)),
        ("[2001:db8::53]:5353", ("2001:db8::53", 5353)),
    ],
)
def test_resolvers(text: str, where: tuple[str, int] | None) -> None:
    assert server(text) == where


@pytest.mark.parametrize("text", ["", "dns.example", "192.0.2", "192.0.2.53:0", "192.0.2.53:70000", "[::1]"])
def test_invalid_resolvers(text: str) -> None:
    with pytest.raises(ValidationError):
        DnsAsk(name="shop.example", resolver=text)


@pytest.mark.parametrize("name", ["", "-x", "a b", "a/b", "user@host", "a\nb", "a\x1bb"])
def test_invalid_names(name: str) -> None:
    with pytest.raises(ValidationError):
        DnsAsk(name=name)
    with pytest.raises(ValidationError):
        PortsAsk(host=name, ports=(22,))


def test_what_an_operator_types_cannot_be_more_than_it_says() -> None:
    odd = HttpAsk(url="https://shop.example/$(id);`id`'\"", sample=Sample(n=3, rate=0.5))
    assert odd.command.endswith("""'https://shop.example/$(id);`id`'"'"'"'  # then 3 more, 0.5 a second""")
    assert DnsAsk(name="a;id", types=("A",)).command == "dig +noall +answer +comments 'a;id' A"
    assert PortsAsk(host="a;id", ports=(22,), wait_s=0.5).command == (
        "for p in 22; do nc -zvw 1 'a;id' $p; done"
    )


@pytest.mark.parametrize("rate", [0, 2.1])
def test_a_sample_is_never_faster_than_its_limit(rate: float) -> None:
    with pytest.raises(ValidationError):
        Sample(n=20, rate=rate)

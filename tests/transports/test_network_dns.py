"""DNS queries to a real name server on the loopback: records, denials, and no answer."""

from __future__ import annotations

import pytest

from readiness_tui.model.network_asks import DnsAsk
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Reply
from readiness_tui.transports.network.transport import NetworkTransport
from tests.sshd import free_port
from tests.transports.asking import replies
from tests.transports.nameserver import Zone, serving_names

ZONE: Zone = {
    "shop.example": {
        "A": ("203.0.113.6", "203.0.113.5"),
        "AAAA": ("2001:db8::1",),
        "CAA": ('0 issue "letsencrypt.org"',),
        "TXT": ('"v=spf1 -all" "second = half"',),
    },
    "www.shop.example": {"CNAME": ("shop.example.",)},
    "empty.example": {"TXT": ('"here"',)},
    "many.example": {"A": tuple(f"203.0.113.{number}" for number in range(1, 120))},
}


async def ask(ask: DnsAsk) -> Reply:
    return (await replies(NetworkTransport(), [ask]))["dns"]


def rows(reply: Reply) -> list[str]:
    assert reply.cause is None, reply.detail
    return reply.stdout.splitlines()


async def test_records_of_every_type_with_their_time_to_live() -> None:
    async with serving_names(ZONE) as server:
        lines = rows(
            await ask(
                DnsAsk(name="shop.example", types=("A", "AAAA", "CAA", "TXT", "MX"), resolver=server.resolver)
            )
        )
    assert lines == [
        "rcode=NOERROR",
        "A=203.0.113.5",
        "A=203.0.113.6",
        "ttl_A=300",
        "AAAA=2001:db8::1",
        "ttl_AAAA=300",
        'CAA=0 issue "letsencrypt.org"',
        "ttl_CAA=300",
        'TXT="v=spf1 -all" "second = half"',
        "ttl_TXT=300",
    ]
    assert sorted(server.asked) == [f"udp shop.example {k}" for k in ("A", "AAAA", "CAA", "MX", "TXT")]


async def test_another_name_is_followed_to_its_addresses() -> None:
    async with serving_names(ZONE) as server:
        lines = rows(
            await ask(DnsAsk(name="www.shop.example", types=("CNAME", "A"), resolver=server.resolver))
        )
    assert lines == [
        "rcode=NOERROR",
        "CNAME=shop.example.",
        "ttl_CNAME=300",
        "A=203.0.113.5",
        "A=203.0.113.6",
        "ttl_A=300",
    ]


async def test_what_does_not_exist_is_an_answer() -> None:
    async with serving_names(ZONE) as server:
        nowhere = await ask(DnsAsk(name="nowhere.example", resolver=server.resolver))
        no_data = await ask(DnsAsk(name="empty.example", resolver=server.resolver))
    assert rows(nowhere) == ["rcode=NXDOMAIN"]
    assert rows(no_data) == ["rcode=NOERROR"]


async def test_a_name_denied_for_only_one_type_exists() -> None:
    async with serving_names(ZONE, {"shop.example AAAA": "NXDOMAIN"}) as server:
        lines = rows(await ask(DnsAsk(name="shop.example", resolver=server.resolver)))
    assert lines == ["rcode=NOERROR", "A=203.0.113.5", "A=203.0.113.6", "ttl_A=300"]


async def test_an_answer_cut_short_is_asked_for_again_by_tcp() -> None:
    async with serving_names(ZONE, {"many.example": "truncate"}) as server:
        lines = rows(await ask(DnsAsk(name="many.example", types=("A",), resolver=server.resolver)))
    assert server.asked == ["udp many.example A", "tcp many.example A"]
    assert sum(row.startswith("A=") for row in lines) == 100


@pytest.mark.parametrize(
    ("behaviour", "cause", "words"),
    [
        ("SERVFAIL", Cause.ERROR, "SERVFAIL"),
        ("REFUSED", Cause.DENIED, "REFUSED"),
        ("silence", Cause.TIMEOUT, "timeout"),
        ("junk", Cause.TIMEOUT, "timeout"),
        ("broken", Cause.GARBLED, "not understood"),
    ],
)
async def test_why_there_is_no_response(behaviour: str, cause: Cause, words: str) -> None:
    async with serving_names(ZONE, {"shop.example": behaviour}) as server:
        reply = await ask(DnsAsk(name="shop.example", resolver=server.resolver, timeout_s=0.5))
    assert reply.cause is cause
    assert server.resolver in reply.detail
    assert words in reply.detail
    assert reply.hint


async def test_a_type_without_an_answer_does_not_affect_the_others() -> None:
    async with serving_names(
        ZONE, {"shop.example CAA": "SERVFAIL", "shop.example AAAA": "silence"}
    ) as server:
        lines = rows(
            await ask(
                DnsAsk(name="shop.example", types=("A", "AAAA", "CAA"), resolver=server.resolver, timeout_s=1)
            )
        )
    assert lines == [
        "rcode=NOERROR",
        "A=203.0.113.5",
        "A=203.0.113.6",
        "ttl_A=300",
        "!AAAA=timeout after 0.9 s",
        "!CAA=SERVFAIL",
    ]


async def test_no_resolver_there_and_no_name_at_all() -> None:
    nobody = await ask(DnsAsk(name="shop.example", resolver=f"127.0.0.1:{free_port()}", timeout_s=0.5))
    odd = await ask(DnsAsk(name="a..b", resolver="127.0.0.1:1"))
    assert (nobody.cause, "127.0.0.1" in nobody.detail) == (Cause.TIMEOUT, True)
    assert (odd.cause, "not a name" in odd.detail) == (Cause.GARBLED, True)


def test_the_systems_own_resolver_has_no_address_here() -> None:
    ask = DnsAsk(name="shop.example", types=("A", "CAA"))
    assert ask.server is None
    assert ask.command == "dig +noall +answer +comments shop.example A shop.example CAA"
    named = DnsAsk(name="shop.example", types=("A",), resolver="[::1]:5353")
    assert named.command == "dig @::1 -p 5353 +noall +answer +comments shop.example A"

"""Kinds `http`, `dns` and `port`: what speaks against a public endpoint, and what is not known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from pydantic import JsonValue, ValidationError

from readiness_tui.model.checklist import ProbeSpec
from readiness_tui.model.network_asks import DnsAsk, HttpAsk, PortsAsk
from readiness_tui.model.outcome import Cause, Verdict
from readiness_tui.model.probe import Ask, Finding, Probe, Reply
from readiness_tui.probes import build

NOW = datetime(2026, 11, 24, 9, 20, tzinfo=UTC)
Said = str | Cause
"""A reply's text, or why there is none."""


def probe(**words: JsonValue) -> Probe:
    """The probe as the checklist has it; `passes`, `fails` and `informs` are its conditions."""
    names = {"passes": "pass", "fails": "fail", "informs": "info"}
    spec = {names.get(name, name): value for name, value in words.items()}
    return build(ProbeSpec.model_validate({"where": ["network"], **spec}), {})


def judge(made: Probe, says: Callable[[Ask], Said]) -> Finding:
    replies = []
    for ask in made.asks():
        said = says(ask)
        text, cause = ("", said) if isinstance(said, Cause) else (said, None)
        replies.append(
            Reply(
                host="network",
                ask=ask,
                asked_at=NOW,
                stdout=text,
                exit=None if cause else 0,
                cause=cause,
                detail=f"{cause} there" if cause else "",
            )
        )
    return made.judge(replies)


def answers(said: dict[str, Said]) -> Callable[[Ask], Said]:
    """By URL, `host:port` list or `name@resolver`, whatever the ask is for."""

    def of(ask: Ask) -> Said:
        match ask:
            case HttpAsk():
                return said.get(ask.url, said.get("else", Cause.ERROR))
            case PortsAsk():
                return said[f"ports {ask.host}"]
            case DnsAsk():
                return said[f"{ask.name}@{ask.resolver}"]
        raise AssertionError(ask)

    return of


def http(status: int, *lines: str) -> str:
    return "\n".join([f"status={status}", "connect_ms=10.0", "ttfb_ms=41.4", *lines, ""])


HEALTH = "https://shop.example/health"
SAFE = (
    "header.strict_transport_security=max-age=31536000; includeSubDomains",
    "header.x_content_type_options=nosniff",
    "header.content_security_policy=default-src 'none'; frame-ancestors 'none'",
    "header.referrer_policy=unsafe-url, no-referrer",
)
"""What a well-kept API answers; frame-ancestors stands in for X-Frame-Options."""


def health(**words: JsonValue) -> Probe:
    base: dict[str, JsonValue] = {"kind": "http", "domains": ["shop.example"], "paths": ["/health"]}
    return probe(
        **base,
        passes={"status": 200, "ttfb_ms": {"le": 1000}, "fallback": {"empty": True}},
        control=True,
        **words,
    )


@pytest.mark.parametrize(
    ("said", "verdict", "evidence"),
    [
        ({HEALTH: http(200), "else": http(404)}, Verdict.PASS, f"{HEALTH} 200 in 41 ms"),
        ({HEALTH: http(502), "else": http(404)}, Verdict.FAIL, "status 502"),
        ({HEALTH: http(200), "else": http(200)}, Verdict.FAIL, "fallback https://shop.example/rtui-"),
        ({HEALTH: http(200), "else": Cause.TIMEOUT}, Verdict.UNKNOWN, "timeout there"),
        ({HEALTH: Cause.UNREACHABLE, "else": http(404)}, Verdict.UNKNOWN, f"{HEALTH}: unreachable there"),
        ({HEALTH: "nonsense", "else": http(404)}, Verdict.UNKNOWN, "not one line of the answer is a fact"),
    ],
)
def test_a_health_endpoint_and_a_path_that_cannot_exist(
    said: dict[str, Said], verdict: Verdict, evidence: str
) -> None:
    found = judge(health(), answers(said))
    assert (found.verdict, evidence in found.evidence) == (verdict, True), found


def test_the_path_made_up_is_the_same_every_time_and_its_own_for_each_host() -> None:
    first = [ask.digest for ask in health().asks()]
    assert first == [ask.digest for ask in health().asks()]
    both = probe(
        kind="http",
        domains=["a.example", "b.example"],
        paths=["/x", "y"],
        control=True,
        passes={"status": 200},
    )
    urls = [ask.url for ask in both.asks() if isinstance(ask, HttpAsk)]
    assert urls[:4] == [f"https://{host}.example/{path}" for host in "ab" for path in "xy"]
    assert len(set(urls)) == 6


REDIRECT: dict[str, JsonValue] = {
    "kind": "http",
    "scheme": "http",
    "domains": ["shop.example", "www.shop.example"],
    "closed": True,
    "passes": {"insecure": {"empty": True}, "temporary": {"empty": True}},
}
GOOD = http(301, "location=https://shop.example/")
WWW = http(308, "location=https://www.shop.example/")
UP = "open=443\nopen_at=443|203.0.113.5\nasked_count=1\nclosed_count=0\nfiltered_count=0\n"
DOWN = "asked_count=1\nclosed_count=0\nfiltered_count=1\n"


@pytest.mark.parametrize(
    ("first", "port", "verdict", "evidence"),
    [
        (GOOD, UP, Verdict.PASS, "http://shop.example/ -> 301 https://shop.example/"),
        ("closed=refused\n", UP, Verdict.PASS, "http://shop.example/ closed (refused)"),
        ("closed=filtered\n", UP, Verdict.PASS, "http://shop.example/ closed (filtered)"),
        ("closed=filtered\n", DOWN, Verdict.UNKNOWN, "no answer, nor on port 443"),
        (http(200), UP, Verdict.FAIL, "http://shop.example/ answers 200"),
        (http(302, "location=https://shop.example/"), UP, Verdict.FAIL, "temporary http://shop.example/"),
        (http(301, "location=/home"), UP, Verdict.FAIL, "-> 301 http://shop.example/home"),
        (http(301, "location=https://evil.example/"), UP, Verdict.FAIL, "another host: evil.example"),
        (http(301), UP, Verdict.FAIL, "answers 301"),
        (Cause.ERROR, UP, Verdict.UNKNOWN, "http://shop.example/: error there"),
    ],
)
def test_plain_http_is_sent_on_to_https_on_the_same_host(
    first: Said, port: str, verdict: Verdict, evidence: str
) -> None:
    said: dict[str, Said] = {
        "http://shop.example/": first,
        "http://www.shop.example/": WWW,
        "ports shop.example": port,
        "ports www.shop.example": UP,
    }
    found = judge(probe(**REDIRECT), answers(said))
    assert (found.verdict, evidence in found.evidence) == (verdict, True), found


def test_what_speaks_against_one_address_counts_although_another_is_unseen() -> None:
    said: dict[str, Said] = {
        "http://shop.example/": http(200),
        "http://www.shop.example/": Cause.TIMEOUT,
        "ports shop.example": UP,
        "ports www.shop.example": UP,
    }
    found = judge(probe(**REDIRECT | {"fails": {"insecure": {"empty": False}}}), answers(said))
    assert (found.verdict, "answers 200" in found.evidence) == (Verdict.FAIL, True)


SECURITY: dict[str, JsonValue] = {
    "kind": "http",
    "domains": ["shop.example"],
    "passes": {"lacking": {"empty": True}},
    "show": "lacking {lacking}; HSTS {hsts_max_age} s",
}


@pytest.mark.parametrize(
    ("lines", "profile", "lacking"),
    [
        (SAFE, "api", ""),
        (SAFE[1:], "web", "strict-transport-security"),
        (("header.strict_transport_security=max-age=300", *SAFE[1:]), "web", "strict-transport-security"),
        (
            ("header.strict_transport_security=max-age=0", *SAFE),
            "web",
            "strict-transport-security",
        ),
        ((SAFE[0], "header.x_content_type_options=none", *SAFE[2:]), "web", "x-content-type-options"),
        (
            (*SAFE[:2], "header.content_security_policy=default-src 'self'", SAFE[3]),
            "web",
            "x-frame-options",
        ),
        (
            (
                *SAFE[:2],
                "header.content_security_policy=default-src 'self'",
                "header.x_frame_options=SAMEORIGIN",
                SAFE[3],
            ),
            "web",
            "",
        ),
        (
            (
                *SAFE[:2],
                "header.content_security_policy=default-src 'self'",
                "header.x_frame_options=DENY",
                SAFE[3],
            ),
            "api",
            "content-security-policy",
        ),
        (
            (
                *SAFE[:2],
                "header.content_security_policy=default-src 'self'; frame-ancestors *",
                "header.x_frame_options=DENY",
                SAFE[3],
            ),
            "web",
            "x-frame-options",
        ),
        ((*SAFE[:3], "header.x_frame_options=ALLOW-FROM https://a"), "web", "referrer-policy"),
        ((*SAFE[:3], "header.referrer_policy=no-referrer, unsafe-url"), "web", "referrer-policy"),
    ],
)
def test_security_headers(lines: tuple[str, ...], profile: str, lacking: str) -> None:
    found = judge(probe(**SECURITY, profile=profile), answers({"https://shop.example/": http(200, *lines)}))
    assert found.verdict is (Verdict.FAIL if lacking else Verdict.PASS), found
    wanted = f"{lacking} on / (200)" if lacking else "nothing"
    assert found.facts["lacking"] == wanted


def test_a_header_that_is_missing_on_one_response_only_and_one_that_was_too_long() -> None:
    made = probe(**SECURITY, control=True)
    bare = answers({"https://shop.example/": http(200, *SAFE), "else": http(404, *SAFE[:3])})
    assert "lacking referrer-policy on /rtui-" in judge(made, bare).evidence
    nowhere = answers({"else": http(404, *SAFE[:3])})
    assert judge(made, nowhere).facts["lacking"] == "referrer-policy"
    two = probe(**SECURITY | {"domains": ["shop.example", "www.shop.example"]})
    one_bare = {"https://shop.example/": http(200, *SAFE), "https://www.shop.example/": http(200, *SAFE[1:])}
    found = judge(two, answers({**one_bare}))
    assert found.facts["lacking"] == "strict-transport-security on www.shop.example/ (200)"
    long = http(200, *SAFE[:2], "!header.content_security_policy=too long: 5000 characters", SAFE[3])
    found = judge(made, answers({"https://shop.example/": long, "else": http(404, *SAFE)}))
    assert (found.verdict, "too long" in found.evidence) == (Verdict.UNKNOWN, True)


def test_hsts_over_plain_http_is_none() -> None:
    made = probe(kind="http", scheme="http", domains=["shop.example"], passes={"hsts_max_age": {"gt": 0}})
    found = judge(made, answers({"http://shop.example/": http(200, *SAFE)}))
    assert (found.verdict, found.facts["hsts_max_age"]) == (Verdict.FAIL, "0")


def test_cookies_pages_and_who_is_in_front() -> None:
    made = probe(
        kind="http",
        domains=["shop.example"],
        fails={"weak_cookies": {"empty": False}},
        informs={"cookies": {"exists": True}},
        show="{cookies}; {weak_cookies}; {html_without_csp}; {cdn}; {header_names}; {server}",
    )
    page = http(
        200,
        "content_type=text/html; charset=utf-8",
        "header.set_cookie=lang; Path=/",
        "header.set_cookie=session_id; Secure; SameSite=None",
        "header.cf_ray=8c1",
    )
    found = judge(made, answers({"https://shop.example/": page}))
    assert found.verdict is Verdict.FAIL
    assert found.facts["weak_cookies"] == "session_id lacks HttpOnly, SameSite"
    assert found.facts["html_without_csp"] == "https://shop.example/"
    assert (found.facts["cdn"], found.facts["server"]) == ("Cloudflare", "none")
    assert found.facts["header_names"] == "set_cookie, cf_ray"
    kept = page.replace("SameSite=None", "HttpOnly; SameSite=Lax")
    assert judge(made, answers({"https://shop.example/": kept})).verdict is Verdict.INFO


SAMPLED: dict[str, JsonValue] = {
    "kind": "http",
    "urls": ["https://shop.example/a", "https://shop.example/b"],
    "sample": {"n": 20},
    "passes": {"p95_ms": {"le": 200}, "statuses": {"subset_of": [200]}},
}


@pytest.mark.parametrize(
    ("second", "verdict", "evidence"),
    [
        (http(200, "n=20", "statuses=200 x20", "p50_ms=20.0", "p95_ms=150.5"), Verdict.PASS, "200 in 41 ms"),
        (http(200, "n=20", "statuses=200 x20", "p50_ms=20.0", "p95_ms=300.5"), Verdict.FAIL, "p95_ms 300.5"),
        (
            http(200, "n=20", "statuses=200 x19", "statuses=502 x1", "p50_ms=2.0", "p95_ms=3.0"),
            Verdict.FAIL,
            "statuses 200, 502",
        ),
        (
            http(200, "n=2", "statuses=200 x2", "p50_ms=2.0", "p95_ms=3.0", "stopped=no answer"),
            Verdict.UNKNOWN,
            "https://shop.example/b: the sample stopped: no answer",
        ),
    ],
)
def test_times_of_a_sample_are_the_slowest_addresss(second: str, verdict: Verdict, evidence: str) -> None:
    made = probe(**SAMPLED)
    asks = made.asks()
    assert all(isinstance(ask, HttpAsk) and ask.sample is not None and ask.timeout_s == 70 for ask in asks)
    first = http(200, "n=20", "statuses=200 x20", "p50_ms=10.0", "p95_ms=100.0")
    found = judge(made, answers({"https://shop.example/a": first, "https://shop.example/b": second}))
    assert (found.verdict, evidence in found.evidence) == (verdict, True), found


def test_protected_addresses_differ() -> None:
    made = probe(
        kind="http",
        urls=["https://shop.example/a", "https://shop.example/b"],
        expect=[401, 403],
        fails={"successes": {"empty": False}},
        informs={"unexpected": {"empty": True}},
        show="{statuses}; {status}",
    )
    said: dict[str, Said] = {"https://shop.example/a": http(401), "https://shop.example/b": http(403)}
    found = judge(made, answers(said))
    assert (found.verdict, found.evidence) == (Verdict.INFO, "401, 403; 401, 403")
    open_one = answers(said | {"https://shop.example/b": http(200)})
    assert judge(made, open_one).verdict is Verdict.FAIL
    astray = judge(made, answers(said | {"https://shop.example/b": http(404)}))
    assert (astray.verdict, astray.cause) == (Verdict.UNKNOWN, Cause.ERROR)


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("body_match=yes", Verdict.PASS),
        ("body_match=no", Verdict.FAIL),
        ("!body_match=cut at 262144 bytes", Verdict.UNKNOWN),
    ],
)
def test_a_body(line: str, verdict: Verdict) -> None:
    made = probe(kind="http", urls=[HEALTH], body="green", passes={"body_match": True})
    assert judge(made, answers({HEALTH: http(200, line)})).verdict is verdict


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"urls": ["https://a:b@shop.example/"]},
        {"urls": ["gopher://shop.example/"]},
        {"urls": [HEALTH], "body": "("},
        {"urls": [HEALTH], "sample": {"n": 20, "rate": 50}},
        {"domains": ["shop.example"], "paths": ["/a b"]},
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(words: dict[str, JsonValue]) -> None:
    with pytest.raises((ValueError, ValidationError)):
        probe(kind="http", passes={"status": 200}, **words)


DNS: dict[str, JsonValue] = {
    "kind": "dns",
    "domains": ["shop.example"],
    "resolvers": ["system", "192.0.2.53"],
    "expected": ["203.0.113.5", "2001:DB8:0::1"],
    "port": 443,
    "passes": {
        "consistent": True,
        "nxdomain": {"empty": True},
        "addressless": {"empty": True},
        "unexpected": {"empty": True},
        "absent": {"empty": True},
        "silent": {"empty": True},
    },
}
RECORDS = "rcode=NOERROR\nA=203.0.113.5\nttl_A=300\nAAAA=2001:db8::1\nttl_AAAA=60\n"
BOTH = "address=203.0.113.5\naddress=2001:db8::1\nopen=443\nopen_at=443|203.0.113.5\n"
ANSWER = "open_at=443|2001:db8::1\nasked_count=2\nclosed_count=0\nfiltered_count=0\n"


@pytest.mark.parametrize(
    ("second", "ports", "verdict", "evidence"),
    [
        (RECORDS, BOTH + ANSWER, Verdict.PASS, "shop.example A 203.0.113.5, AAAA 2001:db8::1, no CAA"),
        (
            RECORDS.replace("113.5", "113.9"),
            BOTH + ANSWER,
            Verdict.FAIL,
            "unexpected 203.0.113.9",
        ),
        ("rcode=NXDOMAIN\n", BOTH + ANSWER, Verdict.FAIL, "nxdomain shop.example"),
        ("rcode=NOERROR\n", BOTH + ANSWER, Verdict.FAIL, "addressless shop.example"),
        (
            RECORDS + "!CAA=SERVFAIL\n",
            BOTH + ANSWER,
            Verdict.UNKNOWN,
            "shop.example, 192.0.2.53: CAA: SERVFAIL",
        ),
        (Cause.TIMEOUT, BOTH + ANSWER, Verdict.UNKNOWN, "timeout there"),
        (RECORDS, BOTH + "asked_count=2\n", Verdict.FAIL, "silent 2001:db8::1"),
        (
            RECORDS,
            "address=203.0.113.5\nunreachable=2001:db8::1|Network is unreachable\n"
            "open_at=443|203.0.113.5\nasked_count=1\n",
            Verdict.UNKNOWN,
            "2001:db8::1 port 443 was not tried: Network is unreachable",
        ),
        (RECORDS, Cause.UNREACHABLE, Verdict.UNKNOWN, "unreachable there"),
    ],
)
def test_names(second: Said, ports: Said, verdict: Verdict, evidence: str) -> None:
    said: dict[str, Said] = {
        "shop.example@system": RECORDS,
        "shop.example@192.0.2.53": second,
        "ports shop.example": ports,
    }
    found = judge(probe(**DNS), answers(said))
    assert (found.verdict, evidence in found.evidence) == (verdict, True), found


def test_resolvers_that_differ_speak_against_it_although_a_third_is_silent() -> None:
    made = probe(
        kind="dns",
        domains=["shop.example"],
        types=["A"],
        resolvers=["system", "192.0.2.1", "192.0.2.2"],
        passes={"consistent": True},
        show="{differing}; {ttl}; {A}",
    )
    said: dict[str, Said] = {
        "shop.example@system": "rcode=NOERROR\nA=203.0.113.5\nA=203.0.113.6\nttl_A=300\n",
        "shop.example@192.0.2.1": "rcode=NOERROR\nA=203.0.113.6\nA=203.0.113.5\nttl_A=20\n",
        "shop.example@192.0.2.2": Cause.TIMEOUT,
    }
    assert judge(made, answers(said)).verdict is Verdict.UNKNOWN
    said["shop.example@192.0.2.2"] = said["shop.example@system"]
    found = judge(made, answers(said))
    assert (found.verdict, found.facts["ttl"]) == (Verdict.PASS, "20")
    said |= {"shop.example@192.0.2.1": "rcode=NOERROR\n", "shop.example@192.0.2.2": Cause.TIMEOUT}
    found = judge(made, answers(said))
    assert found.verdict is Verdict.FAIL
    assert found.facts["differing"] == (
        "shop.example A: system says 203.0.113.5, 203.0.113.6, 192.0.2.1 says nothing"
    )


PORTS: dict[str, JsonValue] = {
    "kind": "port",
    "hosts": ["shop.example"],
    "ports": [22, 80, 443, 5432],
    "allowed": [22, 80, 443],
    "fails": {"unexpected": {"empty": False}},
    "passes": {"open": {"subset_of": [22, 80, 443]}},
}


def scanned(*opened: int, asked: int = 4, more: str = "") -> str:
    lines = [line for port in opened for line in (f"open={port}", f"open_at={port}|203.0.113.5")]
    counts = [f"asked_count={asked}", f"closed_count={asked - len(opened)}", "filtered_count=0"]
    return "\n".join(["address=203.0.113.5", *lines, *counts, more, ""])


@pytest.mark.parametrize(
    ("said", "words", "verdict", "evidence"),
    [
        (scanned(443, 22), {}, Verdict.PASS, "shop.example: 443 22 open"),
        (scanned(), {}, Verdict.PASS, "shop.example: nothing open"),
        (scanned(443, 5432), {}, Verdict.FAIL, "unexpected shop.example:5432 (203.0.113.5)"),
        (scanned(443), {"vantage": "internal"}, Verdict.UNKNOWN, "seen from inside"),
        (scanned(5432), {"vantage": "internal"}, Verdict.UNKNOWN, "seen from inside"),
        (scanned(22, more="unreachable=2001:db8::1|no route"), {}, Verdict.UNKNOWN, "no way to 2001:db8::1"),
        (scanned(5432, more="unreachable=2001:db8::1|no route"), {}, Verdict.FAIL, "5432"),
        (scanned(22, more="skipped=203.0.113.9"), {}, Verdict.UNKNOWN, "1 more addresses were not tried"),
        (
            scanned(*range(1, 13), asked=12),
            {"ports": list(range(1, 13))},
            Verdict.UNKNOWN,
            "all 12 ports open, so something answers for all",
        ),
        (Cause.UNREACHABLE, {}, Verdict.UNKNOWN, "shop.example: unreachable there"),
    ],
)
def test_ports(said: Said, words: dict[str, JsonValue], verdict: Verdict, evidence: str) -> None:
    found = judge(probe(**PORTS | words), answers({"ports shop.example": said}))
    assert (found.verdict, evidence in found.evidence) == (verdict, True), found


def test_a_scan_has_the_time_that_it_may_take() -> None:
    (ask,) = probe(**PORTS | {"ports": list(range(1, 44))}).asks()
    assert isinstance(ask, PortsAsk)
    assert (ask.wait_s, ask.timeout_s) == (2.0, 80.0)

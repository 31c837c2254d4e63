"""Kind `http`: what speaks against a public endpoint, and what is not known."""

from __future__ import annotations

import pytest
from pydantic import JsonValue, ValidationError

from readiness_tui.model.network_asks import HttpAsk
from readiness_tui.model.outcome import Cause, Verdict
from readiness_tui.model.probe import Probe
from tests.probes.public import Said, answers, judge, probe


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
        ({HEALTH: http(502), "else": http(404)}, Verdict.FAIL, "status: 502 (expected: 200)"),
        ({HEALTH: http(200), "else": http(200)}, Verdict.FAIL, ": https://shop.example/rtui-"),
        ({HEALTH: http(200), "else": Cause.TIMEOUT}, Verdict.UNKNOWN, "timeout there"),
        ({HEALTH: Cause.UNREACHABLE, "else": http(404)}, Verdict.UNKNOWN, f"{HEALTH}: unreachable there"),
        ({HEALTH: "nonsense", "else": http(404)}, Verdict.UNKNOWN, "no line of the output is a fact"),
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
        (http(302, "location=https://shop.example/"), UP, Verdict.FAIL, ": http://shop.example/"),
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
    assert "referrer-policy on /rtui-" in judge(made, bare).evidence
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
        (http(200, "n=20", "statuses=200 x20", "p50_ms=20.0", "p95_ms=300.5"), Verdict.FAIL, ": 300.5"),
        (
            http(200, "n=20", "statuses=200 x19", "statuses=502 x1", "p50_ms=2.0", "p95_ms=3.0"),
            Verdict.FAIL,
            ": 200, 502 (expected: only 200",
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

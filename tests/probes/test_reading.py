"""Hard readings, beside the recorded cases: names and targets of server blocks, log directives."""

from __future__ import annotations

import pytest

from readiness_tui.probes.environment import Environment, Variable
from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.kinds.env_file.rules import log_level
from readiness_tui.probes.kinds.webconf.server_blocks import blocks, document_roots, names
from tests.probes.test_facts import reply


@pytest.mark.parametrize(
    ("server_name", "domain", "named"),
    [
        ("api.example.com", "api.example.com", True),
        ("API.example.com", "api.Example.com", True),
        ("www.example.com api.example.com", "api.example.com", True),
        ("*.example.com", "api.example.com", True),
        (".example.com", "example.com", True),
        (".example.com", "notexample.com", False),
        ("api.*", "api.example.com", True),
        (r"~^api\.example\.com$", "api.example.com", True),
        ("~[", "api.example.com", False),
        ("_", "api.example.com", False),
        ("example.com", "api.example.com", False),
    ],
)
def test_a_block_answers_to_a_name(server_name: str, domain: str, named: bool) -> None:
    (block,) = blocks(ParsedReply(reply(f"ngx=server#1|server_name {server_name}\n")))
    assert names(block, domain) is named


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        (["ngx=location#1|proxy_pass http://127.0.0.1:8080/api/"], ["127.0.0.1:8080"]),
        (["ngx=location#1|proxy_pass http://[::1]:8080"], ["[::1]:8080"]),
        (["ngx=location#1|proxy_pass https://backend"], ["backend:443"]),
        (["ngx=location#1|grpc_pass grpc://127.0.0.1:50051"], ["127.0.0.1:50051"]),
        (["ngx=location#1|proxy_pass http://unix:/run/app.sock"], []),
        (["ngx=location#1|proxy_pass http://$host"], []),
        (
            ["ngx=location#1|set $to 127.0.0.1:8080", "ngx=location#1|proxy_pass http://$to"],
            ["127.0.0.1:8080"],
        ),
        (
            ["ngx=location#1|proxy_pass http://app", "ngx=upstream:app#0|server 10.0.0.1:81 weight=2"],
            ["10.0.0.1:81"],
        ),
        (["apache_conf=/x#1|ProxyPass / http://127.0.0.1:8080/"], ["127.0.0.1:8080"]),
        (['apache_conf=/x#1|ProxyPass "/" "http://127.0.0.1:8080/"'], ["127.0.0.1:8080"]),
        (["apache_conf=/x#1|ProxyPass /static !"], []),
        (["apache_conf=/x#1|ProxyPass http://127.0.0.1:8080/"], ["127.0.0.1:8080"]),
        (["apache_conf=/x#1|RewriteRule ^/(.*)$ http://127.0.0.1:8080/$1 [P,L]"], ["127.0.0.1:8080"]),
        (["apache_conf=/x#1|RewriteRule ^/(.*)$ https://other/$1 [R,L]"], []),
        (
            [
                "apache_conf=/x#1|ProxyPass / balancer://app/",
                "apache_conf=/x#1|BalancerMember http://127.0.0.1:8080",
            ],
            ["127.0.0.1:8080"],
        ),
    ],
)
def test_where_a_block_passes_requests_to(rows: list[str], places: list[str]) -> None:
    found = blocks(ParsedReply(reply("\n".join(rows))))
    assert [place for block in found for place in block.places] == places


def test_what_stands_outside_apaches_virtual_hosts_holds_in_them() -> None:
    rows = [
        "apache_conf=/etc/apache2/conf-enabled/proxy.conf#0|ProxyPass / http://127.0.0.1:8080/",
        "apache_conf=/etc/apache2/sites-enabled/a.conf#1|ServerName api.example.com",
    ]
    (block,) = [one for one in blocks(ParsedReply(reply("\n".join(rows)))) if names(one, "api.example.com")]
    assert block.places == ["127.0.0.1:8080"]


def test_document_roots_of_both_servers() -> None:
    rows = [
        "ngx=server#1|root /var/www/html/",
        "ngx=location#1|alias /srv/files",
        "ngx=server#2|root $document",
        'apache_conf=/x#1|DocumentRoot "/var/www/site"',
        "apache_conf=/x#1|Alias /icons /usr/share/icons",
    ]
    told = ParsedReply(reply("\n".join(rows)))
    assert document_roots(told) == ("/var/www/html", "/srv/files", "/var/www/site", "/usr/share/icons")


@pytest.mark.parametrize(
    ("directives", "level"),
    [
        ("info", "info"),
        ("warning", "warn"),
        ("sqlx=warn,info", "info"),
        ("app=debug", "off"),
        ("(a target),app=info", "off"),
        ("3", "info"),
        ("off", "off"),
    ],
)
def test_the_level_of_everything_not_named(directives: str, level: str) -> None:
    line = Variable("RUST_LOG", len(directives), frozenset(), "/f", "same", directives)
    env = Environment("loaded", "listed", {}, variables={"RUST_LOG": line})
    assert log_level(env, [level])["log_problems"] == ()
    assert log_level(env, ["verbose"])["log_problems"] != ()

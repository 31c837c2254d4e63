"""Suggestions: what is proposed from a host's replies, where it was seen, and what stays open."""

from __future__ import annotations

from readiness_tui.model.probe import CollectorAsk, Reply
from readiness_tui.probes.suggestions.looking import Look
from readiness_tui.probes.suggestions.proposal import gathered
from readiness_tui.probes.suggestions.proposing import proposals
from tests.probes.recorded import ASKED_AT

UNITS = """\
listen=443|0.0.0.0|nginx.service|nginx
listen=8081|127.0.0.1|payments.service|payments
listen=9090|*|prometheus.service|prometheus
listen=5432|127.0.0.1|postgresql@15-main.service|postgres
own=payments.service|active
unit=nginx.service|/usr/sbin/nginx||
unit=payments.service|/srv/payments/bin/server|/etc/payments/env|payments
timer=pg-backup.timer|pg-backup.service|/usr/local/bin/backup-payments
timer=dump.timer|dump.service|/usr/bin/pg_dump
"""
NGINX = """\
ngx=/etc/nginx/nginx.conf:1|0|{|http
ngx=/etc/nginx/nginx.conf:2|1|{|server
ngx=/etc/nginx/nginx.conf:3|2|;|listen|443|ssl
ngx=/etc/nginx/nginx.conf:4|2|;|server_name|api.payments.test|_|~^x
ngx=/etc/nginx/nginx.conf:5|2|{|location|/
ngx=/etc/nginx/nginx.conf:6|3|;|proxy_pass|http://127.0.0.1:8081
"""
URL = "unit=loaded\nurl=set|postgres|payments|10.0.0.5|6432|payments_prod||32|0\n"


def replies(look: Look, *texts: str) -> list[Reply]:
    """What a host prints, in the order of the two rounds."""
    given: list[Reply] = []
    for text in texts:
        asks = [*look.asks(), *(look.follow_up(given) if len(given) >= 2 else ())]
        ask = asks[len(given)]
        assert isinstance(ask, CollectorAsk)
        given.append(Reply(host="app-1", ask=ask, asked_at=ASKED_AT, stdout=text, exit=0))
    return given


def seen(*texts: str) -> dict[str, list[tuple[str, str]]]:
    look = Look()
    found = gathered(proposals("app-1", look.seen(replies(look, *texts))))
    return {one.parameter: [(str(choice.value), choice.seen) for choice in one.choices] for one in found}


def test_everything_behind_a_proxied_port_is_proposed() -> None:
    assert seen(UNITS, NGINX, URL) == {
        "domains": [("['api.payments.test']", "server_name of nginx")],
        "app_name": [("payments", "the name of payments.service")],
        "service_unit": [("payments.service", "it listens on port 8081, to which nginx passes requests")],
        "binary_path": [("/srv/payments/bin/server", "ExecStart= of payments.service")],
        "env_file": [("/etc/payments/env", "EnvironmentFile= of payments.service")],
        "app_port": [("8081", "proxy_pass of nginx for api.payments.test")],
        "db_port": [("6432", "DATABASE_URL of payments.service")],
        "db_topology": [("private", "DATABASE_URL of payments.service leads to 10.0.0.5")],
        "expected_db": [("payments_prod", "DATABASE_URL of payments.service")],
        "backup_script": [("/usr/local/bin/backup-payments", "pg-backup.timer")],
        "prometheus_url": [("http://127.0.0.1:9090", "prometheus listens on port 9090")],
    }


def test_without_root_the_only_unit_of_an_administrator_is_taken() -> None:
    hidden = "!listen=denied: which process listens is hidden\nlisten=8081|127.0.0.1||\n"
    found = seen(
        hidden + "".join(line + "\n" for line in UNITS.splitlines() if not line.startswith("listen")), ""
    )
    assert found["service_unit"] == [("payments.service", "the only active unit in /etc/systemd/system")]
    assert "app_port" not in found


def test_two_units_that_an_administrator_made_leave_the_question_open() -> None:
    other = "own=worker.service|active\nunit=worker.service|/srv/worker||\n"
    assert "service_unit" not in seen(UNITS + other, "")


def test_a_unit_that_runs_a_wrapper_has_no_binary_of_its_own() -> None:
    assert "binary_path" not in seen(UNITS.replace("/srv/payments/bin/server", "/usr/sbin/runuser"), NGINX)


def test_several_values_are_all_shown_and_none_is_clear() -> None:
    two = UNITS.replace("|/etc/payments/env|", "|/etc/payments/env /etc/payments/secrets|")
    look = Look()
    found = gathered(proposals("app-1", look.seen(replies(look, two, NGINX))))
    (files,) = [one for one in found if one.parameter == "env_file"]
    assert [choice.value for choice in files.choices] == ["/etc/payments/env", "/etc/payments/secrets"]
    assert not files.clear


def test_domains_of_two_hosts_become_one_list() -> None:
    look = Look()
    one = look.seen(replies(look, UNITS, NGINX))
    two = look.seen(replies(look, UNITS, NGINX.replace("api.payments", "www.payments")))
    (domains, *_) = gathered([*proposals("app-1", one), *proposals("app-2", two)])
    assert domains.choices[0].value == ["api.payments.test", "www.payments.test"]
    assert domains.choices[0].host == "app-1, app-2"


def test_a_url_that_is_not_shown_proposes_nothing() -> None:
    assert "expected_db" not in seen(UNITS, NGINX, URL.replace("payments_prod", "(not shown)"))


def test_the_database_is_asked_of_the_unit_that_was_found() -> None:
    look = Look()
    (ask,) = look.follow_up(replies(look, UNITS, NGINX))
    assert isinstance(ask, CollectorAsk)
    assert ask.args == ("payments.service", "/etc/payments/env", "DATABASE_URL")
    assert look.follow_up(replies(look, "", "")) == ()

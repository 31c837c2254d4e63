"""The model of nginx against the real nginx: which server and which location answer a request."""

from __future__ import annotations

import http.client
import itertools
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.kinds.webconf.configuration import nginx_block
from readiness_tui.probes.kinds.webconf.nginx_locations import route
from readiness_tui.probes.kinds.webconf.nginx_servers import Choice, choose, servers
from readiness_tui.probes.kinds.webconf.roots import document_roots
from readiness_tui.probes.kinds.webconf.statements import Statement, tree
from tests.probes.conftest import free_port, stop, wait_for
from tests.probes.shells import SHELLS, run

MAIN = """
daemon off; master_process on; worker_processes 1; pid {here}/pid; error_log {here}/error.log;
events {{ worker_connections 64; }}
http {{ access_log off; server_names_hash_bucket_size 128;
  client_body_temp_path {here}/b; proxy_temp_path {here}/p;
  fastcgi_temp_path {here}/f; uwsgi_temp_path {here}/u; scgi_temp_path {here}/s;
  include sites/*.conf;#the sites
}}
"""

# Every block answers with a status of its own, which the model must foretell.
SITES = """
server {{ listen {a}; server_name d.test www.d.test; return 601; }}
server {{ listen {a}; server_name .s.test; return 602; }}
server {{ listen {a}; server_name *.s.test; return 603; }}
server {{ listen {a}; server_name *.deep.s.test; return 604; }}
server {{ listen {a}; server_name mail.*; return 605; }}
server {{ listen {a}; server_name mail.s.*; return 606; }}
server {{ listen {a}; server_name ~^(?<tenant>[a-z0-9-]+)\\.tenant\\.test$; return 607; }}
server {{ listen {a}; server_name "~^api\\.[a-z]{{4,12}}\\.test$"; return 608; }}
server {{ listen {a}; server_name ~^API; return 609; }}
server {{ listen {a}; server_name "" UPPER.test; return 610; }}
server {{ listen {a} default_server; server_name _; return 611; }}
server {{ listen {a}; server_name d.test; return 612; }}
server {{ listen 127.0.0.2:{a}; server_name other.test; return 613; }}
server {{ listen 127.0.0.2:{a}; server_name d.test; return 614; }}
server {{ listen *:{b}; server_name first.test; return 615; }}
server {{ listen *:{b}; server_name second.test; return 616; }}
server {{ listen 127.0.0.3:{b}; server_name only.test; return 617; }}
server {{ listen [::]:{b} ipv6only=on; server_name six.test; return 618; }}
server {{ listen {c}-{d}; server_name range.test; return 619; }}
"""
NAMES = """
d.test www.d.test D.TEST d.test. x.d.test s.test a.s.test deep.s.test x.deep.s.test mail.test mail.s.test
mail.s.org mail.x.y one.tenant.test ONE.tenant.test two.one.tenant.test api.abcd.test api.abc.test
api.abcdefghijklmn.test apiary.test upper.test nobody.test _ first.test second.test only.test other.test
six.test range.test localhost 127.0.0.1 mail. tenant.test
"""

LOCATIONS = """
server {{ listen 127.0.0.1:{port}; server_name l.test;
  location = / {{ return 601; }}
  location / {{ return 602; }}
  location /api {{ return 603; location /api/v1/ {{ return 604; location ~ \\.json$ {{ return 605; }} }} }}
  location = /api/v1/exact {{ return 606; }}
  location ^~ /static/ {{ return 607; }}
  location ~* \\.(png|jpe?g)$ {{ return 608; }}
  location ~ ^/static/ {{ return 609; }}
  location ~ ^/Case {{ return 610; }}
  location ~*^/nospace {{ return 611; }}
  location =/glued {{ return 612; }}
  location /a|b/ {{ return 613; }}
  location "/with space/" {{ return 614; }}
  location /tried {{ try_files /nonexistent @named; }}
  location @named {{ return 615; }}
  location /else {{ try_files /nonexistent /api/v1/x; }}
  location ~ "^/v[0-9]{{1,2}}/" {{ return 616; location ~ /in {{ return 617; }} }}
  location /upload/ {{ proxy_pass http://127.0.0.1:1; }}
  location /nested/ {{ return 618;
    location = /nested/eq {{ return 619; }} location ^~ /nested/pre {{ return 620; }} }}
  location ~ /pre {{ return 621; }}
}}
"""
PATHS = """
/ /x /api /api/ /apix /api/v1 /api/v1/ /api/v1/x /api/v1/x.json /api/x.json /api/v1/exact /api/v1/exact/
/static/a /static/a.png /static /a.png /A.PNG /x/a.jpeg /Case/x /case/x /NOSPACE /nospace/x /glued /glued/
/a%7Cb/ /with%20space/x //api//v1/x /api/../static/x /api/./v1/x?q=/static/ /tried /tried/x /else/x /v1/
/v12/in /v123/ /v1/in /upload /nested/ /nested/eq /nested/pre /nested/prefix /nested/x /nested/eq/ /x/pre
"""


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[tuple[Path, dict[str, int]]]:
    """A running nginx with the two sites above; its main file and its ports."""
    first = next(port for port in iter(free_port, None) if all(_free(port + step) for step in range(5)))
    ports = {"a": first, "b": first + 1, "c": first + 2, "d": first + 3, "port": first + 4}
    (tmp_path / "sites").mkdir()
    (tmp_path / "nginx.conf").write_text(MAIN.format(here=tmp_path))
    (tmp_path / "sites" / "a.conf").write_text(SITES.format(**ports))
    (tmp_path / "sites" / "b.conf").write_text(LOCATIONS.format(**ports))
    process = subprocess.Popen(["nginx", "-c", str(tmp_path / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        wait_for(ports["a"], process)
        yield tmp_path / "nginx.conf", ports
    finally:
        stop(process)


def _free(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) != 0


def status(address: str, port: int, host: str, path: str = "/") -> int:
    connection = http.client.HTTPConnection(address, port, timeout=5)
    try:
        connection.putrequest("GET", path, skip_host=True)
        connection.putheader("Host", host)
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


def read(main: Path, shell: str = "dash") -> Statement:
    parsed = ParsedReply(run("proxy.nginx", str(main), shell=SHELLS[shell]).reply())
    assert parsed.known("ngx_broken") == ()
    return tree(parsed.known("ngx"))


def foretold(choice: Choice | None) -> int:
    assert choice is not None
    answer = choice.server.block.first("return")
    assert answer is not None
    return int(answer.words[0])


@pytest.mark.needs("nginx", "busybox", "bash")
def test_the_server_that_answers(nginx: tuple[Path, dict[str, int]]) -> None:
    main, ports = nginx
    found = servers(read(main))
    sockets = [
        *(("127.0.0.1", ports[each]) for each in "abcd"),
        ("127.0.0.2", ports["a"]),
        ("127.0.0.3", ports["b"]),
    ]
    asked = list(itertools.product(sockets, NAMES.split()))
    assert len(asked) >= 150
    differing = [
        (address, port, name, got, want)
        for (address, port), name in asked
        if (got := status(address, port, name)) != (want := foretold(choose(found, address, port, name)))
    ]
    assert differing == []


@pytest.mark.needs("nginx")
def test_the_location_that_answers(nginx: tuple[Path, dict[str, int]]) -> None:
    main, ports = nginx
    choice = choose(servers(read(main)), "127.0.0.1", ports["port"], "l.test")
    assert choice is not None
    paths = PATHS.split()
    assert len(paths) >= 29
    differing = []
    for path in paths:
        got, way = status("127.0.0.1", ports["port"], "l.test", path), route(choice.server, path)
        want = 301 if way.redirect else int(way.handler.words[0]) if way.handler is not None else 404
        if got != want:
            differing.append((path, got, want))
    assert differing == []


@pytest.mark.needs("nginx", "busybox", "bash")
@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_reads_the_same_statements(shell: str, nginx: tuple[Path, dict[str, int]]) -> None:
    rows = run("proxy.nginx", str(nginx[0]), shell=SHELLS[shell]).reply().stdout.splitlines()
    dash = run("proxy.nginx", str(nginx[0])).reply().stdout.splitlines()
    assert [row for row in rows if row.startswith("ngx=")] == [row for row in dash if row.startswith("ngx=")]
    assert len([row for row in rows if row.startswith("ngx=")]) > 100


VALID = [
    "return 200 a}b;",
    'return 200 "a;b{c}d";',
    "return 200 'it is \"so\"';",
    "return 200 ${host}x;",
    "return 200 a#b;",
    "return 200 a;#c",
    "return 200 a\\;b;",
    'return 200 "a\\"b";',
    "return 200 'a\nb';",
    '"return" 200 a;',
    "if ($host = x) { return 200; }",
    'if ($host ~ "^x{1,2}$") { return 200; }',
    "return\n200\t a ;",
    "location / { } # x { y",
]
BROKEN = [
    "return 200 a",
    'return 200 "a"b;',
    'return 200 "a;',
    "return 200 a }",
    "location / { return 200;",
    "return 200; }",
    ";",
    "{ }",
]


def written(path: Path, body: str) -> Path:
    site = "server {{ listen 127.0.0.1:1024; include x.conf; }}"
    text = MAIN.replace("include sites/*.conf;#the sites", site)
    (path / "nginx.conf").write_text(text.format(here=path))
    (path / "x.conf").write_text(body)
    return path / "nginx.conf"


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("body", [*VALID, *BROKEN])
def test_what_is_broken(body: str, shell: str, tmp_path: Path) -> None:
    parsed = ParsedReply(run("proxy.nginx", str(written(tmp_path, body)), shell=SHELLS[shell]).reply())
    assert bool(parsed.known("ngx_broken")) is (body in BROKEN), parsed.known("ngx_broken")


@pytest.mark.needs("nginx")
@pytest.mark.parametrize("body", [*VALID, *BROKEN])
def test_nginx_refuses_the_same(body: str, tmp_path: Path) -> None:
    """`nginx -t` writes to the test's own directory only."""
    command = ["nginx", "-t", "-c", str(written(tmp_path, body))]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ("syntax is ok" in tried.stderr) is (body in VALID), tried.stderr


def test_what_leaves_the_host(tmp_path: Path) -> None:
    (tmp_path / "nginx.conf").write_text(
        """http {
        map $http_x_key $who { "sEcret1" admin; default ""; } map $host $up { default 127.0.0.1:8080; }
        proxy_set_header Authorization "Basic sEcret2"; add_header X-Token sEcret3;
        add_header X-Frame-Options DENY;
        server { listen 80; set $k sEcret4; set $b 127.0.0.1:9;
        if ($http_x = "sEcret5") { return 403 sEcret6; }
        location / { proxy_pass http://user:sEcret7@$b/x?token=sEcret8; fastcgi_param P sEcret9; }
        location /m { proxy_pass http://$up; }
        unknown_directive sEcret10; ssl_certificate_key /etc/sEcret11; } }"""
    )
    text = run("proxy.nginx", str(tmp_path / "nginx.conf")).reply().stdout
    assert "sEcret" not in text
    for kept in (
        "proxy_pass|http://$b/x",
        "set|$b|127.0.0.1:9",
        "X-Frame-Options|DENY",
        "default|127.0.0.1:8080",
    ):
        assert kept in text


@pytest.mark.parametrize(
    ("location", "places"),
    [
        ("proxy_pass http://app;", ("127.0.0.1:8080", "10.0.0.2:8080")),
        ("proxy_pass http://127.0.0.1:8080${request_uri};", ("127.0.0.1:8080",)),
        ("proxy_pass http://$mapped;", ("127.0.0.1:7000",)),
        ("set $t 127.0.0.1:7001; proxy_pass http://$t/x;", ("127.0.0.1:7001",)),
        ("proxy_pass http://unix:/run/app.sock:/;", ("unix:/run/app.sock",)),
        ("proxy_pass http://$http_x_target;", None),
        ("proxy_pass https://backend.internal;", ("backend.internal:443",)),
        ("root /srv/www;", ()),
    ],
)
def test_where_requests_are_passed(location: str, places: tuple[str, ...] | None, tmp_path: Path) -> None:
    (tmp_path / "nginx.conf").write_text(
        "http { upstream app { server 127.0.0.1:8080; server 10.0.0.2:8080 backup; }"
        " map $host $mapped { hostnames; default 127.0.0.1:1; *.example.com 127.0.0.1:7000; }"
        f" server {{ listen 80; server_name api.example.com; location / {{ {location} }} }} }}"
    )
    parsed = ParsedReply(run("proxy.nginx", str(tmp_path / "nginx.conf")).reply())
    block = nginx_block(parsed, "203.0.113.5", 80, "api.example.com", "/health")
    assert getattr(block, "places", "no block") == places


def test_document_roots(tmp_path: Path) -> None:
    (tmp_path / "nginx.conf").write_text(
        "http { server { root /var/www/html/; location /f { alias /srv/files; } }"
        " server { root $document; } }"
    )
    parsed = ParsedReply(run("proxy.nginx", str(tmp_path / "nginx.conf")).reply())
    assert document_roots(parsed) == ("/var/www/html", "/srv/files")


@pytest.mark.needs("nginx")
def test_a_change_after_the_load_shows(nginx: tuple[Path, dict[str, int]]) -> None:
    main, _ = nginx
    parsed = ParsedReply(run("proxy.nginx", str(main)).reply())
    before = float(parsed.known("ngx_changed")[-1].split("|")[0])
    loaded = float(parsed.known("ngx_loaded")[-1])
    (main.parent / "sites" / "c.conf").write_text("# nothing\n")
    parsed = ParsedReply(run("proxy.nginx", str(main)).reply())
    after, file = parsed.known("ngx_changed")[-1].split("|")
    assert before <= loaded < float(after)
    assert file in (str(main.parent / "sites"), str(main.parent / "sites" / "c.conf"))

"""The limits and logs that the model finds, against what a real nginx does with requests."""

from __future__ import annotations

import http.client
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.kinds.web_directives import limits, logs
from readiness_tui.probes.kinds.webconf.sites import Site, site
from tests.probes.conftest import free_port, stop, wait_for
from tests.probes.shells import run

NGINX = """
daemon off; master_process on; worker_processes 1; pid {here}/pid; error_log {here}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log {here}/main.log; client_body_temp_path {here}/b; proxy_temp_path {here}/p;
  fastcgi_temp_path {here}/f; uwsgi_temp_path {here}/u; scgi_temp_path {here}/s;
  client_max_body_size 3k;
  limit_req_zone $binary_remote_addr zone=slow:1m rate=1r/m; limit_req_status 429;
  server {{
    listen 127.0.0.1:{port}; server_name d.test;
    location / {{ proxy_pass http://127.0.0.1:1; }}
    location /big/ {{ client_max_body_size 9k; proxy_pass http://127.0.0.1:1;
      location /big/inner/ {{ proxy_pass http://127.0.0.1:1; }} }}
    location /any {{ client_max_body_size 0; proxy_pass http://127.0.0.1:1; }}
    location ~ \\.png$ {{ client_max_body_size 1k; proxy_pass http://127.0.0.1:1; }}
    location /limited {{ limit_req zone=slow; proxy_pass http://127.0.0.1:1; }}
    location /free {{ proxy_pass http://127.0.0.1:1; }}
    location /counted {{ limit_req zone=slow; limit_req_dry_run on; proxy_pass http://127.0.0.1:1; }}
    location /own {{ access_log {here}/own.log; return 204; }}
    location /silent {{ access_log off; return 204; }}
  }}
  server {{ listen 127.0.0.1:{port}; server_name other.test; client_max_body_size 50m; }}
}}
"""


@dataclass(frozen=True)
class Running:
    """A running nginx, and the site of d.test as the model reads it."""

    here: Path
    port: int
    site: Site

    def status(self, method: str, path: str, length: int = 0) -> int:
        """What the headers of a request are answered; no body is sent."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.putrequest(method, path, skip_host=True)
            connection.putheader("Host", "d.test")
            if length:
                connection.putheader("Content-Length", str(length))
            connection.endheaders()
            connection.sock.shutdown(socket.SHUT_WR)
            return connection.getresponse().status
        except http.client.RemoteDisconnected:
            return 0  # it waited for the body, so the size was no reason to refuse
        finally:
            connection.close()


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Running]:
    port = free_port()
    (tmp_path / "nginx.conf").write_text(NGINX.format(here=tmp_path, port=port))
    process = subprocess.Popen(["nginx", "-c", str(tmp_path / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        files = ParsedReply(run("proxy.nginx", str(tmp_path / "nginx.conf")).reply())
        ran = run("proxy.request", "1", str(port), "/free", "d.test")
        lines = f"listens={port}|0100007F\nowner={port}|nginx\naddress=d.test|127.0.0.1\n"
        got = ParsedReply(ran.reply().model_copy(update={"stdout": lines}))
        found = site(files, got, "d.test", port)
        assert isinstance(found, Site), found
        yield Running(tmp_path, port, found)
    finally:
        stop(process)


@pytest.mark.needs("nginx")
@pytest.mark.parametrize(
    "path", ["/", "/x.png", "/big/", "/big/a", "/big/inner/x", "/big/x.png", "/any", "/free"]
)
def test_a_body_is_refused_where_the_model_says_it_is_too_large(nginx: Running, path: str) -> None:
    value = nginx.site.at(path).value("client_max_body_size")
    assert value is not None
    most = limits.size(value.words[0])
    assert most is not None
    assert nginx.status("POST", path, (most or 10**9) + 1) == 413 or most == 0
    assert nginx.status("POST", path, most or 10**9) != 413


@pytest.mark.needs("nginx")
def test_every_block_with_a_limit_of_its_own_is_found(nginx: Running) -> None:
    found = limits.body_limits(nginx.site)
    assert isinstance(found, tuple)
    assert dict(found) == {
        "d.test": 3072,
        "location / of d.test": 3072,
        "location /big/ of d.test": 9216,
        "location /big/inner/ of d.test": 9216,
        "location /any of d.test": 0,
        "location ~ \\.png$ of d.test": 1024,
        "location /limited of d.test": 3072,
        "location /free of d.test": 3072,
        "location /counted of d.test": 3072,
        "location /own of d.test": 3072,
        "location /silent of d.test": 3072,
    }


@pytest.mark.needs("nginx")
@pytest.mark.parametrize(("path", "limited"), [("/limited", True), ("/free", False), ("/counted", False)])
def test_requests_are_limited_where_the_model_says_so(nginx: Running, path: str, limited: bool) -> None:
    assert bool(limits.rate(nginx.site, [path])) is limited
    assert (429 in {nginx.status("GET", path) for _ in range(4)}) is limited


@pytest.mark.needs("nginx")
@pytest.mark.parametrize(("path", "name"), [("/free", "main.log"), ("/own", "own.log"), ("/silent", "")])
def test_a_request_is_logged_where_the_model_says_so(nginx: Running, path: str, name: str) -> None:
    found = logs.access_log(nginx.site, path)
    assert isinstance(found, logs.AccessLog)
    assert (Path(found.file).name if found.file else "", found.off) == (name, not name)
    nginx.status("GET", path)
    until = time.monotonic() + 5
    while time.monotonic() < until and name and path not in (nginx.here / name).read_text():
        time.sleep(0.01)
    written = {log.name for log in nginx.here.glob("*.log") if path in log.read_text()} - {"error.log"}
    assert written == ({name} if name else set())

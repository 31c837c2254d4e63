"""The whole probe of the reverse proxy against a real nginx or Apache and a small application."""

from __future__ import annotations

import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from readiness_tui.model.checklist import ProbeSpec
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.probe import CollectorAsk, ProbeResult
from readiness_tui.probes import registry
from readiness_tui.probes.facts import ParsedReply
from tests.probes.conftest import free_port, stop, wait_for
from tests.probes.shells import SHELLS, run

NGINX = """
daemon off; master_process on; worker_processes 1; pid {here}/pid; error_log {here}/error.log;
events {{ worker_connections 64; }}
http {{ access_log off; client_body_temp_path {here}/b; proxy_temp_path {here}/p;
  fastcgi_temp_path {here}/f; uwsgi_temp_path {here}/u; scgi_temp_path {here}/s;
  ssl_certificate {here}/cert.pem; ssl_certificate_key {here}/key.pem;
  {site}
}}
"""
TOOLS = "sh cat awk sed cut tr head date id sort grep pgrep getent ip sha256sum timeout stat ls uname env"


class Application(http.server.BaseHTTPRequestHandler):
    """Answers its health path, and nothing else."""

    def do_GET(self) -> None:
        found = self.path == "/health"
        body = b'{"status": "ok"}' if found else b"no such path"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json" if found else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def application() -> Iterator[int]:
    """A running application; its port."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Application) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A folder with a self-signed certificate and its key."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test",
         "-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    return tmp_path


def served(port: int) -> None:
    """Until a worker answers: nginx listens before it has one."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert connection.recv(1)


def judged(folder: Path, site: str, application: int, tls_port: int, shell: str = "dash") -> ProbeResult:
    """What the probe says of nginx with this site."""
    main = folder / "nginx.conf"
    main.write_text(NGINX.format(here=folder, site=site))
    process = subprocess.Popen(["nginx", "-c", str(main)], stderr=subprocess.DEVNULL)
    try:
        wait_for(tls_port, process)
        served(tls_port)
        return probed(application, tls_port, str(main), shell)
    finally:
        stop(process)


def probed(application: int, tls_port: int, config: str, shell: str) -> ProbeResult:
    spec = ProbeSpec.model_validate(
        {
            "kind": "webconf",
            "where": ["proxy"],
            "domains": ["api.example.com"],
            "port": application,
            "tls_port": tls_port,
            "config": config,
            "fail": {"problems": {"empty": False}},
            "pass": {"problems": {"empty": True}, "proved": {"eq": True}},
            "show": "{shown}",
        }
    )
    probe = registry.build(spec, {})
    asks = [ask for ask in probe.asks() if isinstance(ask, CollectorAsk)]
    return probe.judge([run(ask.collector, *ask.args, shell=SHELLS[shell]).reply() for ask in asks])


def site(tls_port: int, location: str, name: str = "api.example.com", more: str = "") -> str:
    return f"{more} server {{ listen {tls_port} ssl; server_name {name}; location / {{ {location} }} }}"


@pytest.mark.needs("nginx", "busybox", "bash")
@pytest.mark.parametrize("shell", SHELLS)
def test_requests_reach_the_application(shell: str, application: int, certificate: Path) -> None:
    port = free_port()
    location = f"proxy_pass http://127.0.0.1:{application};"
    result = judged(certificate, site(port, location), application, port, shell)
    assert result.verdict is Verdict.PASS, result.evidence
    assert f"passes api.example.com to 127.0.0.1:{application}; /health answers 200" in result.evidence


@pytest.mark.needs("nginx")
@pytest.mark.parametrize(
    ("location", "name", "verdict", "evidence"),
    [
        ("proxy_pass http://127.0.0.1:1;", "api.example.com", Verdict.FAIL, "127.0.0.1:1 (expected: port"),
        ("return 503;", "api.example.com", Verdict.FAIL, "answers 503"),
        ("return 200 soon;", "api.example.com", Verdict.FAIL, "one page of its own"),
        ("root {here};", "api.example.com", Verdict.FAIL, "itself (files on disk)"),
        ("proxy_pass http://127.0.0.1:{app};", "www.example.org", Verdict.UNKNOWN, "no block names"),
        ("proxy_pass http://127.0.0.1:{app};", "~^(?<t>[a-z]+)\\.example\\.com$", Verdict.PASS, "passes"),
        ("rewrite ^ /v1$uri break; proxy_pass http://127.0.0.1:{app};", "_", Verdict.UNKNOWN, "itself 200"),
        ("gzip on; gzip_types *; proxy_pass http://127.0.0.1:{app};", "_", Verdict.PASS, "passes"),
        ("auth_basic x; auth_basic_user_file {here}/none;", "_", Verdict.FAIL, "itself (files on disk)"),
    ],
)
def test_what_stands_between(
    location: str, name: str, verdict: Verdict, evidence: str, application: int, certificate: Path
) -> None:
    port = free_port()
    filled = location.replace("{app}", str(application)).replace("{here}", str(certificate))
    result = judged(certificate, site(port, filled, name), application, port)
    assert (result.verdict, evidence in result.evidence) == (verdict, True), result.evidence


@pytest.mark.needs("nginx")
def test_http_on_the_tls_port_fails(application: int, certificate: Path) -> None:
    port = free_port()
    plain = f"server {{ listen {port}; location / {{ proxy_pass http://127.0.0.1:{application}; }} }}"
    result = judged(certificate, plain, application, port)
    assert result.verdict is Verdict.FAIL
    assert f"port {port} answers plain HTTP instead of TLS" in result.evidence


@pytest.mark.needs("nginx")
def test_an_edit_after_the_load_is_no_pass(application: int, certificate: Path) -> None:
    port = free_port()
    main = certificate / "nginx.conf"
    text = NGINX.format(here=certificate, site=site(port, f"proxy_pass http://127.0.0.1:{application};"))
    main.write_text(text)
    process = subprocess.Popen(["nginx", "-c", str(main)], stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        served(port)
        main.write_text(text + "nosuchdirective on;\n")
        later = main.stat().st_mtime + 1
        os.utime(main, (later, later))
        result = probed(application, port, str(main), "dash")
    finally:
        stop(process)
    assert result.verdict is Verdict.UNKNOWN
    assert "api.example.com works now, but" in result.evidence


@pytest.mark.needs("nginx", "bash")
@pytest.mark.parametrize("tools", ["curl", "python3", "openssl bash"])
def test_any_tool_sends_the_requests(
    tools: str, application: int, certificate: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    commands = tmp_path_factory.mktemp("bin")
    for name in (*TOOLS.split(), *tools.split()):
        found = sys.executable if name == "python3" else shutil.which(name)
        if found is None:
            pytest.skip(f"needs {name}")
        (commands / name).symlink_to(found)
    port = free_port()
    text = site(port, f"proxy_pass http://127.0.0.1:{application};")
    (certificate / "nginx.conf").write_text(NGINX.format(here=certificate, site=text))
    process = subprocess.Popen(["nginx", "-c", str(certificate / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        shell = (str(shutil.which("dash")), "-s", "--")
        arguments = (str(application), str(port), "/health", "api.example.com")
        ran = run("proxy.request", *arguments, shell=shell, environment={"PATH": str(commands)})
    finally:
        stop(process)
    parsed = ParsedReply(ran.reply())
    answers = [row.split("|") for row in parsed.known("answer")]
    assert [(row[1], row[2], row[3]) for row in answers] == [
        ("direct", "health", "200"),
        ("direct", "other", "404"),
        ("https", "health", "200"),
        ("https", "other", "404"),
    ], ran.stdout
    assert answers[0][9:] == answers[2][9:]

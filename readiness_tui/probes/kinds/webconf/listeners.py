"""Which port the public reaches, and which server answers on it."""

from __future__ import annotations

from readiness_tui.probes.facts import ParsedReply, fields
from readiness_tui.probes.kinds.webconf import configuration


def public_port(got: ParsedReply, tls_port: int) -> tuple[int, bool]:
    """The TLS port if something listens there, else 80; and whether anything listens on it."""
    listening = {fields(row, 2)[0] for row in got.known("listens")}
    if any(fields(row, 11)[1] == "https" for row in got.known("answer")):
        listening.add(str(tls_port))  # forwarded by the kernel, as to a container
    port = tls_port if str(tls_port) in listening else 80
    return port, str(port) in listening


def answering(files: ParsedReply, got: ParsedReply, port: int) -> tuple[str, str]:
    """Who answers on the port: its name for people, and the prefix of its facts (`ngx`, `apache`, none)."""
    rows = [fields(row, 2) for row in got.known("owner")]
    owners = {owner for number, owner in rows if number == str(port)}
    nginx, apache = configuration.runs(files, "ngx"), configuration.runs(files, "apache")
    headers = {fields(row, 11)[6] for row in got.known("answer") if fields(row, 11)[1] != "direct"}
    if owners:
        nginx, apache = "nginx" in owners, bool(owners & {"apache2", "httpd"})
        if not nginx and not apache:
            return ", ".join(sorted(owners)), ""
    elif nginx == apache:
        nginx = any(header.lower().startswith("nginx") for header in headers)
        apache = not nginx and any(header.lower().startswith("apache") for header in headers)
    if nginx:
        return "".join(files.known("nginx")[-1:]) or "nginx", "ngx"
    if apache:
        return "".join(files.known("apache")[-1:]).partition(" ")[0] or "Apache", "apache"
    others = got.known("other_proxy")
    return (", ".join(others) or "the server"), ""

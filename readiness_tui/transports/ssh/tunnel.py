"""Connections that a host opens for us over its SSH connection (RFC 4254, section 7.2: direct-tcpip)."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncssh

from readiness_tui.errors import TransportError
from readiness_tui.model.outcome import Cause


@asynccontextmanager
async def tunnel(connection: asyncssh.SSHClientConnection, host: str, port: int) -> AsyncIterator[Path]:
    """The path of a Unix socket that leads to host:port as the SSH host sees it.

    It lies in a directory that only this user can enter. Raises TransportError when the host
    cannot, or may not, connect there.
    """
    try:
        _, writer = await connection.open_connection(host, port, encoding=None)
        writer.close()
    except asyncssh.ChannelOpenError as error:
        if error.code == asyncssh.OPEN_ADMINISTRATIVELY_PROHIBITED:
            message = f"sshd opens no connection to {host}:{port} for this account"
            hint = "AllowTcpForwarding local, or PermitOpen for that address"
            raise TransportError(message, cause=Cause.DENIED, hint=hint) from error
        message = f"connection refused by {host}:{port}, as the host sees it"
        raise TransportError(message, cause=Cause.UNREACHABLE, hint="does it run there?") from error
    except (OSError, asyncssh.Error) as error:
        raise TransportError(f"the connection was lost: {error}", cause=Cause.UNREACHABLE) from error
    with tempfile.TemporaryDirectory(prefix="readiness-") as folder:
        path = Path(folder, "socket")
        listener = await connection.forward_local_path_to_port(str(path), host, port)
        try:
            yield path
        finally:
            listener.close()
            await listener.wait_closed()

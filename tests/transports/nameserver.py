"""A name server on the loopback, UDP and TCP on one port, with answers set by the test."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Zone = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Records by name and type, each as a zone file has it; a name that is not in it does not exist."""

TTL = 300


@dataclass
class Nameserver:
    """A server that is up.

    special: names that are answered otherwise: an rcode, `silence`, `junk`, `truncate` (in full
    only by TCP) or `broken` (junk by TCP). asked: every question as `udp|tcp name type`.
    """

    zone: Zone
    special: Mapping[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def resolver(self) -> str:
        """Its address as an ask has it."""
        return f"127.0.0.1:{self.port}"

    def answer(self, wire: bytes, way: str) -> bytes | None:
        """What is sent back, if anything is."""
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        self.asked.append(f"{way} {name} {kind}")
        reply = dns.message.make_response(query)
        special = self.special.get(f"{name} {kind}", self.special.get(name, ""))
        if special == "silence":
            return None
        if special in ("truncate", "broken") and way == "udp":
            reply.flags |= dns.flags.TC
        elif special in ("junk", "broken"):
            return wire[:2] + b"\xff" * 9
        elif special in ("", "truncate"):
            self._fill(reply, name, kind)
        else:
            reply.set_rcode(dns.rcode.from_text(special))
        return reply.to_wire()

    def _fill(self, reply: dns.message.Message, name: str, kind: str) -> None:
        records = self.zone.get(name)
        if records is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
            return
        if kind in records:
            reply.answer.append(dns.rrset.from_text(f"{name}.", TTL, "IN", kind, *records[kind]))
        elif "CNAME" in records:
            reply.answer.append(dns.rrset.from_text(f"{name}.", TTL, "IN", "CNAME", *records["CNAME"]))
            self._fill(reply, records["CNAME"][0].rstrip("."), kind)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: Nameserver) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if (answer := self._server.answer(data, "udp")) is not None:
            self._transport.sendto(answer, addr)


@asynccontextmanager
async def serving_names(zone: Zone, special: Mapping[str, str] | None = None) -> AsyncIterator[Nameserver]:
    """Serve until the block ends."""
    server = Nameserver(zone, special or {})

    async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            (size,) = struct.unpack("!H", await reader.readexactly(2))
            if (answer := server.answer(await reader.readexactly(size), "tcp")) is not None:
                writer.write(struct.pack("!H", len(answer)) + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    tcp = await asyncio.start_server(stream, "127.0.0.1", 0)
    server.port = tcp.sockets[0].getsockname()[1]
    udp, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Datagrams(server), local_addr=("127.0.0.1", server.port)
    )
    try:
        async with tcp:
            yield server
    finally:
        udp.close()

"""The base of transports with a shell: collectors on workers, and facts of the connection."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing

from readiness_tui.model.monitoring_asks import PrometheusAsk
from readiness_tui.model.network_asks import OutsideAsk
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, CollectorAsk, LinkAsk, Reply
from readiness_tui.transports.contract import Pace, Started, ignore_start
from readiness_tui.transports.network.through import Way, through
from readiness_tui.transports.replies import facts_reply, refused
from readiness_tui.transports.shell.channel import Shells
from readiness_tui.transports.shell.jobs import WorkerLimits
from readiness_tui.transports.shell.pool import WORKERS, ShellPool, workers_each


class ShellHost(ABC):
    """A transport to one host that can start shells."""

    def __init__(
        self, host: str, shells: Shells, *, workers: int = WORKERS, limits: WorkerLimits | None = None
    ) -> None:
        self._host = host
        self.workers = ShellPool(host, shells, workers=workers, limits=limits)

    @property
    def host(self) -> str:
        """The host's name in the launch."""
        return self._host

    async def open(self, pace: Pace | None = None) -> None:
        """See the contract."""
        if pace is not None:
            self.workers.wanted = workers_each(pace.hosts)
            self.workers.learned.update(pace.durations)
        await self.connect()

    @abstractmethod
    async def connect(self) -> None:
        """Connect if not connected. Raises TransportError."""

    @abstractmethod
    def facts(self) -> Mapping[str, str]:
        """Facts of the connection: transport, user, ..."""

    async def outside(self, ask: OutsideAsk) -> Sequence[tuple[str, str]]:
        """What connections from the operator's machine to the host come to, where there is a direct way."""
        return [("outside", "unsupported")]

    def way(self) -> Way | None:
        """How connections are made from the host; None where that is not possible."""
        return None

    async def ask(self, asks: Sequence[Ask], started: Started = ignore_start) -> AsyncGenerator[Reply, None]:
        """See the contract; ending the iteration early ends its asks on the host."""
        collectors: list[CollectorAsk] = []
        for ask in asks:
            if isinstance(ask, CollectorAsk):
                collectors.append(ask)
                continue
            started(ask)
            way = self.way()
            if isinstance(ask, LinkAsk):
                yield facts_reply(self.host, ask, self.facts())
            elif isinstance(ask, OutsideAsk):
                yield facts_reply(self.host, ask, await self.outside(ask))
            elif isinstance(ask, PrometheusAsk) and way is not None:
                yield await through(self.host, ask, way)
            else:
                detail = f"hosts do not answer asks of kind {ask.kind}"
                yield refused(self.host, ask, Cause.UNSUPPORTED, detail)
        async with aclosing(self.workers.ask(collectors, started)) as replies:
            async for reply in replies:
                yield reply

    async def cancel(self) -> None:
        """See the contract."""
        await self.workers.cancel()

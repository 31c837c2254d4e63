"""How a host is looked at for suggestions: two rounds, as a probe that judges nothing."""

from __future__ import annotations

from collections.abc import Sequence

from readiness_tui.model.outcome import Verdict
from readiness_tui.model.probe import Ask, CollectorAsk, ProbeResult, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.suggestions.reading import Host, read_host

BACKUP = r"pg_dump|pg_basebackup|pgbackrest|barman|wal-g|restic|borg|(^|[/_.-])backup"
UNITS, PROXY, URL = "suggest.units", "proxy.nginx", "env.reader+env.url+suggest.url"


class Look:
    """Asks for units, ports and nginx's files; then for the database's URL of the application's unit.

    unit, env_file: what the launch says already, empty when it does not.
    """

    def __init__(self, unit: str = "", env_file: str = "") -> None:
        self._unit, self._env_file = unit, env_file

    def asks(self) -> tuple[Ask, ...]:
        """The first round."""
        return (collect(UNITS, BACKUP), collect(PROXY))

    def announced(self) -> tuple[Ask, ...]:
        """The second round, for the plan."""
        return (collect(URL, self._unit or "UNIT", self._env_file or "FILE", "DATABASE_URL"),)

    def follow_up(self, replies: Sequence[Reply]) -> tuple[Ask, ...]:
        """The second round; nothing where no unit of the application was seen."""
        seen = self.seen(replies)
        unit = self._unit or (seen.unit.name if seen.unit else "")
        if not unit:
            return ()
        files = seen.unit.env_files if seen.unit else ()
        return (
            collect(URL, unit, self._env_file or (files[-1] if files else "/nonexistent"), "DATABASE_URL"),
        )

    def judge(self, replies: Sequence[Reply]) -> ProbeResult:
        """Looking decides nothing."""
        return ProbeResult(Verdict.INFO, evidence="looked")

    def seen(self, replies: Sequence[Reply]) -> Host:
        """What the replies tell of the host."""
        told = {r.ask.collector: ParsedReply(r) for r in replies if isinstance(r.ask, CollectorAsk)}
        return read_host(told[UNITS], told.get(PROXY), told.get(URL))

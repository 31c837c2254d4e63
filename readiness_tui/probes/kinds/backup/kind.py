"""Kind `backup`: the files, the job, the script, restore tests and copies elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from posixpath import normpath
from typing import Annotated

from pydantic import Field, StringConstraints

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, CollectorAsk, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply, asked
from readiness_tui.probes.kinds.backup import files, making
from readiness_tui.probes.kinds.database import load
from readiness_tui.probes.kinds.database.answers import Answers
from readiness_tui.probes.kinds.database.kind import COLLECTORS, Source, facts_ask
from readiness_tui.probes.sentences import SentenceKind

FILES, CONTENT, JOBS = "file.modes+backup.files", "backup.content", "schedule"
SCRIPT, MARKER, COMMAND = "file.modes+file.stat+backup.script", "file.age", "command.run"

LARGEST = 268_435_456
"""Bytes of the largest backup that is read to its end: a bigger one costs the host too much."""

JITTER_MIN = 5
"""Minutes by which a job's start may vary."""

MARKER_AGE_S = 90 * 86400
"""Seconds after which a restore test is too old."""

Path = Annotated[str, StringConstraints(pattern=r"^(/[^\x00-\x1f]*)?$")]

FACTS: dict[str, str] = {
    "directory_problems": "What is wrong with the backup directory: absent, its owner, its mode.",
    "directory": "The directory with mode and owner.",
    "newest_problems": "Why the newest backup is too old, too small, or smaller than the one before.",
    "newest": "Its name and size.",
    "newest_age": "Its age.",
    "content_problems": "Why the newest backup cannot be restored: cut, damaged, empty.",
    "content": "What it holds.",
    "job_problems": "Why no job makes a backup every day.",
    "job": "The job in words.",
    "script_problems": "Why the backup script cannot work.",
    "script": "The script in words.",
    "retention_problems": "Where the files do not match the days that the policy asks for.",
    "retention": "The days covered, and what deletes older ones.",
    "restore_problems": "Why the last restore test does not count.",
    "restore": "When it was.",
    "offsite_problems": "Why the copies elsewhere are missing or too old.",
    "offsite": "The program or command that makes or lists them.",
    "alert_problems": "Why a failed backup would be noticed by nobody.",
    "alert": "What reports a failure.",
    "launch_problems": "Why no backup was made after the launch.",
    "objective_problems": "Why more data may be lost than the objective allows.",
    "objective": "The objective and the time between backups.",
}

ASKS: Mapping[str, tuple[str, ...]] = {
    FILES: ("directory", "newest", "content", "job", "retention", "launch", "objective"),
    JOBS: ("job", "alert"),
    SCRIPT: ("script", "retention", "offsite", "alert"),
    MARKER: ("restore",),
    COMMAND: ("offsite",),
}
"""Which collector tells the facts that begin with these words."""


class BackupParams(Frozen):
    """dir, glob: where the files are. script, marker: paths, empty without one. job: pattern of the job.

    owners: of the directory. age_h: hours the newest may be old. days: fewest and most kept. min_bytes;
    shrink: share of the one before. check: the operator's command that lists the copies elsewhere.
    launched_at: a time in UTC. objective_minutes: of data that may be lost. database: one that may archive
    its WAL.
    """

    dir: Path = Field(min_length=1)
    glob: str = Field(default="*", pattern=r"^[^/\x00-\x1f]+$")
    script: Path = ""
    marker: Path = ""
    job: str = Field(default="pg_dump|pgbackrest|barman|wal-g", min_length=1)
    owners: tuple[str, ...] = ("root", "postgres", "backup", "barman", "pgbackrest")
    age_h: float = Field(default=26, gt=0)
    days: tuple[int, int] = (7, 30)
    min_bytes: int = Field(default=1024, ge=0)
    shrink: float = Field(default=0.5, ge=0, le=1)
    check: str = ""
    launched_at: str = ""
    objective_minutes: int | None = Field(default=None, ge=0)
    database: Source | None = None


class Backup(SentenceKind[BackupParams]):
    """Asks the collectors of the facts spoken of; the newest file is read once it is known which it is."""

    name = "backup"
    Params = BackupParams
    facts = FACTS
    moving = frozenset({"newest_age", "job", "retention", "restore", "objective"})

    def asks(self) -> tuple[Ask, ...]:
        """The collectors whose facts the item speaks of."""
        p = self.params
        arguments: dict[str, tuple[str, ...]] = {
            FILES: (normpath(p.dir), p.glob),
            JOBS: (making.pattern(p.job, p.script),),
            SCRIPT: (p.script,),
            MARKER: (p.marker,),
            COMMAND: ("/usr/local/bin", p.check),
        }
        wanted = [
            name
            for name, words in ASKS.items()
            if any(fact.startswith(words) for fact in self.named) and arguments[name][-1]
        ]
        asks = [collect(name, *arguments[name], spec=self.spec) for name in wanted or [FILES]]
        if p.database is not None and "objective_problems" in self.named:
            asks.append(facts_ask(p.database, self.spec))
        return tuple(asks)

    def announced(self) -> tuple[Ask, ...]:
        """backup.content, of a file that is known on the host only."""
        return (self._content("BACKUP"),) if "content_problems" in self.named else ()

    def follow_up(self, replies: Sequence[Reply]) -> tuple[Ask, ...]:
        """The newest file, to be read to its end."""
        if "content_problems" not in self.named:
            return ()
        found = files.listing(self._told(replies)[FILES])
        if isinstance(found, Missing) or not found.files or found.repository:
            return ()
        return (self._content(found.files[0].path),)

    def _content(self, path: str) -> CollectorAsk:
        return collect(CONTENT, path, str(LARGEST), spec=self.spec)

    def _told(self, replies: Sequence[Reply]) -> dict[str, ParsedReply]:
        return {asked(reply): ParsedReply(reply) for reply in replies}

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The facts of every collector that was asked."""
        p, told = self.params, self._told(replies)
        facts: dict[str, Fact | Missing] = {}
        keeps = told[SCRIPT].known("keeps") if SCRIPT in told else ()
        bounds = files.Bounds(p.age_h, p.min_bytes, p.shrink, p.days)
        if FILES in told:
            found = files.listing(told[FILES])
            facts |= files.directory(found, p.dir, p.owners)
            facts |= self._since_launch(found, replies[0].asked_at)
            facts |= files.newest(found, p.dir, bounds)
            facts |= files.content(told.get(CONTENT), found)
            facts |= files.retention(found, keeps, bounds)
            facts |= self._objective(found, replies[-1])
            if JOBS in told:
                facts |= making.job(told[JOBS], found, p.age_h)
        if SCRIPT in told or not p.script:
            facts |= making.script(told.get(SCRIPT), p.script)
        facts |= making.alert(told.get(JOBS), told.get(SCRIPT))
        facts |= making.offsite(told.get(SCRIPT), told.get(COMMAND), p.check)
        facts |= self._restore(told.get(MARKER))
        return facts

    def _restore(self, reply: ParsedReply | None) -> dict[str, Fact | Missing]:
        if reply is None:
            why = Missing(Cause.NOT_CONFIGURED, "no restore test is recorded: set restore_marker to its file")
            return {"restore_problems": why, "restore": why}
        return making.restored(reply, self.params.marker, MARKER_AGE_S)

    def _since_launch(self, found: files.Listing | Missing, now: datetime) -> dict[str, Fact | Missing]:
        """A backup was made after the launch; it is due within the hours that a backup may be old."""
        if not self.params.launched_at:
            return {"launch_problems": Missing(Cause.NOT_CONFIGURED, "the time of the launch is not set")}
        if isinstance(found, Missing):
            return {"launch_problems": found}
        try:
            at = datetime.fromisoformat(self.params.launched_at)
        except ValueError:
            return {"launch_problems": Missing(Cause.GARBLED, "the time of the launch is not understood")}
        since = (now - (at if at.tzinfo else at.replace(tzinfo=UTC))).total_seconds()
        if found.files and found.files[0].age < since:
            return {"launch_problems": ()}
        if since > self.params.age_h * 3600:
            line = f"no backup was made in the {files.span(since)} since the launch"
            return {"launch_problems": (line,)}
        return {"launch_problems": Missing(Cause.STALE, "no backup has been made since the launch yet")}

    def _objective(self, found: files.Listing | Missing, last: Reply) -> dict[str, Fact | Missing]:
        """The time between backups is not longer than the data that may be lost, or WAL is kept elsewhere."""
        wanted = self.params.objective_minutes
        if wanted is None or isinstance(found, Missing):
            unset = Missing(Cause.NOT_CONFIGURED, "rpo_minutes is not set")
            why = found if isinstance(found, Missing) else unset
            return {"objective_problems": why, "objective": why}
        usual = files.interval_minutes(found)
        if usual is None:
            why = Missing(Cause.UNSUPPORTED, "fewer than three backups do not show how often they are made")
            return {"objective_problems": why, "objective": why}
        apart = files.span(usual * 60)
        shown = f"RPO {wanted} min; a backup every {apart}"
        if usual <= wanted + JITTER_MIN:
            return {"objective_problems": (), "objective": shown}
        kept = load.kept_elsewhere(Answers(last)) if asked(last) == COLLECTORS else False
        if kept:
            problems = kept if isinstance(kept, Missing) else ()
            return {"objective_problems": problems, "objective": f"{shown}; WAL is kept elsewhere"}
        line = f"backups are {apart} apart (expected: {wanted} min or less, or WAL archiving)"
        return {"objective_problems": (line,), "objective": shown}

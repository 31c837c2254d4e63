"""Report errors to the operator: one message, a hint, an exit status."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from readiness_tui import first_line
from readiness_tui.errors import ChecklistError, ExitCode, ReadinessError

LONGEST = 16_000
"""Characters of a message."""


def guarded(work: Callable[[], int]) -> int:
    """Do the work and return its exit status. Every exception becomes a message and a status."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")  # a locale that lacks a glyph is not an error
    try:
        status = work()
        sys.stdout.flush()
        return status
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        print_error("interrupted")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The buffered output has no reader; closing standard output at exit must not report that.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.READER_GONE
    except click.ClickException as error:
        _usage(error)
    except ReadinessError as error:
        _refusal(error)
    except OSError as error:
        print_error(f"{error.filename or 'the system'}: {error.strerror or error}")
    except Exception as error:  # noqa: BLE001 - last handler: no traceback may reach an operator
        _bug(error)
        return ExitCode.INTERNAL
    return ExitCode.USAGE


def print_error(message: str) -> None:
    """Print one message on standard error, prefixed with the program's name."""
    from readiness_tui.reports.parts.text import cut, visible

    first_line.erase()
    click.echo(f"readiness: {cut(visible(message), LONGEST)}", err=True)


def _usage(error: click.ClickException) -> None:
    context = getattr(error, "ctx", None)
    print_error(error.format_message())
    if context is not None:
        click.echo(f"  hint: {context.command_path} --help", err=True)


def _refusal(error: ReadinessError) -> None:
    from readiness_tui.reports.parts.text import visible

    if isinstance(error, ChecklistError):
        print_error(
            f"the checklist cannot be used: {len(error.faults)} fault{'s' * (len(error.faults) != 1)}"
        )
        click.echo(visible(str(error)), err=True)
    else:
        print_error(str(error))


def _bug(error: Exception) -> None:
    """Print one line, and where the traceback was written."""
    text = "".join(traceback.format_exception(error))
    summary = f"{type(error).__name__}: {error}".splitlines()[0]
    try:
        place = _keep(text)
    except OSError as failed:
        print_error(f"{summary} (this is a bug; its traceback could not be written: {failed.strerror})")
    else:
        print_error(f"{summary} (this is a bug; its traceback is in {place})")


def _keep(text: str) -> Path:
    from platformdirs import user_state_path

    folder = user_state_path("readiness-tui", appauthor=False)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder / f"bug-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.txt"
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    return place

"""The group of all verbs. Each verb is in its own file, imported when it is used."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module

import click
from click.shell_completion import CompletionItem, shell_complete

from readiness_tui import __version__
from readiness_tui.cli.support.error_handling import guarded

VERBS = {
    "new": "Create a launch with its first session.",
    "open": "Open the walk at the last item.",
    "list": "List the launches: days, progress, gate.",
    "set": "Correct a launch's parameters and launch time.",
    "suggest": "Look at the hosts and propose parameter values.",
    "host": "Add, change, remove or allow a launch's hosts.",
    "notes": "Print or write the launch's notes.",
    "plan": "Show every command on every host, without connecting.",
    "sudoers": "Print the exact privileges that the plan needs on a host.",
    "probe": "Run the probes, print and save their outcomes.",
    "answer": "Answer an item, or add a note or evidence.",
    "attach": "Store a file as evidence of an item.",
    "waive": "Accept an unmet item until a date, or revoke that.",
    "sign": "Sign the page of a launch: go or no-go.",
    "verify": "Verify the signatures of a launch or a bundle.",
    "status": "Show the standing of every item.",
    "gate": "Decide go or no-go, with the reasons.",
    "diff": "Show what changed between two days, most important first.",
    "merge": "Merge two copies of a session, item by item.",
    "export": "Write a report.",
    "checklist": "List, show, check and allow checklists.",
    "probes": "List the probe kinds and their parameters.",
}
"""Every verb with its help, so that `--help` imports none of them. The file is `cli/<verb>.py`."""

COMPLETE = "_READINESS_COMPLETE"
"""The environment variable with which a shell requests completions (`bash_source`, `zsh_source`, ...)."""

EPILOG = """\b
Exit status:
    0  ready, go
    1  not ready, no-go
    2  usage error or unreadable file
    3  could not check: no known failure, but some verdicts are unknown
   70  an internal error of this program
  130  interrupted
  141  the reader of the output went away
\b
stdout is data, stderr is narration. Launches are kept in ./sessions where
that exists, else in your data directory; READINESS_SESSIONS names another.
Nothing is ever changed on a host.
"""


class Verbs(click.Group):
    """A group that imports a verb when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs, in the order of a launch."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command, imported now."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"readiness_tui.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click, but suggest the nearest verb."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            from readiness_tui.suggest import near

            ctx.fail(f"no verb {args[0]!r}{near(args[0], tuple(VERBS))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs in `--help`, from the table."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The verbs that start with the given text, and the group's own options."""
        found = [
            CompletionItem(verb, help=text) for verb, text in VERBS.items() if verb.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(
    cls=Verbs,
    invoke_without_command=True,
    epilog=EPILOG,
    subcommand_metavar="[VERB] ...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="readiness", message="%(prog)s %(version)s")
@click.option("--sessions", metavar="DIR", help="The folder of the launches.")
@click.option(
    "--stock-display",
    is_flag=True,
    envvar="READINESS_STOCK_DISPLAY",
    help="Draw with Textual's own display and driver, if the screen looks wrong.",
)
@click.pass_context
def cli(context: click.Context, sessions: str | None, *, stock_display: bool) -> int:
    """Walk a production-readiness checklist, probe the hosts read-only, decide go or no-go.

    Without a verb: the TUI, to resume a launch or start one.
    """
    if stock_display:
        context.obj = partial(context.obj, stock_display=True)
    if context.invoked_subcommand is not None:
        return 0
    from readiness_tui.settings import named_operator, sessions_folder

    return int(context.obj(sessions_folder(sessions), operator=named_operator()))


def run(words: Sequence[str], open_tui: Callable[..., int]) -> int:
    """Run the command line and return its exit status. Never raises.

    open_tui: `tui.start.run_tui`, called for no verb and for `open`.
    """

    def whole() -> int:
        # Not click's `main`, which exits with the status of not-ready on a closed pipe.
        if asked := os.environ.get(COMPLETE):
            return shell_complete(cli, {}, "readiness", COMPLETE, asked)
        with cli.make_context("readiness", list(words), obj=open_tui) as context:
            return int(cli.invoke(context) or 0)

    return guarded(whole)

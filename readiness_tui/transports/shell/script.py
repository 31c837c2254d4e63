"""The script of a worker: one `/bin/sh -s`, fed on standard input, that runs collectors one by one.

After each collector it prints a line with a nonce on both streams. The collector does not know the nonce:
it is in no argument, environment or file, and is cleared in the collector's subshell.
"""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Sequence
from functools import cache
from importlib import resources


@cache
def prelude() -> str:
    """The functions that every collector may call (catalogue, section 6)."""
    return resources.files("readiness_tui.collectors").joinpath("prelude.sh").read_text("utf-8")


def new_nonce() -> str:
    """128 random bits in hexadecimal."""
    return secrets.token_hex(16)


RELAY = 'trap : TERM; { trap "" TERM; cat; kill -9 0; } | { trap : TERM; %s; kill -9 0; }'
"""Runs a shell whose process group is killed at once when either its input or the shell itself ends.

`cat` notices the end of input also while a collector runs, for example when the client was killed.
Needs a process group of its own. SIGTERM is for the children that a collector leaves.
"""

COMMAND = f"exec /bin/sh -c '{RELAY % '/bin/sh -s $$'}'"
"""For a login shell of any kind; the worker's first argument is its process group."""

_RESTART = """\
{{ [ -r /proc/$$/stat ] && read -r _a _a _a _a G _a </proc/$$/stat
echo
echo {mark}
if [ "$G" = $$ ] && command -v cat >/dev/null 2>&1; then exec sh -c '{relay}'; fi; }}
"""

_WORKER = """\
N={nonce}
ulimit -c 0 2>/dev/null
trap : TERM
G=
[ -r /proc/$$/stat ] && read -r _a _a _a _a G _a </proc/$$/stat
K=0
if [ -n "$1" ]; then [ "${{G:-$1}}" = "$1" ] || K=$$; G=${{G:-$1}}
else [ {own_group} = 1 ] || [ "$G" = $$ ] || K=$$; fi
_rt() {{
_i=$1 _t=$2
shift 2
( N=
trap - TERM
eval "main() {{ :
$_t
}}" || exit 2
main "$@" ) </dev/null
_c=$?
[ $K != 0 ] || kill -TERM 0
echo "
$N $_i $_c"
echo "
$N $_i" >&2
}}
echo "
$N hello $$ ${{G:-$$}} $K" || exit
echo "
$N hello" >&2 || exit
if [ $K = 0 ]; then
( trap '' TERM; sleep {budget}; kill -9 0 ) </dev/null >/dev/null 2>&1 &
else
( trap 'kill -9 $_s; exit' TERM; sleep {budget} & _s=$!; wait; kill -9 $$ ) </dev/null >/dev/null 2>&1 &
fi
D=$!
"""

_BYE = """\
echo "
$N bye"
[ $K = 0 ] && kill -9 0
kill -TERM $D
exit 0
"""

NO_ROOT = "RTUI_NOROOT=1\n"
"""Tells the prelude's `root` that it will be refused, so that it does not ask (catalogue, 2)."""


def restart(mark: str) -> str:
    """Put a shell that leads its process group behind `RELAY`; it prints the mark, then reads on.

    Nothing may be sent before the mark is read, because input that a shell has read ahead is lost by
    `exec`.
    """
    return _RESTART.format(mark=mark, relay=RELAY % "sh -s $$")


def opening(nonce: str, *, budget_s: float, own_group: bool) -> str:
    """The worker's first text: the prelude, the framing, the hello, the watchdog.

    If the hello cannot be delivered the worker ends there, even if a closed pipe does not end it.
    budget_s: seconds after which the host ends the worker by itself, in case the client disappears.
    own_group: the shell is known to have its own process group.
    """
    framing = _WORKER.format(nonce=nonce, budget=max(1, round(budget_s)), own_group=int(own_group))
    return f"{prelude()}\n{framing}"


def asking(number: int, script: str, args: Sequence[str] = ()) -> str:
    """The text that runs one collector in its own subshell and frames its output."""
    return " ".join(("_rt", str(number), shlex.quote(script), *map(shlex.quote, args))) + "\n"


def preflight(number: int) -> str:
    """One `sudo -n -l`. The worker remembers a refusal (catalogue, section 2)."""
    return asking(number, _PREFLIGHT) + '[ "$_c" = 0 ] || ' + NO_ROOT


_PREFLIGHT = """\
[ "$(id -u)" != 0 ] || { echo root; return 0; }
if have sudo; then sudo -n -l 2>&1; return; fi
have doas"""


def closing() -> str:
    """The worker's last text: it ends the watchdog and processes left by collectors."""
    return _BYE

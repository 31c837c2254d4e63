"""Settings for all launches: the sessions folder, the operator, key bindings.

The command line overrides the environment, the environment overrides the settings file (`settings.toml`
in the user's configuration folder), and the file overrides the defaults.
"""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Mapping
from pathlib import Path

import platformdirs
from pydantic import BaseModel, ConfigDict, ValidationError

from readiness_tui import regular_file, toml_text
from readiness_tui.errors import UsageError
from readiness_tui.suggest import near

APP = "readiness-tui"
SESSIONS = "READINESS_SESSIONS"
OPERATOR = "READINESS_OPERATOR"


class Settings(BaseModel):
    """The settings file.

    keys: binding id to the key or keys (comma-separated) that replace the default. mouse: None means on,
    except over SSH. plain: use the line mode instead of the full screen. operator, sessions: as the
    environment variables READINESS_OPERATOR and READINESS_SESSIONS. signers: an allowed_signers file for
    launches that have none of their own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    keys: Mapping[str, str] = {}
    mouse: bool | None = None
    plain: bool = False
    operator: str = ""
    sessions: str = ""
    signers: str = ""


def path() -> Path:
    """The path of the settings file."""
    return platformdirs.user_config_path(APP) / "settings.toml"


def load(file: Path | None = None) -> Settings:
    """Read the settings; the defaults if there is no file.

    Raises UsageError with file and line for a file that cannot be read or is invalid.
    """
    file = file or path()
    try:
        text = regular_file.read_text(file, regular_file.SMALL)
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise UsageError(f"cannot read the settings file: {error.strerror}", where=str(file)) from error
    except UnicodeDecodeError as error:
        raise UsageError("the settings file is not UTF-8 text", where=str(file)) from error
    try:
        document = toml_text.loads(text)
    except (ValueError, RecursionError) as error:
        match = re.search(r"at line (\d+)", str(error))
        number = int(match[1]) if match else text.rstrip("\n").count("\n") + 1
        raise UsageError(f"the settings file is not valid TOML: {error}", where=f"{file}:{number}") from error
    try:
        return Settings.model_validate(document)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = ".".join(map(str, fault["loc"]))
        line = _line_of(str(fault["loc"][-1]), text)
        if fault["type"] == "extra_forbidden":
            message = f"unknown setting {name!r}{near(name, tuple(Settings.model_fields))}"
        else:
            message = f"{name}: {fault['msg'].removeprefix('Input ')}"
        raise UsageError(message, where=f"{file}:{line}") from error


def _line_of(name: str, text: str) -> int:
    """The line that sets a name, from 1."""
    lines = enumerate(text.split("\n"), 1)
    return next((number for number, line in lines if line.partition("=")[0].strip() == name), 1)


def sessions_folder(option: str | None) -> Path:
    """The folder of the launches. option: the value of `--sessions`.

    The first that is set: the option, READINESS_SESSIONS, the settings file, `./sessions` if it exists,
    the user's data folder. Raises UsageError if the path exists and is not a folder.
    """
    named = option or os.environ.get(SESSIONS) or load().sessions
    if named:
        folder = _expanded(named)
    elif Path("sessions").is_dir():
        folder = Path("sessions")
    else:
        folder = platformdirs.user_data_path(APP) / "sessions"
    if folder.exists() and not folder.is_dir():
        raise UsageError(
            "the sessions folder is not a directory", where=str(folder), hint="name a folder: --sessions DIR"
        )
    return folder


def _expanded(named: str) -> Path:
    """The path with `~` replaced. Raises UsageError for a path that cannot exist."""
    if "\0" in named:
        raise UsageError("the path of the sessions folder contains a NUL character", where=repr(named))
    try:
        return Path(named).expanduser()
    except RuntimeError as error:
        raise UsageError(f"the sessions folder: {error}", where=named) from error


def named_operator() -> str:
    """Who is at the keyboard: READINESS_OPERATOR, else the settings file; empty when neither says."""
    return os.environ.get(OPERATOR, "").strip() or load().operator.strip()


def login() -> str:
    """The user's name on this machine; empty when it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def operator() -> str:
    """The operator's name: READINESS_OPERATOR, else the settings file, else the login name.

    Raises UsageError if none of them is available.
    """
    if named := named_operator() or login():
        return named
    raise UsageError("no operator name", hint=f"set {OPERATOR}, or use --operator")

"""Copy ssh_config files without the lines that the installed OpenSSH client does not accept.

OpenSSH stops at the first such line. A newer keyword, or one of another system, must not affect every
host, so these lines are removed and named in a warning.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from readiness_tui import regular_file
from readiness_tui.errors import TransportError
from readiness_tui.model.outcome import Cause

_FAULT = re.compile(r"(.{1,4096}?):? line (\d{1,9})(?:: |\b)")
_INCLUDE = re.compile(r"\s{0,200}include(?:\s{1,20}|\s{0,20}=\s{0,20})([^\r\n]{1,8192})", re.IGNORECASE)
_SCOPE = re.compile(r"\s{0,200}(?:match|host)\b", re.IGNORECASE)

NOTHING = "Host !*"
"""Matches no host. It replaces a Match or Host line that cannot be parsed, so that its block is not used."""

DEPTH = 16
"""Most levels of Include, as in OpenSSH."""


def faults(output: str) -> dict[tuple[str, int], str]:
    """The refused lines by file and number, with the messages that ssh printed."""
    refused_lines: dict[tuple[str, int], str] = {}
    for line in output[:65536].splitlines():
        match = _FAULT.match(line)
        if match is not None:
            refused_lines.setdefault((match[1], int(match[2])), line.strip())
    return refused_lines


def text(path: Path) -> str:
    """A file of ssh_config. Raises OSError for what is no regular file, or too large."""
    return regular_file.read_bytes(path, regular_file.SMALL).decode("utf-8", "surrogateescape")


def plain(text: str) -> str:
    """The text without bytes of another encoding, for a reader that refuses them even in a comment."""
    return text.encode("utf-8", "replace").decode()


def check(paths: Iterable[Path]) -> None:
    """Raises TransportError for a file that is there and cannot be read: ssh would wait for a FIFO."""
    for path in paths:
        try:
            text(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            said = f"ssh_config cannot be used: {path}: {error.strerror}"
            raise TransportError(said, cause=Cause.ERROR) from error


class Copies:
    """Copies in a private folder. origins: the original path of every copy.

    replaced: the replacement for a line, by file and number; None for nothing.
    """

    def __init__(self, folder: Path, *, unicode: bool = False) -> None:
        """unicode: bytes of another encoding are replaced."""
        self._folder = folder
        self._unicode = unicode
        self.origins: dict[str, str] = {}
        self.replaced: dict[tuple[str, int], str | None] = {}

    def write(self, configs: Mapping[Path, Path]) -> Path:
        """Copy each config (its value: the folder of its relative Includes). Returns a config that includes
        all.
        """
        names = [self._copy(path, base, 0) for path, base in configs.items() if path.is_file()]
        main = self._folder / "main"
        main.write_text("".join(f'Match all\nInclude "{name}"\n' for name in names))
        return main

    def original(self, place: tuple[str, int]) -> tuple[str, int]:
        """The place in the original file of a place in a copy."""
        return self.origins.get(place[0], place[0]), place[1]

    def _copy(self, path: Path, base: Path, depth: int) -> Path:
        lines = text(path).split("\n")
        target = self._folder / f"copy-{len(self.origins)}"
        self.origins[str(target)] = str(path)
        for at, line in enumerate(lines):
            place = (str(path), at + 1)
            if place in self.replaced:
                lines[at] = self.replaced[place] or (NOTHING if _SCOPE.match(line) else "")
            elif depth < DEPTH and (match := _INCLUDE.match(line)) is not None:
                lines[at] = self._include(match[1], base, depth)
        joined = "\n".join(lines)
        target.write_text(plain(joined) if self._unicode else joined, "utf-8", "surrogateescape")
        return target

    def _include(self, patterns: str, base: Path, depth: int) -> str:
        copies: list[Path] = []
        for quoted, plain in re.findall(r'"([^"]{1,4096})"|([^\s"#]{1,4096})', patterns):
            pattern = Path(quoted or plain).expanduser()
            for name in sorted(glob.glob(str(pattern if pattern.is_absolute() else base / pattern))):
                if Path(name).is_file():
                    copies.append(self._copy(Path(name), base, depth + 1))
        return " ".join(("Include", *(f'"{copy}"' for copy in copies))) if copies else ""


def warning(place: tuple[str, int], output: str) -> str:
    """The warning to the operator about a skipped line."""
    reason = output.rpartition(f"line {place[1]}")[2].strip(" :.")
    return f"{place[0]} line {place[1]} was ignored: {reason}"

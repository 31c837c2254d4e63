"""A third-party package with transports, installed as pip would."""

from __future__ import annotations

from pathlib import Path

PACKAGE = '''
from readiness_tui.transports.shell.local import LocalTransport

class Moon(LocalTransport):
    """This machine, with as many workers as the address says."""

    def __init__(self, host, rest):
        super().__init__(host, workers=int(rest.removeprefix("workers=")))

    def facts(self):
        return {"transport": "moon"}

def nothing(host, rest):
    return object()
'''

GOOD = "moon = readiness_moon:Moon"


def install(site: Path, *entries: str, name: str = "readiness-moon") -> Path:
    """Install a package of that name with these entry points. The folder, to be put on the path."""
    module = name.replace("-", "_")
    (site / module).mkdir(parents=True)
    (site / module / "__init__.py").write_text(PACKAGE)
    (site / module / "angry.py").write_text("raise RuntimeError('not today')\n")
    info = site / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = "\n".join(entries or (GOOD,))
    (info / "entry_points.txt").write_text(f"[readiness_tui.transports]\n{lines}\n")
    return site

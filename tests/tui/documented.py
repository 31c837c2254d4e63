"""The pictures in the documentation: screens that tests hold to the program.

After a look at a snapshot that changed: `python -m tests.tui.documented` takes it over.
"""

from __future__ import annotations

import shutil
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs" / "pictures"
SNAPSHOTS = Path(__file__).parent / "__snapshots__"

PICTURES = {
    "walk-example.svg": "test_diff_picture/test_the_walk_of_the_example.svg",
    "run-one-dead-host.svg": "test_run_picture/test_one_dead_host_among_four[80x24].svg",
    "diff-three-days.svg": "test_diff_picture/test_the_example_of_three_days[80x24].svg",
}
"""By file name in docs/pictures, the snapshot that it is."""

if __name__ == "__main__":
    for name, snapshot in PICTURES.items():
        shutil.copyfile(SNAPSHOTS / snapshot, DOCS / name)

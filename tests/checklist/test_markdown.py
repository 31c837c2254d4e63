"""Markdown of a checklist that is not the built-in one, and the example in the folder's README."""

from __future__ import annotations

import re
from pathlib import Path

from readiness_tui.checklist.find import builtin_folder
from readiness_tui.checklist.markdown import to_markdown
from readiness_tui.rules.lint import lint
from tests.checklist.samples import SMALL, changed, read_text

SMALL_AS_MARKDOWN = """\
# Demo

## App

### Service
- [ ] It starts
- [ ] It starts again

---

## Sign-off

**Technical Lead:** _________________ Date: _______
"""


def test_without_intro_and_notes(tmp_path: Path) -> None:
    assert to_markdown(read_text(tmp_path, SMALL)) == SMALL_AS_MARKDOWN


def test_with_intro_and_notes(tmp_path: Path) -> None:
    text = changed({3: "version: 1\nintro: Before the demo.\nnotes: |\n  One.\n\n  Two."})
    said = to_markdown(read_text(tmp_path, text))
    assert said.startswith("# Demo\n\nBefore the demo.\n\n## App\n")
    assert said.endswith("Date: _______\n\n---\n\n## Notes\n\nOne.\n\nTwo.\n")


def test_the_readme_s_example_is_a_checklist_without_a_remark(tmp_path: Path) -> None:
    readme = (builtin_folder() / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", readme, re.DOTALL)
    assert example is not None
    checklist = read_text(tmp_path, example[1])
    assert len(checklist.items) == 2
    assert lint(checklist) == ()

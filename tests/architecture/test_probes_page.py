"""`docs/probes.md` is what the kinds, the checklist and the cases say now."""

from __future__ import annotations

from pathlib import Path

from readiness_tui.probes import registry
from scripts.probes_page import page
from tests.probes.recorded import production

PAGE = Path(__file__).parents[2] / "docs" / "probes.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python scripts/probes_page.py > docs/probes.md"


def test_every_kind_and_every_item_is_on_it() -> None:
    text = page()
    assert [name for name in registry.kinds() if f"\n## {name}\n" not in text] == []
    assert [item for item in production().items if f"| `{item}` |" not in text] == []

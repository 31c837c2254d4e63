"""Items are identified by id: nothing is lost if the checklist is edited during a launch."""

from __future__ import annotations

from readiness_tui.rules.former_ids import migrate
from readiness_tui.rules.standing import Standing, standings
from tests.samples import NOW, answered, checklist, item, session

OLD = item("one.a.old")
NEW = item("two.b.new", text=OLD.text, was=["one.a.old"])


def test_a_record_of_a_former_id_moves_to_the_new_id() -> None:
    before = session({OLD.id: answered(OLD)}, position=OLD.id)
    after = migrate(checklist(NEW), before)
    assert dict(after.items) == {NEW.id: before.items[OLD.id]}
    assert after.position == NEW.id
    assert standings(checklist(NEW), after, NOW)[NEW.id].standing is Standing.READY


def test_a_record_of_today_is_never_pushed_aside() -> None:
    both = session({OLD.id: answered(OLD, note="then"), NEW.id: answered(NEW, note="now")})
    after = migrate(checklist(NEW), both)
    assert after is both


def test_what_the_checklist_does_not_know_stays() -> None:
    stray = session({"gone.for.good": answered(OLD)})
    assert migrate(checklist(NEW), stray) is stray


def test_reordering_and_moving_between_sections_changes_nothing() -> None:
    first, second = item("one.a.first"), item("one.a.second")
    held = session({first.id: answered(first), second.id: answered(second)})
    one, two = checklist(first, second), checklist(second, first)
    assert migrate(two, held) is held
    assert standings(two, held, NOW) == standings(one, held, NOW)

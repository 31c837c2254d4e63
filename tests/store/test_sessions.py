"""Launches and days on disk."""

from __future__ import annotations

import os
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness_tui.errors import SessionError, UsageError
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.session import Change, Record
from readiness_tui.store import names
from readiness_tui.store.sessions import Sessions
from tests import strategies
from tests.samples import NOW, session

DAY = date(2026, 11, 24)
NEXT = DAY + timedelta(days=1)

LEADING_ELSEWHERE = ("..", ".", "../../etc", "/etc/passwd", "a/b", "a..b", ".hidden", "-rf", "~", "a\\b")
TOO_STRANGE = ("Payments", "x" * 300, "🚀", "e\u0301", "é", " ", "con ", "a.", "ümlaut", "a" * 79 + ".")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestNames:
    @pytest.mark.parametrize("name", ["payments-2.4", "a", "0", "web_2", "a.b.c"])
    def test_a_plain_name_is_its_own_folder(self, name: str) -> None:
        assert names.folder_name(name) == name

    @pytest.mark.parametrize("name", LEADING_ELSEWHERE + TOO_STRANGE)
    def test_any_other_stays_inside_and_within_a_file_name(self, name: str, tmp_path: Path) -> None:
        folder = names.folder_name(name)
        assert folder != name
        assert (tmp_path / folder).resolve().parent == tmp_path.resolve()
        assert len(folder.encode()) < 255 - len(".toml.tmp")
        assert not folder.startswith((".", "-"))

    @given(st.lists(strategies.launch_names, min_size=2, max_size=6, unique=True))
    def test_no_two_share_a_folder_even_where_case_does_not_count(self, launches: list[str]) -> None:
        folders = {names.folder_name(name).casefold() for name in launches}
        assert len(folders) == len(launches)

    @pytest.mark.parametrize(
        ("name", "day"),
        [
            ("2026-11-24.toml", DAY),
            ("2026-13-01.toml", None),
            ("2026-11-24.toml~", None),
            ("2026-11-24.tml", None),
        ],
    )
    def test_only_a_days_file_is_a_day(self, name: str, day: date | None) -> None:
        assert names.day_of(name) == day


class TestCreateAndLoad:
    def test_a_new_launch_is_found_again(self, tmp_path: Path) -> None:
        one = session({"a.b": Record(note="x")})
        path = Sessions(tmp_path / "deep" / "sessions").create(one)
        again = Sessions(tmp_path / "deep" / "sessions")
        assert again.launches() == ("demo",)
        assert again.days("demo") == (DAY,)
        assert again.load("demo") == one
        assert path == again.path(one)
        assert (mode(path), mode(path.parent), mode(path.parent.parent)) == (0o600, 0o700, 0o700)

    @pytest.mark.parametrize("launch", ["Demo", "DEMO", "de mo", "a/b", "../x", "🚀", "x" * 300])
    def test_awkward_names_live_side_by_side_under_their_true_names(
        self, launch: str, tmp_path: Path
    ) -> None:
        sessions = Sessions(tmp_path)
        sessions.create(session())
        sessions.create(session(launch=launch))
        assert Sessions(tmp_path).launches() == tuple(sorted(["demo", launch]))
        assert Sessions(tmp_path).load(launch).launch == launch

    def test_a_launch_is_created_once(self, tmp_path: Path) -> None:
        Sessions(tmp_path).create(session())
        with pytest.raises(SessionError, match="launch 'demo' already exists"):
            Sessions(tmp_path).create(session(day=NEXT))

    def test_a_folder_that_is_not_there_holds_no_launches(self, tmp_path: Path) -> None:
        sessions = Sessions(tmp_path / "none")
        assert sessions.launches() == ()
        assert sessions.days("demo") == ()

    def test_other_files_are_no_launches(self, tmp_path: Path) -> None:
        (tmp_path / "README.md").write_text("x")
        (tmp_path / "empty").mkdir()
        (tmp_path / "2026-11-24.toml").write_text("x")
        assert Sessions(tmp_path).launches() == ()

    def test_a_wrong_name_gets_the_nearest_suggested(self, tmp_path: Path) -> None:
        sessions = Sessions(tmp_path)
        sessions.create(session())
        with pytest.raises(UsageError, match=r"no launch 'dmeo' .* \(did you mean demo\?\)"):
            sessions.load("dmeo")
        with pytest.raises(UsageError, match="no session of 2026-11-25") as caught:
            sessions.load("demo", NEXT)
        assert "2026-11-24" in caught.value.hint

    def test_a_launch_with_a_broken_file_is_listed_and_says_what_is_wrong(self, tmp_path: Path) -> None:
        sessions = Sessions(tmp_path)
        path = sessions.create(session(launch="Big Day"))
        path.write_text("", encoding="utf-8")
        (listed,) = sessions.launches()
        with pytest.raises(SessionError, match="the file is empty") as caught:
            sessions.load(listed)
        assert caught.value.where == f"{path}:1"

    def test_a_folder_renamed_by_hand_says_what_to_call_it(self, tmp_path: Path) -> None:
        sessions = Sessions(tmp_path)
        path = sessions.create(session(launch="Big Day"))
        path.parent.rename(tmp_path / "Big Day")
        with pytest.raises(SessionError, match="is not called") as caught:
            sessions.load("Big Day")
        assert path.parent.name in caught.value.hint


class TestDays:
    def test_a_new_day_carries_all_but_the_history(self, tmp_path: Path) -> None:
        sessions = Sessions(tmp_path)
        old = session(
            {"a.b": Record(answer=AnswerKind.DONE, at=NOW, by="ana", note="n")},
            position="a.b",
            parameters={"x": 1},
            history=(Change(at=NOW, by="ana", what="answer"),),
        )
        path = sessions.create(old)
        before = path.read_bytes()
        new = sessions.today("demo", NEXT, "lee")
        assert (new.day, new.carried_from, new.operator, new.history) == (NEXT, DAY, "lee", ())
        same = {"items", "position", "parameters", "hosts", "checklist", "signoffs", "notes", "launch_at"}
        assert new.model_dump(include=same) == old.model_dump(include=same)
        assert Sessions(tmp_path).load("demo") == new
        assert sessions.days("demo") == (DAY, NEXT)
        assert path.read_bytes() == before

    def test_the_same_day_goes_on(self, tmp_path: Path) -> None:
        sessions = Sessions(tmp_path)
        one = session()
        sessions.create(one)
        assert sessions.today("demo", DAY, "lee") == one

    def test_a_clock_that_went_back_goes_on_with_the_newest_day(self, tmp_path: Path) -> None:
        sessions = Sessions(tmp_path)
        sessions.create(session(day=NEXT))
        one = sessions.today("demo", DAY, "lee")
        assert one.day == NEXT
        sessions.save(one.model_copy(update={"notes": "x"}))
        assert sessions.days("demo") == (NEXT,)

    def test_a_skipped_day_does_not_matter(self, tmp_path: Path) -> None:
        sessions = Sessions(tmp_path)
        sessions.create(session())
        later = sessions.today("demo", DAY + timedelta(days=30), "lee")
        assert later.carried_from == DAY

    def test_an_earlier_day_is_closed(self, tmp_path: Path) -> None:
        sessions = Sessions(tmp_path)
        old = session()
        path = sessions.create(old)
        sessions.today("demo", NEXT, "lee")
        before = path.read_bytes()
        for overwrite in (False, True):
            with pytest.raises(
                SessionError, match="the session of 2026-11-24 is closed: 2026-11-25 has begun"
            ):
                sessions.save(old.model_copy(update={"notes": "late"}), overwrite=overwrite)
        assert path.read_bytes() == before


class TestSave:
    def test_saving_twice_is_the_same_bytes(self, tmp_path: Path) -> None:
        sessions = Sessions(tmp_path)
        path = sessions.create(session({"a.b": Record(note="x\ny\n")}))
        before = path.read_bytes()
        sessions.save(Sessions(tmp_path).load("demo"))
        assert path.read_bytes() == before

    def test_what_someone_else_wrote_is_not_overwritten(self, tmp_path: Path) -> None:
        mine, theirs = Sessions(tmp_path), Sessions(tmp_path)
        mine.create(session())
        path = theirs.save(theirs.load("demo").model_copy(update={"notes": "theirs"}))
        assert mine.changed(session())
        ours = session().model_copy(update={"notes": "ours"})
        with pytest.raises(SessionError, match="changed by someone else") as caught:
            mine.save(ours)
        assert caught.value.hint
        assert 'notes = "theirs"' in path.read_text()
        mine.save(ours, overwrite=True)
        assert 'notes = "ours"' in path.read_text()
        mine.save(ours)
        assert not mine.changed(ours)

    def test_a_change_of_the_same_length_in_the_same_moment_is_seen(self, tmp_path: Path) -> None:
        sessions = Sessions(tmp_path)
        path = sessions.create(session(notes="ours"))
        stamp = path.stat()
        path.write_text(path.read_text().replace("ours", "mine"))
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1))
        with pytest.raises(SessionError, match="changed by someone else"):
            sessions.save(session())

    def test_a_file_touched_but_not_changed_is_accepted(self, tmp_path: Path) -> None:
        sessions = Sessions(tmp_path)
        path = sessions.create(session())
        copy = path.read_bytes()
        path.unlink()
        path.write_bytes(copy)
        sessions.save(session(notes="goes on"))
        assert sessions.load("demo").notes == "goes on"

    def test_a_removed_file_is_reported_and_written_again_on_demand(self, tmp_path: Path) -> None:
        sessions = Sessions(tmp_path)
        path = sessions.create(session())
        path.unlink()
        with pytest.raises(SessionError, match="removed while the launch was open"):
            sessions.save(session())
        sessions.save(session(), overwrite=True)
        assert path.exists()

    def test_a_removed_folder_is_reported(self, tmp_path: Path) -> None:
        sessions = Sessions(tmp_path)
        path = sessions.create(session())
        path.unlink()
        path.parent.rmdir()
        with pytest.raises(SessionError, match="removed while"):
            sessions.save(session())
        with pytest.raises(SessionError, match="does not exist"):
            sessions.save(session(), overwrite=True)

    def test_a_file_never_read_is_not_overwritten(self, tmp_path: Path) -> None:
        Sessions(tmp_path).create(session())
        with pytest.raises(SessionError, match="this process has not read it"):
            Sessions(tmp_path).save(session(notes="blind"))

    def test_a_copy_can_be_written_elsewhere_but_over_nothing(self, tmp_path: Path) -> None:
        sessions = Sessions(tmp_path)
        sessions.copy(session(notes="rescued"), tmp_path / "rescue.toml")
        assert 'notes = "rescued"' in (tmp_path / "rescue.toml").read_text()
        with pytest.raises(SessionError, match="the file already exists"):
            sessions.copy(session(), tmp_path / "rescue.toml")

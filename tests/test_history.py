"""Every version of a transcript comes back byte by byte, whatever changed it and whatever became of its history."""

from __future__ import annotations

import datetime as dt
import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from histories import as_file, begin, change, cue, lines_of, of, present

from player.archive.recording import HISTORY, TRANSCRIPT
from player.archive.webvtt.reading import read_transcript
from player.checks.lines import reused_advice
from player.cli import main
from player.errors import ArchiveError, NotFoundError
from player.history import versions
from player.history.differing import Edit, UnlikeError, apply, edits, undo
from player.history.differing import lines_of as divided
from player.history.entries import Entry, read_entry, written
from player.history.moving import moved as moves
from player.history.reused import reused

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.recording import Record

PIECES = [
    b"\n",
    b"\r\n",
    b"\r",
    b"\n\n",
    b"a\n",
    b"b\n",
    b"NOTE x\n",
    b"\xff\xfe",
    "é☃\u2028\x85".encode(),
    b"\0",
    b" ",
    b"c7\n",
]


def random_file(chance: random.Random, size: int = 40) -> bytes:
    return b"".join(chance.choice(PIECES) for _ in range(chance.randint(0, size)))


def spliced(chance: random.Random, data: bytes) -> bytes:
    for _ in range(chance.randint(1, 4)):
        first = chance.randint(0, len(data))
        data = data[:first] + random_file(chance, 5) + data[first + chance.randint(0, 12) :]
    return data


def both_ways(before: bytes, after: bytes) -> tuple[Edit, ...]:
    found = edits(before, after)
    lines = divided(before)
    apply(lines, found)
    assert b"".join(lines) == after
    undo(lines, found)
    assert b"".join(lines) == before
    return found


def test_each_of_two_files_is_made_of_the_other() -> None:
    chance = random.Random(16)  # noqa: S311  # the same each time
    for _ in range(300):
        before = random_file(chance)
        both_ways(before, chance.choice([spliced(chance, before), random_file(chance)]))


def test_a_change_has_no_more_than_the_lines_that_differ() -> None:
    before = b"".join(b"line %d\n\n" % number for number in range(1000))
    after = before.replace(b"line 5\n", b"line five\n").replace(b"line 900\n\n", b"")
    found = both_ways(before, after)
    assert found[0] == Edit(11, ("line 5\n",), ("line five\n",))
    assert [(len(each.out), len(each.put)) for each in found] == [(1, 1), (2, 0)]


def test_a_file_that_has_other_lines_is_refused() -> None:
    with pytest.raises(UnlikeError):
        apply([b"a\n"], [Edit(1, ("b\n",), ())])
    for line in (0, -1, 5, 10**12):
        with pytest.raises(UnlikeError):
            apply([b"a\n"], [Edit(line, ("a\n",), ())])


def test_an_entry_is_read_as_it_was_written(tmp_path: Path) -> None:
    entry = Entry(
        *(7, dt.datetime(2026, 11, 29, 14, 27, 3, tzinfo=dt.UTC), "Ines Keeper", "desk", "a" * 64, "b" * 64),
        edits(b"a\xff\r\nb\r", "\U0001f600\udcff\n".encode(errors="surrogateescape")),
        *(("c1",), ("k1", "k2"), ("c2",), {"c2": ("k1", "k2")}),
    )
    path = tmp_path / "0007.json"
    path.write_bytes(written(entry))
    assert read_entry(path) == entry
    assert "Ines Keeper" in path.read_text(encoding="utf-8")


WRONG: list[Any] = [
    *(b"", b"[]", b"{", b"\xff", b'{"number": 1}', b"[" * 100_000, b'{"number": true}', b"null"),
    *({"number": 2}, {"date": "yesterday"}, {"by": 3}, {"how": None}, {"before": "x"}, {"after": None}),
    *({"edits": {}}, {"edits": [3]}, {"edits": [{"line": "1"}]}, {"edits": [{"line": 1, "out": [1], "in": []}]}),
    *({"changed": "c1"}, {"new": ["1 2"]}, {"moved": []}, {"moved": {"c1": "c2"}}, {"moved": {"<b>": []}}),
]


def test_what_is_no_entry_is_told_with_its_file_and_its_versions_are_made_of_others(tmp_path: Path) -> None:
    it = three_versions(tmp_path)
    path = it.folder / HISTORY / "0001.json"
    right = path.read_bytes()
    whole = versions.content(it, 1)
    for wrong in WRONG:
        path.write_bytes(json.dumps({**json.loads(right), **wrong}).encode() if isinstance(wrong, dict) else wrong)
        with pytest.raises(ArchiveError, match=r"0001\.json(:[0-9]+)?: .+; .+"):
            read_entry(path)
        # Of the first, and of the present, everything but that change can be made all the same.
        assert versions.content(it, 0), wrong
        assert versions.content(it, 1) == whole, wrong
        assert [each.number for each in versions.versions(it)] == [0, 2], wrong
        assert versions.history(it).faults, wrong


def three_versions(root: Path) -> Record:
    begin(root)
    lines = lines_of(of(root))
    change(root, as_file([*lines[:2], cue(3, "other words are here"), *lines[3:]]))
    change(root, as_file(lines[1:]), by=None, how="import")
    return of(root)


def test_versions_are_named_by_number_and_by_day(tmp_path: Path) -> None:
    it = three_versions(tmp_path)
    found = versions.versions(it)
    assert [(each.number, each.by, each.how) for each in found] == [
        (0, None, "first"),
        (1, "Ines Keeper", "desk"),
        (2, None, "import"),
    ]
    assert versions.current(it) == found[2]
    today = dt.datetime.now(dt.UTC).date()
    assert versions.as_of(it, today) == found[2]
    assert versions.as_of(it, today - dt.timedelta(days=2)) == found[0]
    assert versions.named(it, "1") == found[1]
    assert versions.named(it, "9") is None
    assert versions.named(it, "2026-02-31") is None
    assert versions.named(it, today.isoformat()) == found[2]
    assert versions.named(it, "²") is None
    with pytest.raises(NotFoundError):
        versions.content(it, 3)


def test_a_recording_without_history_has_no_versions(tmp_path: Path) -> None:
    it = begin(tmp_path)
    assert versions.versions(it) == ()
    assert versions.current(it) is None
    assert versions.files(it) == [it.folder / HISTORY]
    assert change(tmp_path, present(it)) is None
    assert not (it.folder / HISTORY).exists()


def test_what_a_text_editor_changed_is_written_down_before_the_next_change(tmp_path: Path) -> None:
    it = three_versions(tmp_path)
    edited = present(it).replace(b"number 4", b"number four") + b"\nNOTE by hand\n"
    (it.folder / TRANSCRIPT).write_bytes(edited)
    assert versions.current(it) is None
    assert change(tmp_path, edited.replace(b"four", b"4")) == 4
    assert [(each.number, each.by, each.how) for each in versions.versions(it)[3:]] == [
        (3, None, "outside the program"),
        (4, "Ines Keeper", "desk"),
    ]
    assert versions.content(it, 3) == edited


@pytest.mark.parametrize("lost", ["0000-first.vtt", "0001.json", "0002.json"])
def test_what_is_left_of_a_history_is_read_where_a_file_of_it_is_lost(tmp_path: Path, lost: str) -> None:
    it = three_versions(tmp_path)
    change(tmp_path, present(it) + b"\nNOTE more\n")
    whole = {number: versions.content(it, number) for number in range(4)}
    (it.folder / HISTORY / lost).unlink()
    # Version 1 is made neither of the first nor of the present where both of the entries beside it are lost.
    assert {number: versions.content(it, number) for number in whole} == whole
    assert any(lost in str(fault) for fault in versions.history(it).faults)
    # It goes on.
    assert change(tmp_path, present(it) + b"\nNOTE again\n") == 4
    assert versions.content(it, 4) == present(it)


def test_a_history_whose_end_is_lost_goes_on_from_the_file_as_it_is(tmp_path: Path) -> None:
    it = three_versions(tmp_path)
    (it.folder / HISTORY / "0002.json").write_bytes(b"gone")
    (it.folder / TRANSCRIPT).write_bytes(present(it) + b"\nNOTE by hand\n")
    here = present(it)
    assert change(tmp_path, here + b"\nNOTE more\n") == 4
    assert versions.content(it, 3) == here
    assert versions.content(it, 4) == present(it)
    assert (it.folder / HISTORY / "0003-whole.vtt").read_bytes() == here
    with pytest.raises(ArchiveError, match=r"0002\.json"):
        versions.content(it, 2)


def test_a_history_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    it = three_versions(tmp_path / "archive")
    folder = it.folder / HISTORY
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert versions.versions(it) == ()
    with pytest.raises(ArchiveError, match="this is a link"):
        change(tmp_path / "archive", b"WEBVTT\n")
    folder.unlink()
    (tmp_path / "elsewhere").rename(folder)
    (folder / "0001.json").rename(tmp_path / "0001.json")
    (folder / "0001.json").symlink_to(tmp_path / "0001.json")
    assert "0001.json: this is a link" in str(versions.history(it).faults[0])


def test_numbers_of_files_that_nobody_wrote_cost_nothing(tmp_path: Path) -> None:
    it = three_versions(tmp_path)
    (it.folder / HISTORY / "9999999.json").write_bytes(b"{}")
    assert [each.number for each in versions.versions(it)] == [0, 1, 2]
    assert versions.content(it, 1)


def test_where_words_of_lines_went_is_told_by_words_and_times() -> None:
    old = [cue(1, "Yes."), cue(2, "The ferry left at nine"), cue(3, "and nobody saw it"), cue(9, "Yes.")]
    parts = [cue(2, "The ferry", "k1"), cue(2, "left at nine", "k2")]
    assert moves(old, [old[0], *parts, *old[2:]]).moved == {"c2": ("k1", "k2")}
    joined = cue(2, "The ferry left at nine and nobody saw it", "k3")
    assert moves(old, [old[0], joined, old[3]]).moved == {"c2": ("k3",), "c3": ("k3",)}
    # The same short word half a minute later is another's.
    assert moves(old, [*old[1:3], cue(9, "Yes.", "k4")]).moved == {"c1": (), "c9": ("k4",)}
    assert moves(old, []).moved == {"c1": (), "c2": (), "c3": (), "c9": ()}
    assert moves(old, old).moved == {}
    late = cue(30, "the ferry left at NINE!", "k5")
    assert moves(old, [old[0], old[2], old[3], late]).moved == {"c2": ("k5",)}


@pytest.mark.long
def test_player_check_tells_of_a_history_that_is_damaged_and_looks_again_when_it_is_mended(tmp_path: Path) -> None:
    it = three_versions(tmp_path)
    path = it.folder / HISTORY / "0001.json"
    right = path.read_bytes()

    def told() -> str:
        found: str = CliRunner().invoke(main, ["check", "--archive", str(tmp_path)]).output
        return found

    assert "0001.json" not in told()
    path.write_bytes(b"{")
    assert "0001.json:1: this is not JSON; put the file back from a backup" in told()
    path.unlink()
    assert "0001.json: this file of the history is missing; " in told()
    path.write_bytes(right)
    assert "0001.json" not in told()


def test_a_line_that_a_text_editor_called_as_another_was_is_advised_of(tmp_path: Path) -> None:
    begin(tmp_path, [cue(1, "The boat came in"), cue(2, "and left at nine"), cue(3, "for the far quay")])
    it, lines = of(tmp_path), lines_of(of(tmp_path))
    change(tmp_path, as_file([lines[0], lines[2]]))
    path = it.folder / TRANSCRIPT
    for other in ("somebody else spoke here", "and left at ten"):
        path.write_bytes(as_file([lines[0], cue(2, other), lines[2]]))
        told = [line.id for line in reused(it, lines_of(it))]
        assert told == (["c2"] if "else" in other else [])
    # A file that was copied over it, in which lines are numbered.
    path.write_bytes(as_file([cue(1, "for the far quay"), cue(3, "The boat came in")]))
    assert [line.id for line in reused(it, lines_of(it))] == ["c1", "c3"]
    (advice, _) = reused_advice(it, read_transcript(path))
    assert "another line was c1 before, so what cites that one leads to this; give this line" in str(advice)
    change(tmp_path, present(it) + b"\nNOTE more\n")
    assert change(tmp_path, versions.content(it, 0)) is not None
    assert [line.id for line in reused(it, lines_of(it))] == []

"""``player check`` advises on what waits at the desk: copies set aside, old copies, suggestions."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import checking
import pytest
from at_the_desk import desk_window
from small_archive import bind

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400


@pytest.fixture
def folder(archive: Path) -> Path:
    bind(archive)
    return archive / "transcripts/tones"


def advised(archive: Path) -> list[str]:
    return [str(each) for each in checking.advice(archive)]


def test_what_was_set_aside_is_told_with_its_path_and_what_to_do(archive: Path, folder: Path) -> None:
    desk_window(archive).step(do="words", id="first", text="One hawser.")
    assert advised(archive) == []
    (copy,) = (folder / "working").iterdir()
    copy.write_bytes(b"{not JSON\n")
    desk_window(archive)
    (told,) = advised(archive)
    assert f"{copy.stem}.set-aside-1.jsonl: this is a working copy that could not be followed" in told
    assert told.endswith(
        'each line of it is a step, and "text" in it has its words: take out what you need, and delete it'
    )


def test_a_working_copy_that_nobody_goes_on_with_is_told_once_it_is_old(archive: Path, folder: Path) -> None:
    desk_window(archive).step(do="words", id="first", text="One hawser.")
    (copy,) = (folder / "working").iterdir()
    long_ago = time.time() - 40.5 * DAY
    os.utime(copy, (long_ago, long_ago))
    (told,) = advised(archive)
    assert f'{copy.name}: nobody has gone on with this working copy of "Ines Keeper" for 40 days' in told
    assert "player serve --edit --by 'Ines Keeper'" in told
    copy.with_name("notes.txt").write_text("by hand", encoding="utf-8")
    assert any("notes.txt: this is no working copy of the desk" in each for each in advised(archive))


def test_suggestions_that_wait_are_counted_and_others_named(archive: Path, folder: Path) -> None:
    place = folder / "suggestions"
    place.mkdir()
    for number in range(2):
        place.joinpath(f"{number:016x}.json").write_text(
            '{"line": "first", "date": "2026-11-29T14:27:03Z", "seen": ["One"], "said": ["Two"], "note": null,'
            ' "name": null}',
            encoding="utf-8",
        )
    (told,) = advised(archive)
    assert "suggestions: 2 suggestions of listeners wait; look at them at the desk" in told
    # Also where nothing else has changed since the last look.
    place.joinpath(f"{0:016x}.json").write_text("{}", encoding="utf-8")
    told, waiting = sorted(advised(archive))
    assert "this is no suggestion of a listener that can be read" in told
    assert "1 suggestion of a listener waits" in waiting

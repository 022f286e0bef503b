"""What names a line of a transcript follows it where the line is divided, joined or removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from player.archive.archive import Archive
from player.archive.line_pointers import pointers_after
from player.errors import ArchiveError
from player.timecode import Span

if TYPE_CHECKING:
    from pathlib import Path

DIVIDED: Final = """\
a
00:00:02.000 --> 00:00:03.000
<v Ada>One two

b
00:00:03.000 --> 00:00:04.500
<v Ada>three.
"""
CHRONOLOGY: Final = """\
[[entry]]
id = "late"
strand = "tones"
date = "1963-11-05"
event = "[One](/recordings/tones/lines/first), [two](/recordings/tones?t=2#cue-first), /recordings/tones/lines/firsts."
moments = ["tones#first",  # the first
  "tones#note-who", "others#first"]
"""


def follow(archive: Path, new: str, moved: dict[str, list[str]]) -> dict[str, str]:
    """Change the transcript, and write all that follows; give these files by their names."""
    found = Archive(archive).record("tones")
    path = found.folder / "transcript.vtt"
    before = path.read_bytes()
    changed = pointers_after(found, before, new.encode(), moved)
    path.write_text(new, encoding="utf-8")
    for each, text in changed.items():
        each.write_bytes(text)
    return {each.name: text.decode() for each, text in changed.items()}


def transcript(archive: Path) -> str:
    return (archive / "transcripts" / "tones" / "transcript.vtt").read_text(encoding="utf-8")


def without(text: str, name: str) -> str:
    """Take a line out."""
    before, _, after = text.partition(f"\n{name}\n")
    return before + "\n" + after.partition("\n\n")[2]


def close(archive: Path, text: str) -> None:
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n[[closed]]\n{text}\n", encoding="utf-8")


def test_notes_and_closed_passages_follow_a_line_that_was_divided(archive: Path) -> None:
    close(archive, 'cue = "first"  # until they agree')
    text = transcript(archive)
    new = without(text, "first") + "\n" + DIVIDED
    files = follow(archive, new, {"first": ["a", "b"]})
    assert 'cue = "a..b"\n' in files["annotations.toml"]
    assert 'cue = "a..b"  # until they agree\n' in files["recording.toml"]
    (who,) = [each for each in Archive(archive).recording("tones").annotations if each.id == "who"]
    assert who.span == Span(2000, 4500)
    (closed,) = Archive(archive).record("tones").shown.passages
    assert (closed.span.start, closed.span.end) == (2000, 4500)


def test_moments_and_links_follow_and_nothing_else_in_their_files_changes(archive: Path) -> None:
    place = archive / "transcripts" / "chronology.toml"
    place.write_bytes(CHRONOLOGY.replace("\n", "\r\n").encode())
    new = without(transcript(archive), "first") + "\n" + DIVIDED
    files = follow(archive, new, {"first": ["a", "b"]})
    expected = CHRONOLOGY.replace("lines/first)", "lines/a)").replace("#cue-first", "#cue-a")
    assert files["chronology.toml"] == expected.replace("tones#first", "tones#a").replace("\n", "\r\n")


def test_what_belongs_to_a_line_that_is_gone_keeps_its_time(archive: Path) -> None:
    close(archive, 'cue = "first"')
    files = follow(archive, without(transcript(archive), "first"), {"first": []})
    assert 'start = "0:02"\nend = "0:04.5"' in files["annotations.toml"]
    recording = Archive(archive).recording("tones")
    assert recording.unread.faults == ()
    assert [(each.span.start, each.span.end) for each in recording.shown.passages] == [(2000, 4500)]


def test_a_note_at_a_line_without_times_goes_to_the_line_above_and_a_closed_one_closes_all(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.write_text("WEBVTT\n\nNOTE untimed up\nUp.\n\nNOTE untimed first\nFirst.\n", encoding="utf-8")
    close(archive, 'cue = "first"')
    files = follow(archive, "WEBVTT\n\nNOTE untimed up\nUp.\n", {"first": []})
    assert 'cue = "up"' in files["annotations.toml"]
    assert "recording.toml" not in files
    assert Archive(archive).record("tones").shown.transcript is not None


def test_nothing_is_read_where_no_line_moved(archive: Path) -> None:
    (archive / "transcripts" / "tones" / "annotations.toml").write_text("no TOML")
    assert follow(archive, transcript(archive), {}) == {}


def test_an_own_file_that_cannot_be_changed_is_named(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "annotations.toml"
    path.write_text('annotation = [\n{ id = "a", kind = "term", title = "A", cue = "first" },\n]\n', encoding="utf-8")
    with pytest.raises(ArchiveError, match=r"annotations\.toml:?\d*: what names a line .* cannot be changed here"):
        follow(archive, without(transcript(archive), "first"), {"first": []})

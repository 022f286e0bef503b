"""A file of the archive that is broken takes nothing away but what is in it, and is told where it belongs."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

import checking
import pytest
from click.testing import CliRunner, Result
from html_elements import Element, parse, said
from small_archive import bind

from player.cli import main
from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SPANISH = """\
WEBVTT
Language: spa
Local Usage Element: [Translated by] Ada's sister

opening
00:00:00.000 --> 00:00:02.000
Silencio y zumbido.

first
00:00:02.000 --> 00:00:04.500
Uno dos tres.

00:00:05.000 --> 00:00:07.000
Otra voz.

last
00:00:08.000 --> 00:00:10.000
El fin.
"""
SCRIPT = """\
[[voice]]
name = "Ada"
flite = "slt"

[[line]]
id = "first"
voice = "Ada"
text = "One two three."
sources = ["log, p. 2"]
"""


def _leads_out(path: Path) -> None:
    outside = path.parents[len(path.parts) - path.parts.index("archive")] / "outside"
    outside.write_text("outside", encoding="utf-8")
    path.unlink(missing_ok=True)
    path.symlink_to(outside)


def _is_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _is_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _leads_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("gone")


def _leads_to_itself(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def _is_too_large(path: Path) -> None:
    with path.open("ab") as file:
        file.truncate(65_000_000)


def _has_a_wrong_byte(path: Path) -> None:
    content = path.read_bytes()
    at = content.rindex(b"e")
    path.write_bytes(content[:at] + b"\xe9" + content[at + 1 :])


def _has_nuls(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"e", b"\0", 3))


DAMAGE: list[Callable[[Path], object]] = [
    *(_leads_out, _leads_nowhere, _leads_to_itself, _is_folder, _is_pipe, _is_too_large, _has_a_wrong_byte, _has_nuls),
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16")),
    lambda path: path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16-be")),
    lambda path: path.write_bytes(bytes(range(256)) * 16),
    lambda path: path.write_bytes(b"1\n00:00:01,000 --> 00:00:02,000\nSubRip\n"),
]

FILES = [
    *("tones/transcript.vtt", "tones/transcript.es.vtt", "tones/annotations.toml", "tones/script.toml"),
    *("sources.toml", "people.toml", "chronology.toml", "dossiers/pitch.toml"),
]


def run(archive: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--archive", str(archive)])


def damaged(archive: Path, name: str, content: bytes | str) -> Path:
    path = archive / "transcripts" / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def replaced(archive: Path, name: str, old: bytes, new: bytes) -> Path:
    before = (archive / "transcripts" / name).read_bytes()
    assert old in before
    return damaged(archive, name, before.replace(old, new))


def told(archive: Path) -> list[str]:
    return [str(fault) for fault in checking.faults(archive)]


def page(archive: Path) -> Element:
    answer = create_app(archive).test_client().get("/recordings/tones")
    assert answer.status_code == 200
    return parse(answer.text)


@pytest.fixture
def whole(context_archive: Path) -> Path:
    """The archive with everything that a recording can have beside it."""
    damaged(context_archive, "tones/transcript.es.vtt", SPANISH)
    damaged(context_archive, "tones/script.toml", SCRIPT)
    return context_archive


@pytest.mark.long
@pytest.mark.parametrize("name", FILES)
def test_whatever_is_wrong_with_a_file_the_page_the_sound_and_clips_by_times_stay(whole: Path, name: str) -> None:
    path = whole / "transcripts" / name
    kept = path.read_bytes()
    client = create_app(whole).test_client()
    for damage in DAMAGE:
        damage(path)
        for address in (
            *("/", "/recordings/tones", "/media/tones", "/recordings/tones/clip.wav?t=2,3"),
            *("/recordings/tones/cite?t=2,3", "/recordings/tones/cite.ris", "/recordings/tones?q=one"),
        ):
            with client.get(address) as answer:
                assert answer.status_code == 200, (damage, address)
        with client.get("/media/tones", headers={"Range": "bytes=0-9"}) as answer:
            assert answer.status_code == 206
        assert client.get("/recordings/tones/waveform.svg").status_code in {200, 202}
        assert "tones" in run(whole, "list").stdout
        assert run(whole, "clip", "tones", "--from", "2", "--to", "3", "-o", str(whole / "a.wav")).exit_code == 0
        (whole / "a.wav").unlink()
        (whole / "a.wav.json").unlink()
        (whole / "a.wav.vtt").unlink(missing_ok=True)
        checked = run(whole, "check")
        assert checked.exit_code == 1, damage
        assert f"{path.name}:" in checked.stdout or not path.stat().st_size, damage
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        path.write_bytes(kept)


@pytest.mark.parametrize("name", ["people.toml", "chronology.toml", "sources.toml", "dossiers/pitch.toml"])
def test_what_stands_around_a_recording_and_cannot_be_read_is_told_at_its_foot(whole: Path, name: str) -> None:
    assert not page(whole).one("section.about").all("p.warning")
    damaged(whole, name, "wrong")
    warning = page(whole).one("section.about").one("p.warning").text
    assert warning.rpartition(": ")[2].rstrip(".").split()[-1] in name


def test_sources_that_cannot_be_read_leave_citations_without_links(archive: Path) -> None:
    damaged(archive, "sources.toml", "wrong")
    client = create_app(archive).test_client()
    for address, place in (
        ("/recordings/tones", "ul.line-sources"),
        ("/recordings/tones/lines/first", "dl.about-line"),
    ):
        cited = parse(client.get(address).text).one(place).all("span.cite")[-1]
        assert (cited.text, cited.all("a")) == ("log, p. 2", [])


def test_one_byte_that_is_not_utf_8_takes_no_line_away(archive: Path) -> None:
    bind(archive)
    replaced(archive, "tones/transcript.vtt", b"The end.", b"The \xe9nd.")
    html = page(archive)
    assert html.all("audio")
    assert [said(cue) for cue in html.all(".cue")][-1] == "The \ufffdnd."
    assert "Line 22: byte 0xe9 is not UTF-8" in html.one("details.warning").text
    assert [note["id"] for note in html.all("aside.note")] == ["note-who", "note-late", "note-around"]
    (fault,) = told(archive)
    assert "transcript.vtt:22: byte 0xe9 is not UTF-8; save the file as UTF-8" in fault
    for way in (["--from", "2", "--to", "3"], ["--cue", "last"], ["--quote", "one two"], ["--annotation", "who"]):
        target = str(archive / f"{way[0]}.wav")
        assert run(archive, "clip", "tones", *way, "-o", target).exit_code == 0


def test_one_byte_that_is_not_utf_8_takes_one_line_of_a_translation_to_u_fffd(whole: Path) -> None:
    replaced(whole, "tones/transcript.es.vtt", b"El fin.", b"El f\xedn.")
    assert page(whole).one("#cue-last").one("p.translated").text == "El f\ufffdn."
    assert any("transcript.es.vtt:18: byte 0xed is not UTF-8" in fault for fault in told(whole))


def test_a_transcript_that_cannot_be_read_is_told_in_its_place_and_its_notes_stand_below(archive: Path) -> None:
    damaged(archive, "tones/transcript.vtt", b"1\n00:00:01,000 --> 00:00:02,000\nSubRip\n")
    html = page(archive)
    assert html.all("audio")
    assert not html.all(".cue")
    assert "There is a transcript, but it cannot be read: the file does not begin with WEBVTT." in html.text
    assert "There is no transcript" not in html.text
    background = html.all("section.background")[-1]
    assert "Some of these notes belong to lines of the transcript" in background.text
    assert [note["id"] for note in background.all("aside.note")] == ["note-who", "note-around"]
    assert html.one("nav#moments").one("a.cut")["href"].startswith("/recordings/tones/clip.mp3?t=8.5,10&")
    answer = create_app(archive).test_client().get("/recordings/tones/transcript.vtt")
    assert (answer.status_code, "cannot be read; its page says what can be read" in answer.text) == (404, True)


@pytest.mark.parametrize(
    "way", [["--cue", "last"], ["--quote", "one two"], ["--match", "one"], ["--annotation", "who"]]
)
def test_a_clip_by_lines_that_cannot_be_read_is_refused_with_what_is_wrong(archive: Path, way: list[str]) -> None:
    damaged(archive, "tones/transcript.vtt", b"SubRip\n")
    result = run(archive, "clip", "tones", *way, "-o", str(archive / "a.wav"))
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert re.search(r"transcript\.vtt:1: the file does not begin with WEBVTT; make that", result.stderr)


def test_a_clip_by_times_says_that_it_goes_without_words_that_cannot_be_read(archive: Path) -> None:
    damaged(archive, "tones/transcript.vtt", b"SubRip\n")
    arguments = ["clip", "tones", "--from", "2", "--to", "3", "--force", "-o", str(archive / "a.wav")]
    result = run(archive, *arguments)
    assert result.exit_code == 0
    assert "transcript.vtt:1: " in result.stderr
    assert "clips are cut without their words" in result.stderr
    assert run(archive, *arguments, "--bare").stderr == ""
    assert run(archive, "clip", "tones", "--annotation", "late", "-o", str(archive / "b.wav")).exit_code == 0


def test_a_clip_names_sources_that_cannot_be_read_by_their_ids_and_says_so(archive: Path) -> None:
    damaged(archive, "sources.toml", "wrong")
    result = run(archive, "clip", "tones", "--from", "2", "--to", "3", "-o", str(archive / "a.wav"))
    assert result.exit_code == 0
    assert "the bibliography cannot be read, so clips name their sources by their ids only" in result.stderr
    assert "log, p. 2" in (archive / "a.wav.json").read_text(encoding="utf-8")


def test_annotations_that_cannot_be_read_are_told_where_notes_stand(archive: Path) -> None:
    replaced(archive, "tones/annotations.toml", b"body", b"boddy")
    html = page(archive)
    assert len(html.all(".cue")) == 4
    assert not html.all("aside.note")
    assert "There are notes, but they cannot be read" in html.text
    assert any("annotations.toml:5: " in fault for fault in told(archive))
    for arguments in (["annotations", "tones"], ["clip", "tones", "--annotation", "late"], ["clips", "tones"]):
        more = ["--all-annotations", "-o", str(archive / "clips")] if arguments[0] == "clips" else []
        result = run(archive, *arguments, *more)
        assert (result.exit_code, "annotations.toml:5: " in result.stderr) == (1, True), arguments


def test_a_wrong_record_is_as_if_it_were_not_there_and_the_others_stand(
    archive: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(archive / "transcripts" / "tones", archive / "transcripts" / "other")
    replaced(archive, "other/recording.toml", b"place", b"plaice")
    client = create_app(archive).test_client()
    answer = client.get("/recordings/other")
    # What it says of who may see it cannot be read either.
    assert (answer.status_code, "No recording is called &#34;other&#34;" in answer.text) == (404, True)
    assert "recording.toml:3: there is a fault here" in caplog.text
    assert client.get("/recordings/tones").status_code == 200
    listed = run(archive, "list")
    assert (listed.exit_code, listed.stdout) == (1, "tones  1963-11-05  recording  A tape of tones\n")
    assert "recording.toml:3: " in listed.stderr


def test_what_points_into_a_file_that_cannot_be_read_is_not_said_to_point_nowhere(whole: Path) -> None:
    assert told(whole) == []
    damaged(whole, "tones/transcript.vtt", b"SubRip\n")
    assert len(told(whole)) == 2  # the transcript, and the translation that nothing can be held against
    damaged(whole, "tones/annotations.toml", "wrong")
    assert len(told(whole)) == 3


def test_a_sound_outside_the_archive_takes_nothing_from_the_page(archive: Path) -> None:
    (archive / "media" / "tones.wav").rename(archive.parent / "secret.wav")
    (archive / "media" / "tones.wav").symlink_to(archive.parent / "secret.wav")
    html = page(archive)
    assert not html.all("audio")
    assert len(html.all(".cue")) == 4
    assert create_app(archive).test_client().get("/recordings/tones/cite").status_code == 200
    assert any("tones.wav: this link leads out of the archive" in fault for fault in told(archive))
    result = run(archive, "clip", "tones", "--from", "2", "--to", "3", "-o", str(archive / "a.wav"))
    assert (result.exit_code, "this link leads out of the archive" in result.stderr) == (1, True)


def test_a_file_that_is_mended_is_read_again(archive: Path) -> None:
    app = create_app(archive)

    def lines() -> int:
        return len(parse(app.test_client().get("/recordings/tones").text).all(".cue"))

    path = archive / "transcripts" / "tones" / "transcript.vtt"
    kept = path.read_bytes()
    assert lines() == 4
    path.write_bytes(b"SubRip\n")
    assert lines() == 0
    path.unlink()
    path.symlink_to(archive.parent / "transcript.vtt")
    (archive.parent / "transcript.vtt").write_bytes(kept)
    assert lines() == 0
    path.unlink()
    path.write_bytes(kept)
    assert lines() == 4

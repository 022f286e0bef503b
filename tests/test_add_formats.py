"""Sounds of every kind become recordings that play: with their tags, their copy for browsers, and their transcript."""

from __future__ import annotations

import hashlib
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from holding import has_come
from test_add import SRT, player
from tones import ffmpeg, write_tones

from player.archive.archive import Archive
from player.audio import access, tags
from player.intake.beginning import begin
from player.web.app import create_app

ROOT: Final = Path(__file__).resolve().parents[1]
LIMIT: Final = 120  # seconds until a test is given up; none is measured by it
#: By their suffix: how ffmpeg writes them, and what may be read in their tags.
FORMATS: Final = {
    ".mp3": (("-b:a", "64k"), "title date performer language"),
    ".wav": (("-write_bext", "1", "-metadata", "origination_date=1971-06-02"), "title date performer language"),
    ".flac": ((), "title date performer language"),
    ".m4a": (("-c:a", "aac", "-metadata:s:a:0", "language=spa"), "title date performer language"),
    ".opus": (("-c:a", "libopus"), "title date performer language"),
    ".ogg": (("-c:a", "libvorbis"), "title date performer language"),
    ".aiff": (("-write_id3v2", "1"), "title date performer language"),
    ".wma": (("-c:a", "wmav2"), "title date performer language"),
}
SAID: Final = {"title": "Die Fähre = früh; #2", "date": "1971-06-02", "artist": "Ines Valle", "language": "spa"}


def tagged(folder: Path, suffix: str) -> Path:
    wav = write_tones(folder / "plain.wav", seconds=4)
    path = folder / f"quay{suffix}"
    said = [each for name, value in SAID.items() for each in ("-metadata", f"{name}={value}")]
    ffmpeg("-i", str(wav), *said, *FORMATS[suffix][0], str(path))
    return path


@pytest.mark.long
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_sound_of_any_kind_becomes_a_recording_that_plays(tmp_path: Path, suffix: str) -> None:
    begin(tmp_path / "archive")
    sound, words = tagged(tmp_path, suffix), tmp_path / "quay.srt"
    words.write_text(SRT, encoding="utf-8")
    done = player("add", sound, "--transcript", words, "--archive", tmp_path / "archive", "--publish")
    assert done.exit_code == 0, done.output
    assert "player check finds nothing wrong with it" in done.output
    archive = Archive(tmp_path / "archive")
    (slug,) = archive.slugs()
    record = archive.record(slug)
    assert (record.title, record.date, record.language) == (SAID["title"], SAID["date"], "es")
    assert record.media is not None
    assert record.media.suffix == suffix
    assert hashlib.sha256(record.media.read_bytes()).digest() == hashlib.sha256(sound.read_bytes()).digest()
    has_copy = access.shipped(archive.media, slug, record.media) is not None
    assert has_copy == (access.needed(record.media) is not None)
    page = create_app(tmp_path / "archive").test_client().get(f"/recordings/{slug}")
    assert page.status_code == 200
    assert "Nobody told the office." in page.text


@pytest.mark.long
@pytest.mark.parametrize("suffix", FORMATS)
def test_the_tags_of_any_kind_are_read(tmp_path: Path, suffix: str) -> None:
    found = tags.read(tagged(tmp_path, suffix))
    assert found == tags.Tags(SAID["title"], SAID["date"], SAID["artist"], "es")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1971-06-02T10:00:00Z", "1971-06-02"),
        ("1971:06:02", "1971-06-02"),
        ("19710602", "1971-06-02"),
        ("1971-06", "1971-06"),
        ("1971", "1971"),
        ("2001-01-01", "2001"),
        ("1971-13-45", "1971"),
        ("02/06/1971", None),
        ("0000", None),
        ("", None),
    ],
)
def test_the_date_of_a_tag_is_taken_as_far_as_it_is_one(text: str, date: str | None) -> None:
    assert tags.edtf(text) == date


@pytest.mark.parametrize(
    ("code", "tag"), [("eng", "en"), ("pt_br", "pt-BR"), ("deu", "de"), ("en-US", "en-US"), ("und", None), ("??", None)]
)
def test_a_code_of_a_language_becomes_its_tag(code: str, tag: str | None) -> None:
    assert tags.language(code) == tag


@pytest.mark.long
def test_at_a_terminal_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    begin(tmp_path / "archive")
    write_tones(tmp_path / "harbour_office.wav", seconds=2)
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PLAYER_CACHE": str(tmp_path / "cache"), "TERM": "dumb"}
    words = ["add", str(tmp_path / "harbour_office.wav"), "--archive", str(tmp_path / "archive")]
    with subprocess.Popen(
        [sys.executable, "-m", "player", *words], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        said = _until(ours, "[Harbour office]: ")
        said += _answered(ours, b"\n", "Date: ")
        said += _answered(ours, b"some time\n", "this is not in one of these forms")
        said += _answered(ours, b"1971~\n", "to publish it")
        assert process.wait(LIMIT) == 0
    os.close(ours)
    assert "About 1971: 1971~." in said
    record = Archive(tmp_path / "archive").record("harbour-office")
    assert (record.title, record.date) == ("Harbour office", "1971~")


def _answered(terminal: int, answer: bytes, words: str) -> str:
    """Answer, and read what is shown up to some words.

    What is typed while a prompt is being set up is lost: so it is typed again where nothing comes of it.
    """
    said = ""
    for _ in range(LIMIT):
        os.write(terminal, answer)
        while words not in said and has_come(terminal, 1):
            said += os.read(terminal, 1024).decode(errors="replace")
        if words in said:
            return said
    pytest.fail(f"nothing comes of {answer!r}: {said}")


def _until(terminal: int, words: str) -> str:
    """Read what a terminal shows, up to some words; a failure says what it shows in their place."""
    said = ""
    while words not in said:
        assert has_come(terminal, LIMIT), said
        said += os.read(terminal, 1024).decode(errors="replace")
    return said

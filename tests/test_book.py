"""A recording goes out as a book, EPUB 3 with Media Overlays, that programs which we did not write accept."""

from __future__ import annotations

import hashlib
import io
import subprocess
import wave
import zipfile
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import pytest
from clipping import run
from doubted_ferry import write_doubted
from exporting import READING, TOLD, add_to_record, write_words
from machine_ferry import LABEL, SLUG
from programs import program
from small_archive import write_tones
from test_translation import SPANISH
from tones import EXECUTABLE

from player.commands import exporting_book
from player.errors import UnprovenError
from player.publish.book import sound as sounds
from player.web.app import create_app
from player.web.routes import book as books

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask.testing import FlaskClient
    from pytest import MonkeyPatch  # noqa: PT013  # a type alone

ADDRESS: Final = "/recordings/tones/recording.epub"
LONG: Final = pytest.mark.long
OPF: Final = "{http://www.idpf.org/2007/opf}"
DC: Final = "{http://purl.org/dc/elements/1.1/}"
SMIL: Final = "{http://www.w3.org/ns/SMIL}"
HTML: Final = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE: Final = "{http://www.idpf.org/2007/ops}type"
#: Two voices in a line, a line without a time, pages, signs of XML, and lines that begin at once.
WORDS: Final = """\
00:01.000 --> 00:02.000
<v Ada>One &lt;two&gt; &amp; ]]>
<v Ben>[a door shuts]

NOTE untimed between
<v Ada>Between.

NOTE page: 12

00:03.000 --> 00:04.000
<v Ben>Three.

NOTE page: 13

00:03.000 --> 00:05.000
<v Ada>At once.

NOTE source: log, p. 2

00:06.500 --> 00:07.000
<v Ada>Last.
"""


def book_of(root: Path, slug: str = "tones", name: str = "epub") -> bytes:
    answer = create_app(root).test_client().get(f"/recordings/{slug}/recording.{name}")
    assert answer.status_code == HTTPStatus.OK, answer.text
    assert answer.mimetype == "application/epub+zip"
    data: bytes = answer.data
    assert len(data) == answer.content_length
    return data


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.testzip() is None
        return {name.removeprefix("EPUB/"): packed.read(name) for name in packed.namelist()}


def tree(content: bytes) -> ET.Element:
    return ET.fromstring(content)  # noqa: S314  # our own


def text_of(data: bytes) -> str:
    """Give what is read in all pages of a book."""
    return "\n".join(
        "".join(tree(content).itertext()) for name, content in parts(data).items() if name.endswith(".xhtml")
    )


def clips(data: bytes) -> list[tuple[str, float, float]]:
    """Give what is shown and heard in a book, one after the other: the place, and the passage in seconds."""
    found = []
    inner = parts(data)
    for name in sorted(each for each in inner if each.endswith(".smil")):
        for par in tree(inner[name]).iter(f"{SMIL}par"):
            text, audio = par.find(f"{SMIL}text"), par.find(f"{SMIL}audio")
            assert text is not None
            assert audio is not None
            assert audio.get("src") in inner
            page, _, place = text.attrib["src"].partition("#")
            assert place in [each.get("id") for each in tree(inner[page]).iter()]
            found.append((place, seconds(audio.attrib["clipBegin"]), seconds(audio.attrib["clipEnd"])))
    return found


def seconds(clock: str) -> float:
    hours, minutes, rest = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def metadata(data: bytes) -> list[tuple[str, str]]:
    """Give what a book says of itself: names with what they are."""
    found = tree(parts(data)["package.opf"]).find(f"{OPF}metadata")
    assert found is not None
    return [(each.get("property") or each.tag.removeprefix(DC), each.text or "") for each in found]


def checked(data: bytes, folder: Path) -> str:
    """Give what EPUBCheck says of a book."""
    path = folder / "book.epub"
    path.write_bytes(data)
    program("epubcheck")
    told = [str(program("java")), "-jar", str(program("epubcheck").resolve()), str(path)]
    done = subprocess.run(told, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}"


@LONG
def test_epubcheck_accepts_a_book_with_all_that_one_can_have(archive: Path, tmp_path: Path) -> None:
    write_words(archive, WORDS)
    add_to_record(archive, f"{READING}{TOLD}")
    told = checked(book_of(archive), tmp_path)
    assert "0 fatals / 0 errors / 0 warnings" in told, told


@LONG
def test_epubcheck_accepts_a_book_with_notes_and_one_without_sound_in_another_language(
    archive: Path, tmp_path: Path
) -> None:
    (archive / "transcripts" / "tones" / "transcript.es.vtt").write_text(SPANISH, encoding="utf-8")
    told = checked(book_of(archive), tmp_path)
    assert "0 fatals / 0 errors / 0 warnings" in told, told
    (archive / "media" / "tones.wav").unlink()
    told = checked(book_of(archive, name="es.epub"), tmp_path)
    assert "0 fatals / 0 errors / 0 warnings" in told, told


@pytest.mark.long
def test_the_same_recording_gives_the_same_bytes_as_the_specification_orders_them(archive: Path) -> None:
    one = book_of(archive)
    assert one == book_of(archive)
    with zipfile.ZipFile(io.BytesIO(one)) as packed:
        first, *others = packed.infolist()
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
        assert packed.read(first) == b"application/epub+zip"
        assert one[30:38] == b"mimetype"
        sound = others[-1]
        assert (sound.filename, sound.compress_type) == ("EPUB/sound.m4a", zipfile.ZIP_STORED)
        assert {each.date_time for each in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_lines_sound_one_after_the_other_and_none_of_the_sound_is_passed_over(archive: Path) -> None:
    write_words(archive, WORDS)
    data = book_of(archive)
    # The line that begins with the one before is shown while both are heard.
    assert clips(data) == [
        ("beginning", 0, 1),
        ("cue-c1", 1, 3),
        ("cue-c3", 3, 6.5),
        ("cue-c4", 6.5, 10),
    ]
    durations = [text for name, text in metadata(data) if name == "media:duration"]
    assert [seconds(each) for each in durations] == [10, 10]
    page = tree(parts(data)["words-001.xhtml"])
    ids = [each.get("id") for each in page.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    assert {"cue-between", "cue-c1.2"} <= set(ids)
    assert "One <two> & ]]>" in text_of(data)
    assert "[a door shuts]" in text_of(data)
    listed = list(tree(parts(data)["contents.xhtml"]).iter(f"{HTML}nav"))
    (pages,) = (each for each in listed if each.get(EPUB_TYPE) == "page-list")
    assert [each.text for each in pages.iter(f"{HTML}a")] == ["12", "13"]
    assert "1 line has no time" in dict(metadata(data))["schema:accessibilitySummary"]


@LONG
def test_a_voice_sounds_by_itself_where_its_first_word_is_timed(archive: Path) -> None:
    write_words(archive, "00:01.000 --> 00:04.000\n<v Ada>One. <v Ben><00:02.500>Two.\n")
    assert clips(book_of(archive)) == [("beginning", 0, 1), ("cue-c1", 1, 2.5), ("cue-c1.2", 2.5, 10)]


@LONG
def test_ffmpeg_reads_the_sound_of_a_book(archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "sound.m4a"
    path.write_bytes(parts(book_of(archive))["sound.m4a"])
    told = [EXECUTABLE, "-v", "error", "-i", path, "-f", "s16le", "-ar", "8000", "-ac", "1", "-"]
    assert len(subprocess.run(told, capture_output=True, check=True).stdout) == pytest.approx(160_000, abs=2)


@LONG
def test_what_is_held_as_mp3_is_in_it_as_it_is(archive: Path) -> None:
    path = archive / "media" / "tones.mp3"
    subprocess.run([EXECUTABLE, "-v", "error", "-i", archive / "media" / "tones.wav", path], check=True)
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text("utf-8").replace("tones.wav", "tones.mp3"), encoding="utf-8")
    assert parts(book_of(archive))["sound.mp3"] == path.read_bytes()


def test_what_has_to_be_known_stands_before_anything_sounds(archive: Path) -> None:
    add_to_record(archive, f"{READING}{TOLD}")
    answer = create_app(archive).test_client().get(ADDRESS)
    assert answer.headers["Content-Disposition"] == "attachment; filename=tones-reading.epub"
    inner = parts(answer.data)
    spine = [each.get("idref") for each in tree(inner["package.opf"]).iter(f"{OPF}itemref")]
    assert spine == ["about", "words-001", "end"]
    known = "".join(tree(inner["about.xhtml"]).itertext())
    for said in (
        "Reading: A tape of tones",
        "Synthetic tones, not the tape.",
        "Attribution (The harbour): Say whose tones these are.",
        "Before you listen: A door is <shut> & loud.",
    ):
        assert said in known
    assert "synthetic reading, not the tape" in known


@LONG
def test_a_machines_words_are_labelled(tmp_path: Path) -> None:
    archive = write_doubted(tmp_path / "archive")
    (archive / "transcripts" / "archive.toml").write_text('machine_drafts = "labelled"\n', encoding="utf-8")
    text = text_of(book_of(archive, SLUG))
    assert LABEL in text
    assert "tamarack [?]" in text


def test_it_says_what_it_is_and_to_whom_it_is_accessible(archive: Path) -> None:
    said = metadata(book_of(archive))
    for each in (
        ("title", "A tape of tones"),
        ("language", "en"),
        ("source", "http://localhost/recordings/tones"),
        ("rights", "not stated"),
        ("schema:accessMode", "textual"),
        ("schema:accessMode", "auditory"),
        ("schema:accessModeSufficient", "textual"),
        ("schema:accessibilityFeature", "synchronizedAudioText"),
        ("schema:accessibilityHazard", "noFlashingHazard"),
    ):
        assert each in said


def test_notes_are_footnotes_and_the_list_of_contents_leads_to_them(archive: Path) -> None:
    data = book_of(archive)
    page = tree(parts(data)["words-001.xhtml"])
    references = [each for each in page.iter(f"{HTML}a") if each.get(EPUB_TYPE) == "noteref"]
    asides = {each.get("id"): "".join(each.itertext()) for each in page.iter(f"{HTML}aside")}
    assert [asides[each.attrib["href"][1:]].split(" ", 1)[1] for each in references] == [
        "Who Ada isA person. See the log.The log of the tones. p. 1.",
        "Something lateNear the end.The log of the tones.",
    ]
    assert "All around" in "".join(tree(parts(data)["end.xhtml"]).itertext())
    linked = {each.text: each.get("href") for each in tree(parts(data)["contents.xhtml"]).iter(f"{HTML}a")}
    assert linked["Who Ada is"] == "words-001.xhtml#cue-first"
    assert linked["Something late"] == "words-001.xhtml#cue-last"


@LONG
def test_a_translation_is_had_as_a_book(archive: Path) -> None:
    (archive / "transcripts" / "tones" / "transcript.es.vtt").write_text(SPANISH, encoding="utf-8")
    data = book_of(archive, name="es.epub")
    assert "Uno dos tres." in text_of(data)
    assert ("language", "es") in metadata(data)
    assert "into Spanish by Ada's sister" in text_of(data)


def test_what_is_closed_is_neither_read_nor_heard(archive: Path) -> None:
    add_to_record(archive, '\n[[closed]]\ncue = "c3"\nwhat = "both"\nuntil = "2941"\nreason = "So was agreed."\n')
    digest = hashlib.sha256((archive / "media" / "tones.wav").read_bytes()).hexdigest()
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    bound = path.read_text("utf-8").replace("Type: caption", f"Local Usage Element: [Media SHA-256] {digest}")
    path.write_text(bound, encoding="utf-8")
    data = book_of(archive)
    assert "second voice" not in text_of(data)
    assert "[closed until 2941]" in text_of(data)
    assert "Passages of it are closed, and silent." in text_of(data)
    assert heard_at(parts(data)["sound.m4a"], 5.5) < heard_at(parts(data)["sound.m4a"], 3.5) / 1000


def heard_at(sound: bytes, moment: float) -> float:
    told = [EXECUTABLE, "-v", "error", "-i", "-", "-f", "s16le", "-ar", "8000", "-ac", "1", "-"]
    samples = memoryview(subprocess.run(told, input=sound, capture_output=True, check=True).stdout).cast("h")
    first = int(moment * 8000)
    return max(abs(each) for each in samples[first : first + 800]) + 0.001


@pytest.mark.parametrize(
    ("closing", "why"),
    [
        ('[access]\nsound = "closed"\n', "it is closed"),
        ('media_sha = "none"', "none is held"),
        ("", "timed to another file"),
        ("no sound", "what is held of it cannot be read as a sound"),
    ],
)
def test_without_a_sound_it_says_why(closing: str, why: str, archive: Path) -> None:
    if closing.startswith("["):
        add_to_record(archive, f"\n{closing}")
    elif closing:
        sound = archive / "media" / "tones.wav"
        sound.unlink()
        if closing == "no sound":
            sound.write_bytes(b"no sound")
    else:
        path = archive / "transcripts" / "tones" / "transcript.vtt"
        other = f"Local Usage Element: [Media SHA-256] {'0' * 64}"
        path.write_text(path.read_text("utf-8").replace("Type: caption", other), encoding="utf-8")
    data = book_of(archive)
    assert not [name for name in parts(data) if name.endswith((".m4a", ".mp3", ".smil"))]
    assert why in text_of(data)
    assert "One two three." in text_of(data)
    assert ("schema:accessMode", "auditory") not in metadata(data)


@pytest.mark.parametrize("of_more", [True, False], ids=["channels", "times"])
def test_a_sound_that_readers_cannot_play_is_told_and_the_words_are_a_book(
    of_more: bool, archive: Path, tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    if of_more:
        with wave.open(str(archive / "media" / "tones.wav"), "wb") as wav:
            wav.setparams((4, 2, 8000, 0, "NONE", ""))
            wav.writeframes(bytes(8 * 8000))
    else:

        def unproven(*_: object, **__: object) -> None:
            raise UnprovenError("what ffmpeg made of it is 50.00 ms early")

        monkeypatch.setattr(sounds, "make", unproven)
    why = "it has 4 channels, and readers of books play two" if of_more else "does not have its times"
    data = book_of(archive)
    assert not [name for name in parts(data) if name.endswith((".m4a", ".smil"))]
    assert f"{why}." in text_of(data)
    done = run(archive, "export", "tones", "-o", f"{tmp_path / 'tones.epub'}")
    assert (done.exit_code, why in text_of((tmp_path / "tones.epub").read_bytes())) == (0, True), done.output


@pytest.mark.parametrize("name", ["exe", "fr.epub", "epub.exe", "EPUB", "es.mp3"])
def test_what_is_not_there_is_404_in_words(name: str, client: FlaskClient) -> None:
    answer = client.get(f"/recordings/tones/recording.{name}")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "<h1>Not in this archive</h1>" in answer.text


def test_what_is_too_large_for_a_server_is_refused_with_the_command(archive: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(books, "_LARGEST", 10)
    answer = create_app(archive).test_client().get(ADDRESS)
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "player export tones --to epub" in answer.text
    write_tones(archive / "media" / "tones.wav", seconds=61)
    monkeypatch.setenv("PLAYER_CLIP_MINUTES", "1")
    monkeypatch.setattr(books, "_LARGEST", 10**9)
    assert create_app(archive).test_client().get(ADDRESS).status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@LONG
def test_the_command_writes_what_the_server_sends(archive: Path, tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYER_URL", "http://localhost")
    monkeypatch.chdir(tmp_path)
    done = run(archive, "export", "tones", "--to", "epub")
    assert (done.exit_code, done.output) == (0, "tones.epub\n")
    sent = book_of(archive)
    assert (tmp_path / "tones.epub").read_bytes() == sent
    refused = run(archive, "export", "tones", "-o", "tones.epub")
    assert (refused.exit_code, refused.output.startswith("tones.epub: the file is there already")) == (1, True)


@LONG
def test_how_much_of_a_sound_is_encoded_is_shown(archive: Path, tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    told: list[float] = []
    shown: list[str] = []

    @contextmanager
    def progress(what: str) -> Iterator[Callable[[float], None]]:
        shown.append(what)
        yield told.append

    monkeypatch.setattr(exporting_book, "progress", progress)
    monkeypatch.chdir(tmp_path)
    assert run(archive, "export", "tones", "--to", "epub").exit_code == 0
    assert shown == ["Encoding tones"]
    assert told == sorted(told)
    assert told[-1] == 1

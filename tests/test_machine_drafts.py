"""A transcript whose header says that a machine wrote it is a draft until somebody has published or reviewed it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from index_contents import contents, fresh
from small_archive import write_archive

from player.archive import dates
from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.archive.line_marks import (
    aligned,
    confidence,
    doubtful,
    heard,
    with_aligned,
    with_confidences,
    with_heard,
    without_heard,
    word_confidences,
)
from player.archive.machine import LABEL, MachineMade, Review, machine_made, review, with_item
from player.archive.webvtt.head import head_of
from player.archive.webvtt.reading import read_transcript
from player.archive.webvtt.writing import write_transcript
from player.checks.machine import mark_faults
from player.index.index import Index
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

MACHINE = "Local Usage Element: [Machine Transcript] whistler 1.2, tiny, 2026-11-29"
REVIEWED = f"{MACHINE}\nLocal Usage Element: [Reviewed] 2026-11-29, Ines Keeper"


def written(root: Path, header: str, marks: str = "") -> Path:
    path = root / "transcripts" / "tones" / "transcript.vtt"
    line = "00:01.000 --> 00:02.000\nquondle is said"
    path.write_text(f"WEBVTT\n{header}\n\n{marks}one\n{line}\n\ntwo\n{line}\n")
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


def say(root: Path, name: str, text: str) -> None:
    path = root / "transcripts" / name
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")


def seen(root: Path, audience: Audience) -> int:
    transcript = Archive(root, audience).recording("tones").transcript
    return len(transcript.lines) if transcript else 0


@pytest.mark.parametrize(
    ("header", "said", "about", "lines"),
    [
        (MACHINE, "", "", 0),
        (MACHINE.replace("] whistler 1.2, tiny, 2026-11-29", "]"), "", "", 0),
        (MACHINE, '\n[access]\ntranscript = "open"\n', "", 2),
        (MACHINE, '\n[access]\nsound = "on request"\n', "", 0),
        (MACHINE, "", 'machine_drafts = "labelled"\n', 2),
        (MACHINE, "", 'machine_drafts = "perhaps"\n', 0),
        (MACHINE, '\n[access]\ntranscript = "closed"\n', 'machine_drafts = "labelled"\n', 0),
        (REVIEWED, "", "", 2),
        ("Kind: captions", "", "", 2),
    ],
)
def test_what_visitors_see_of_a_machines_words(root: Path, header: str, said: str, about: str, lines: int) -> None:
    written(root, header)
    say(root, "tones/recording.toml", said)
    say(root, "archive.toml", about)
    assert seen(root, Audience.VISITORS) == lines
    assert seen(root, Audience.EDITORS) == (0 if "closed" in said else 2)
    assert seen(root, Audience.OWNERS) == 2
    # What the record alone tells is the same.
    shown = Archive(root, Audience.VISITORS).record("tones").shown
    assert (shown.transcript is None) == bool(lines)
    whole = Archive(root).record("tones").shown
    assert (whole.transcript is None) == bool(lines)


def test_an_open_archive_sees_at_once_that_a_transcript_is_a_machines(root: Path) -> None:
    visitors = Archive(root, Audience.VISITORS)
    written(root, "Kind: captions")
    assert visitors.recording("tones").transcript is not None
    written(root, MACHINE)
    assert visitors.record("tones").shown.transcript is not None
    assert visitors.recording("tones").transcript is None
    say(root, "archive.toml", 'machine_drafts = "labelled"\n')
    assert visitors.recording("tones").transcript is not None


@pytest.mark.parametrize("says", ['machine_drafts = "labelled"\n', 'machine_drafts = "hidden"\n'])
def test_the_index_follows_when_an_archive_shows_drafts_or_hides_them(root: Path, tmp_path: Path, says: str) -> None:
    written(root, MACHINE)
    other = 'machine_drafts = "hidden"\n' if "labelled" in says else 'machine_drafts = "labelled"\n'
    about = root / "transcripts" / "archive.toml"
    index = Index.of(Archive(root))
    for turn, now in enumerate(("", says, other, says, "")):
        if now:
            about.write_text(now, encoding="utf-8")
        else:
            about.unlink(missing_ok=True)
        index.look()
        words = {row["text"] for row in index.rows("SELECT text FROM line")}
        assert ("quondle is said" in words) == ("labelled" in now)
        assert contents(index) == fresh(root, tmp_path / f"fresh {turn}")


def test_lines_that_nobody_has_heard_are_unchecked(root: Path) -> None:
    path = written(root, MACHINE, "NOTE heard: 2026-11-29, Ines Keeper\n\n")
    transcript = read_transcript(path)
    assert [line.is_unchecked for line in transcript.lines] == [False, True]
    assert transcript.unchecked == 1
    assert transcript.machine == MachineMade("whistler 1.2", "tiny", "2026-11-29")
    assert read_transcript(written(root, REVIEWED)).unchecked == 0
    assert read_transcript(written(root, "Kind: captions")).unchecked == 0
    # Nobody's name is nobody.
    assert read_transcript(written(root, MACHINE, "NOTE heard: yes\n\n")).unchecked == 2


def test_marks_are_written_and_read_back(root: Path) -> None:
    transcript = read_transcript(written(root, MACHINE))
    one, two = transcript.cues
    assert (aligned(one), confidence(one), word_confidences(one), heard(one)) == (None, None, (), ())
    one = with_confidences(with_aligned(one, 0.934), 0.5, (0.2, None, 1.0))
    two = with_heard(with_confidences(two, None, (0.1, 0.1, 0.1)), Review("2026-11-29", "Ines Keeper, Harbour Office"))
    write_transcript(transcript.path, [one, two], transcript.header)
    one, two = read_transcript(transcript.path).cues
    assert (aligned(one), confidence(one), word_confidences(one), doubtful(one)) == (0.93, 0.5, (0.2, None, 1.0), (0,))
    assert (heard(two), doubtful(two)) == ((Review("2026-11-29", "Ines Keeper, Harbour Office"),), ())
    assert with_heard(two, heard(two)[0]) == two
    assert heard(without_heard(two)) == ()
    assert with_aligned(one, None).comments == one.comments[1:]


@pytest.mark.parametrize(
    ("words", "sure", "doubted"),
    [
        ("quondle is said", (0.2, 0.9, 0.3), (0, 2)),
        ("Quondle, is said.", (0.2, 0.9, 0.3), (0, 2)),
        ("ferries is said", (None, 0.9, 0.3), (2,)),
        ("ferries are there", (None, 0.9, None), ()),
        ("the quondle is said", (), ()),
        ("quondle said", (), ()),
    ],
)
def test_a_doubt_is_of_the_word_that_the_machine_wrote(
    words: str, sure: tuple[float | None, ...], doubted: tuple[int, ...], root: Path
) -> None:
    path = written(root, MACHINE)
    one, *others = read_transcript(path).cues
    write_transcript(path, [with_confidences(one, 0.5, (0.2, 0.9, 0.3)), *others], read_transcript(path).header)
    text = path.read_text(encoding="utf-8")
    assert "NOTE doubtful words: quondle said\n" in text
    path.write_text(text.replace("\nquondle is said", f"\n{words}", 1), encoding="utf-8")
    transcript = read_transcript(path)
    one, *others = transcript.cues
    assert (word_confidences(one), doubtful(one)) == (sure, doubted)
    assert list(mark_faults(transcript)) == []
    # Written anew, as an aligner does, it has only what is still true.
    write_transcript(path, [one, *others], transcript.header)
    assert ("word confidence" in path.read_text(encoding="utf-8")) == bool(sure)
    (one, _) = read_transcript(path).cues
    assert (word_confidences(one), doubtful(one)) == (sure, doubted)


@pytest.mark.parametrize("said", ["1.1", "-0.1", "nan", "1e3", "", "0.5 0.5"])
def test_what_is_no_confidence_is_none(root: Path, said: str) -> None:
    path = written(root, MACHINE, f"NOTE aligned: {said}\n\nNOTE word confidence: {said} - -\n\n")
    (one, _) = read_transcript(path).cues
    assert aligned(one) is None
    assert word_confidences(one) == ()


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("whistler 1.2, tiny, 2026-11-29", MachineMade("whistler 1.2", "tiny", "2026-11-29")),
        ("whistler, unknown, unknown", MachineMade("whistler")),
        ("whistler", MachineMade("whistler")),
        ("whistler, 2026-11-29", MachineMade("whistler", None, "2026-11-29")),
        ("whistler, large, v3, 2026-11-29", MachineMade("whistler", "large, v3", "2026-11-29")),
        ("", MachineMade("unknown")),
    ],
)
def test_what_a_header_says_of_a_machine(said: str, made: MachineMade) -> None:
    header = (("Local Usage Element", f"[Other] a; [Machine Transcript] {said}"),)
    assert machine_made(header) == made
    assert machine_made((("Local Usage Element", "[Other] a"),)) is None


def test_an_item_of_a_header_is_put_in_place_of_another() -> None:
    header = (("Kind", "captions"), ("Local Usage Element", "[Aligned] a, b, c; [Media SHA-256] 00"))
    changed = with_item(header, "Aligned", MachineMade("swallow", "en", "2026-11-29"))
    assert changed == (
        ("Kind", "captions"),
        ("Local Usage Element", "[Media SHA-256] 00"),
        ("Local Usage Element", "[Aligned] swallow, en, 2026-11-29"),
    )
    assert with_item(changed, "Aligned", None) == changed[:2]


@pytest.mark.parametrize("said", ["2026-11-29", "2026-11-29,", ", Ines", "Ines, 2026-11-29", "2026, Ines"])
def test_a_review_has_a_day_and_a_name(said: str) -> None:
    assert review(said) is None


NO_DAYS = [
    *("2026-99-99", "2026-13-01", "2026-02-31", "0000-00-00", "2099-11-01", "2026-11-28~", "2026-11"),
    *("\u0662\u0660\u0662\u0666-11-28", "9999-12-31"),
]


@pytest.mark.parametrize("day", NO_DAYS)
def test_a_day_that_is_none_or_has_not_come_opens_nothing_and_breaks_no_page(day: str, root: Path) -> None:
    assert review(f"{day}, Bob") is None
    path = written(root, f"{MACHINE}\nLocal Usage Element: [Reviewed] {day}, Bob", f"NOTE heard: {day}, Bob\n\n")
    assert seen(root, Audience.VISITORS) == 0
    assert read_transcript(path).unchecked == 2
    written(root, MACHINE.replace("2026-11-29", day), f"NOTE heard: {day}, Bob\n\n")
    say(root, "archive.toml", 'machine_drafts = "labelled"\n')
    with create_app(root).test_client() as client:
        page = "/recordings/tones"
        for address in (page, f"{page}/lines/one", f"{page}/text", f"{page}/transcript.vtt", f"{page}/cite?line=one"):
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert LABEL in answer.text or "nobody has checked" in answer.text, address


@pytest.mark.parametrize("text", ["2026-99-99", "2026-13", "0000-00-00", "soon", "", "../x", "1963-21-01"])
def test_what_is_no_date_is_written_as_it_is(text: str) -> None:
    assert dates.readable(text) == text
    assert dates.html(text) is None


def test_the_header_alone_is_read(root: Path, tmp_path: Path) -> None:
    path = written(root, MACHINE)
    assert head_of(path) == read_transcript(path).header
    path.write_bytes("\ufeffWEBVTT\r\nA: b\r\n\r\n".encode())
    assert head_of(path) == (("A", "b"),)
    path.write_text("WEBVTT\n" + "A: b\n" * 20_000)
    assert head_of(path) == read_transcript(path).header
    assert machine_made(read_transcript(path).header) == MachineMade("unknown")
    path.write_text("no")
    assert head_of(path) is None
    assert head_of(tmp_path / "none") == ()
    shutil.rmtree(path.parent)

"""What may be a machine's and does not say so well is closed, and told; the head alone decides it, as does the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from checking import faults
from hypothesis import given
from hypothesis import strategies as st
from small_archive import write_archive

from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.archive.machine import is_draft, machine_made
from player.archive.webvtt.head import head_of
from player.archive.webvtt.reading import read_transcript
from player.errors import ArchiveError
from player.intake.transcripts.captions import vtt
from player.intake.transcripts.machines import with_machine

if TYPE_CHECKING:
    from pathlib import Path

    from player.errors import Fault

ITEM = "[Machine Transcript] whistler 1.2, tiny, 2026-11-28"
USAGE = "Local Usage Element: "
CUES = "one\n00:01.000 --> 00:02.000\nquondle is said\n\ntwo\n00:02.000 --> 00:03.000\nquondle again\n"
SURE = "NOTE word confidence: 0.97 0.31 0.95\n\n"

#: Heads of machines' transcripts with a slip, each with the line that is told.
SLIPS = [
    (f"WEBVTT\nlocal usage element: {ITEM}\n\n", 2),
    (f"WEBVTT\nLOCAL USAGE ELEMENT: {ITEM.upper()}\n\n", 2),
    (f"WEBVTT\nLocal  Usage Element: {ITEM}\n\n", 2),
    (f"WEBVTT\nLocal Usage Element : {ITEM}; [Notice] x\n\n", None),
    ("WEBVTT\nLocal Usage Element: [Machine  Transcript] whistler\n\n", 2),
    ("WEBVTT\nLocal Usage Element: [ Machine Transcript ] whistler\n\n", 2),
    ("WEBVTT\nLocal Usage Element: [Machine\xa0Transcript] whistler\n\n", 2),
    ("WEBVTT\nLocal Usage Element: [Machine\u200b Transcript] whistler\n\n", 2),
    ("WEBVTT\nLocal Usage Element: [Machine Tran\u00adscript] whistler\n\n", 2),
    ("WEBVTT\nLocal Usage Element: Machine Transcript whistler\n\n", 2),
    (f'WEBVTT\n{USAGE}"{ITEM}"\n\n', 2),
    (f"WEBVTT\n{USAGE}[Notice] x, {ITEM}\n\n", 2),
    (f"WEBVTT\n\ufeff{USAGE}{ITEM}\n\n", 2),
    (f"WEBVTT\n\0{USAGE}{ITEM}\n\n", 2),
    (f"WEBVTT\n{USAGE}\0{ITEM}\n\n", 2),
    (f"WEBVTT\nLocal Usage Element\uff1a {ITEM}\n\n", 2),
    ("WEBVTT\n\uff2c\uff4fcal Usage Element: \uff3bMachine Transcript\uff3d x\n\n", 2),
    (f"WEBVTT\n\n{USAGE}{ITEM}\n\n", 3),
    (f"WEBVTT\n\nNOTE {USAGE}{ITEM}\n\n", 3),
    (f"WEBVTT {USAGE}{ITEM}\n\n", 1),
    (f"WEBVTT\nTitle: here --> there\n{USAGE}{ITEM}\n\n", 3),
    ("WEBVTT\nFile Creator: faster-whisper 1.2.1, model tiny.en\n\n", 2),
    ("WEBVTT\nOrigin History: Made by a machine from the sound; nobody has checked it.\n\n", 2),
    ("WEBVTT\norigin  history: Made by a machine from the sound.\n\n", 2),
    ("WEBVTT\n\nOrigin History: automatically generated\n\n", 3),
    (f"WEBVTT\n\n{SURE}", 3),
    ("WEBVTT\n\nNOTE Confidence: 0.87\n\n", 3),
    ("WEBVTT\n\nNOTE Machine transcript, not checked\n\n", 3),
    ("WEBVTT\n" + "Title: harbour\n" * 10_000 + "\n", 1),
]

#: Heads of people's transcripts.
PEOPLES = [
    "WEBVTT\n\n",
    "WEBVTT\nTitle: The machine transcript that was lost\n\n",
    "WEBVTT\nLocal Usage Element: [Typed] by hand, after a machine transcript\n\n",
    "WEBVTT\nOrigin History: Made by a machine, and corrected by Ines Keeper.\n\n",
    "WEBVTT\nFile Creator: Whisper; edited by Ines Keeper\n\n",
    "WEBVTT\n\nNOTE We had confidence: they came.\n\n",
    "WEBVTT\n\nSTYLE\n" + "::cue { color: red }\n" * 4_000 + "\n",
    f"WEBVTT\n{USAGE}{ITEM}; [Reviewed] 2026-11-28, Ines Keeper\n\n",
]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("heads") / "archive")


def place(root: Path, head: str) -> Path:
    path = root / "transcripts" / "tones" / "transcript.vtt"
    path.write_bytes((head + CUES).encode())
    return path


@pytest.mark.parametrize(("head", "line"), SLIPS)
def test_a_slip_in_a_head_opens_nothing(head: str, line: int | None, root: Path) -> None:
    path = place(root, head)
    visitors = Archive(root, Audience.VISITORS)
    assert visitors.record("tones").shown.transcript is not None
    assert visitors.recording("tones").transcript is None
    transcript = read_transcript(path)
    assert transcript.unchecked == 2
    assert head_of(path) == transcript.header
    if line is not None:
        assert line in {fault.line for fault in transcript.faults if "machine" in fault.what}


@pytest.mark.parametrize("head", PEOPLES)
def test_what_people_wrote_or_reviewed_stays_open(head: str, root: Path) -> None:
    path = place(root, head)
    assert Archive(root, Audience.VISITORS).recording("tones").transcript is not None
    assert read_transcript(path).faults == ()
    assert head_of(path) == read_transcript(path).header


def of_transcript(root: Path) -> list[Fault]:
    return [fault for fault in faults(root) if fault.path.name == "transcript.vtt" and "cue" not in fault.what]


def test_a_slip_is_told_by_check(root: Path) -> None:
    place(root, f"WEBVTT\nlocal usage element: {ITEM}\n\n")
    (fault,) = of_transcript(root)
    assert "is not how a header says that a machine wrote the words; it counts as one that does" in fault.what
    place(root, f"WEBVTT\n{USAGE}{ITEM}\n{USAGE}[ Reviewed ] 2026-11-28, Ines Keeper\n\n")
    (fault,) = of_transcript(root)
    assert fault.line == 3
    assert fault.what.endswith("is not read")


LABELLED = [head for head, _ in SLIPS if "whistler" in head.lower()]


@pytest.mark.parametrize("head", LABELLED)
def test_a_slip_is_mended_on_import(head: str, tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    path.write_bytes((head + CUES).encode())
    found = with_machine(vtt.read(path, path.read_bytes()), None, None)
    assert found.machine is not None
    assert machine_made(found.header) is not None


_PIECES = st.sampled_from(
    [
        *(
            "\n",
            "\r\n",
            "\r",
            "\n\n",
            "\0",
            "\ufeff",
            " ",
            "-->",
            "NOTE ",
            "untimed x",
            "STYLE\n",
            "0",
            "\u00e9",
            "\U0001f600",
        ),
        *(USAGE, ITEM, "[machine  transcript]", "[Reviewed] 2026-11-28, Ines", "Origin History: ", "made by a machine"),
        *("word confidence: 0.5", "00:01.000 --> 00:02.000", "00:01.000 --> 00:02.0001", "words", "x" * 4_000),
    ]
)


@pytest.mark.long
@given(st.lists(_PIECES | st.text(max_size=5), max_size=40), st.sampled_from([b"", b"\xff\xfe\xfd", b"\xe2\x82"]))
def test_the_head_alone_says_what_the_whole_file_says(root: Path, pieces: list[str], odd: bytes) -> None:
    path = root / "transcripts" / "tones" / "transcript.vtt"
    path.write_bytes(b"WEBVTT\n" + odd + "".join(pieces).encode("utf-8", "replace") + odd)
    try:
        header = read_transcript(path).header
    except ArchiveError:
        return
    assert head_of(path) == header
    assert is_draft(header) == read_transcript(path).is_draft

"""WebVTT that is sent says what has to be known first, in comments; all else in it is the archive's, byte for byte."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
import webvtt
from clipping import run
from exporting import READING, TOLD, add_to_record
from test_translation import SPANISH

from player.intake.transcripts import formats
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "/recordings/tones"
NOTES = [
    "NOTE told first: Attribution (The harbour): Say whose tones these are.",
    "NOTE told first: Synthetic tones, not the tape.",
    "NOTE told first: Before you listen: A door is <shut> & loud.",
]
CUES = "00:01.000 --> 00:02.000 align:start\n<v Ada>One  <i>two</i>.\n\n\nNOTE c\n\n00:03.000 --> 00:04.000\n<v Ben>b"


def stored(archive: Path, name: str = "transcript.vtt") -> Path:
    return archive / "transcripts" / "tones" / name


def sent(archive: Path, address: str = "transcript.vtt") -> bytes:
    answer = create_app(archive).test_client().get(f"{PAGE}/{address}")
    assert answer.status_code == 200
    return bytes(answer.data)


@pytest.fixture
def told(archive: Path) -> Path:
    add_to_record(archive, f"{READING}{TOLD}")
    return archive


@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("head", ["WEBVTT\nLanguage: en\n\n", "WEBVTT\n\nSTYLE\n::cue { color: red }\n\n", "WEBVTT\n"])
def test_all_else_in_the_file_is_as_it_is_kept(told: Path, eol: str, mark: str, head: str) -> None:
    kept = f"{mark}{head}{CUES}".replace("\n", eol).encode()
    stored(told).write_bytes(kept)
    stored(told, "annotations.toml").unlink()
    data = sent(told)
    lines = [each.decode() for each in data.splitlines() if each.startswith(b"NOTE told first:")]
    assert lines == NOTES
    # A header that its first line follows at once has an empty line below it now.
    assert re.sub(rb"NOTE told first:[^\r\n]*", b"", data).replace(eol.encode(), b"") == kept.replace(eol.encode(), b"")
    without = data
    for each in NOTES:
        without = without.replace(f"{eol}{each}{eol}".encode(), b"", 1)
    assert without == kept if head.endswith("\n\n") else without == kept.replace(b"WEBVTT", b"WEBVTT" + eol.encode(), 1)


def test_another_reader_finds_the_same_cues_and_the_command_writes_the_same(told: Path, tmp_path: Path) -> None:
    def cues(data: bytes) -> list[tuple[str, str, str]]:
        found = webvtt.WebVTT.from_buffer(io.StringIO(data.decode()))
        return [(each.start, each.end, each.raw_text) for each in found.captions]

    data = sent(told)
    assert cues(data) == cues(stored(told).read_bytes())
    assert run(told, "export", "tones", "--to", "vtt", "-o", str(tmp_path / "out.vtt")).exit_code == 0
    assert (tmp_path / "out.vtt").read_bytes() == data


def test_what_the_file_says_itself_is_not_said_again(told: Path) -> None:
    stored(told).write_bytes(sent(told))
    assert sent(told) == stored(told).read_bytes()
    text = stored(told).read_text(encoding="utf-8").replace(NOTES[1], f"NOTE {NOTES[1].partition(': ')[2]}")
    stored(told).write_text(text, encoding="utf-8")
    assert sent(told).decode() == text


def test_brought_in_again_it_is_not_doubled_and_another_archive_is_told(told: Path, tmp_path: Path) -> None:
    path = tmp_path / "sent.vtt"
    path.write_bytes(sent(told))
    before = stored(told).read_text(encoding="utf-8")
    done = run(told, "import", "tones", str(path), "--force")
    assert (done.exit_code, "recording.toml does not have" in done.output) == (0, False)
    after = stored(told).read_text(encoding="utf-8")
    assert "told first" not in after
    assert after.count("NOTE") == before.count("NOTE")
    assert sent(told).count(b"NOTE told first:") == len(NOTES)
    (told / "transcripts" / "copy").mkdir()
    (told / "transcripts" / "copy" / "recording.toml").write_text('title = "Copy"\ndate = "1963"\n', encoding="utf-8")
    done = run(told, "import", "copy", str(path))
    assert done.output.count('a notice that recording.toml does not have: "') == len(NOTES)
    assert formats.read(path).lines[0].comments == ()


def test_what_is_shown_in_part_and_translations_say_it_too(told: Path) -> None:
    stored(told, "transcript.es.vtt").write_text(SPANISH, encoding="utf-8")
    es = sent(told, "transcript.es.vtt").decode()
    # Who translated it, its header says.
    assert [each for each in es.splitlines() if each.startswith("NOTE told first:")] == NOTES
    record = stored(told, "recording.toml")
    with record.open("a", encoding="utf-8") as file:
        file.write('\n[[closed]]\nstart = "0:08"\nend = "0:10"\nwhat = "words"\n')
    data = sent(told).decode()
    assert [each for each in data.splitlines() if each.startswith("NOTE told first:")] == NOTES
    assert "The end." not in data


def test_an_arrow_ends_no_comment(archive: Path) -> None:
    add_to_record(archive, '\nadvice = "Mind --> the\\n\\ngap."\n')
    assert b"NOTE told first: Before you listen: Mind \xe2\x86\x92 the gap.\n" in sent(archive)
    data = sent(archive)
    stored(archive).write_bytes(data)
    assert sent(archive) == data

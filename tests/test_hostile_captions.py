"""Whatever stands in a file of captions, reading it takes memory and time in proportion to its size, and no more.

Each of these takes a reader that looks for an end from every place hours, or gigabytes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from own_peak import OWN_PEAK

from player.errors import ArchiveError
from player.intake.transcripts.captions import captions, sbv, srt, vtt
from player.intake.transcripts.decoding import decoded

MEGA: Final = 1_000_000
TIMES: Final = "00:00:01.000 --> 00:00:02.000\n"
HEAD: Final = f"WEBVTT\n\n{TIMES}"
HOSTILE: Final = {
    "one line of spaces": " " * MEGA,
    "one line of digits": "1" * MEGA,
    "colons": "1:" * (MEGA // 2),
    "a time and hyphens": f"1:00 {'-' * MEGA}",
    "a fraction without end": f"0:0:1.{'9' * MEGA}",
    "tabs before times": f"{chr(9) * MEGA}{TIMES}a",
    "brackets that do not close": HEAD + "<" * 90_000,
    "tags": HEAD + "<x>" * 30_000,
    "voices": HEAD + "<v a>" * 18_000,
    "times of words": HEAD + "<00:00:01.500>a " * 6_000,
    "references": HEAD + "&#" * 45_000,
    "spaces in a line of two": f"{TIMES}a{' ' * 90_000}b\nc",
    "overrides that do not close": TIMES + "{\\" * 45_000,
    "fonts that do not close": TIMES + "<font " * 15_000,
    "places on the screen": TIMES[:-1] + " X1:" * 20_000,
    "numbers": TIMES + "1\n" * 45_000,
    "arrows": "WEBVTT\n\n" + "-->\n" * 200_000,
    "empty lines": "WEBVTT" + "\n" * 900_000,
    "texts without times": "WEBVTT\n\n" + "a\n\n" * 300_000,
    "texts below times": HEAD + "a\n\n" * 300_000,
    "comments": "WEBVTT\n\n" + "NOTE a\n\n" * 120_000,
    "a header": "WEBVTT\n" + "a: b\n" * 200_000,
    "times and nothing else": TIMES * 30_000,
    "captions": f"{TIMES}a\n\n" * 30_000,
    "times not padded": "WEBVTT\n\n" + "0:0:1.5 --> 0:0:2.60\na\n\n" * 20_000,
    "captions that might roll": "".join(f"{TIMES}{'a' + chr(10) * 1}" + "b\n" * 200 + "\n" for _ in range(2_000)),
    "identifiers": "WEBVTT\n\n" + f"{'x' * 100}\n{TIMES}a\n\n" * 20_000,
}


@pytest.mark.long
@pytest.mark.parametrize("name", HOSTILE)
def test_each_is_read_or_refused_in_words(name: str) -> None:
    for reader in (vtt, srt, sbv):
        try:
            reader.read(Path("a"), HOSTILE[name].encode())
        except ArchiveError as error:
            assert "; " in str(error)  # noqa: PT017  # either is right


@pytest.mark.long
def test_the_most_captions_that_are_read_take_little_memory() -> None:
    code = (
        f"{OWN_PEAK}\n"
        "from pathlib import Path; from player.intake.transcripts.captions import srt;"
        f"found = srt.read(Path('a'), ({TIMES!r} + 'a\\n\\n').encode() * 333_000);"
        "print(len(found.lines), own_peak())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    count, most = map(float, done.stdout.split())
    assert count == 333_000
    assert most < 700


def test_a_file_of_more_lines_than_any_captions_have_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captions, "MOST_LINES", 10)
    for reader in (vtt, srt, sbv):
        with pytest.raises(ArchiveError, match=r"the file has more than 10 lines; check that it is a transcript"):
            reader.read(Path("a"), (HEAD + "a\n" * 10).encode())


@pytest.mark.parametrize("reader", [vtt, srt])
def test_a_caption_longer_than_any_is_refused_at_its_line(reader: object) -> None:
    with pytest.raises(ArchiveError, match=r"a:3: a caption has more than 100,000 characters"):
        reader.read(Path("a"), (HEAD + "a " * 60_000).encode())  # type: ignore[attr-defined]  # both are readers


def test_a_word_without_end_is_found_the_encoding_of() -> None:
    text, (told,) = decoded(Path("a"), b"a" * MEGA + b"\xe9" + b"b" * MEGA)
    assert len(text) == 2 * MEGA + 1
    assert len(told.what) < 200

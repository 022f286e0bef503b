"""What is cited and cut of a recording that was joined from parts names the part, and the time in it."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import mutagen
import pytest
from click.testing import CliRunner
from side_tapes import RATE, SIDES, SLUG, part_of, write_archive

from player.archive.archive import Archive
from player.archive.parts import Part, at, in_parts, number_at, stretches
from player.audio.decode.samples import decode
from player.cli import main
from player.publish import bibliography, citation
from player.timecode import MINUTE, SECOND, Span

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

DAY = dt.date(2026, 11, 29)
PARTS = tuple(
    Part(media=f"{number}.wav", title=title, start=start, sha256="0" * 64)
    for number, (title, start) in enumerate([("Side A", 0), ("Side B", 45 * MINUTE), ("Letter to Ana", 90 * MINUTE)])
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


def run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--archive", str(root)])


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        (0, SECOND, "Side A, 0:00 to 0:01"),
        (44 * MINUTE, 45 * MINUTE, "Side A, 44:00 to 45:00"),
        (45 * MINUTE, 46 * MINUTE, "Side B, 0:00 to 1:00"),
        (44 * MINUTE, 46 * MINUTE, "Side A, 44:00 to Side B, 1:00"),
        (MINUTE, 91 * MINUTE, "Side A, 1:00 to Letter to Ana, 1:00"),
        (45 * MINUTE + 100, 45 * MINUTE + 350, "Side B, 0:00.1 to 0:00.35"),
        (48 * MINUTE, None, "Side B, from 3:00"),
    ],
)
def test_a_passage_is_named_by_its_part(start: int, end: int | None, says: str) -> None:
    assert in_parts(PARTS, start, end) == says


def test_a_recording_of_one_sound_has_no_parts_to_name() -> None:
    assert (in_parts((), 0, SECOND), at((), 0), number_at((), 0), stretches((), Span(0, 1))) == ("", "", 0, ())


def test_a_moment_belongs_to_the_part_that_has_begun() -> None:
    assert [number_at(PARTS, moment) for moment in (0, 45 * MINUTE - 1, 45 * MINUTE, 200 * MINUTE)] == [1, 1, 2, 3]
    assert at(PARTS, 48 * MINUTE + 12 * SECOND) == "Side B, 3:12"


def test_a_passage_is_divided_at_the_boundaries() -> None:
    there = stretches(PARTS, Span(44 * MINUTE, 91 * MINUTE))
    assert [(each.number, each.span) for each in there] == [
        (1, Span(44 * MINUTE, 45 * MINUTE)),
        (2, Span(0, 45 * MINUTE)),
        (3, Span(0, MINUTE)),
    ]


@pytest.mark.long
def test_a_citation_names_the_part_and_the_time_in_it_and_links_to_the_whole(root: Path) -> None:
    record = Archive(root).record(SLUG)
    cited = citation.cite(record, "https://quay.example/recordings/quay-talk#t=3.1,4.2", DAY, 3100, 4200)
    for _, write in citation.STYLES:
        assert "Side B, 0:00–0:01" in write(cited)
        assert "#t=3.1,4.2" in write(cited)
    for _, _, _, write in bibliography.FORMATS:
        assert "0:03 to 0:04 (Side B, 0:00–0:01)" in write(cited)
    whole = citation.chicago(citation.cite(record, "https://quay.example/", DAY))
    assert "Side" not in whole


@pytest.mark.long
def test_a_clip_says_of_which_parts_it_is(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "clip.mp3"
    result = run(root, "clip", SLUG, "--from", "2.5", "--to", "4", "-o", str(target))
    assert result.exit_code == 0, result.output
    sidecar = json.loads((tmp_path / "clip.mp3.json").read_text(encoding="utf-8"))
    record = Archive(root).record(SLUG)
    assert [(each["part"], each["title"], each["media"], each["start"], each["end"]) for each in sidecar["parts"]] == [
        (1, "Side A", SIDES[0], 2500, 2993),
        (2, "Side B", SIDES[1], 0, 1007),
    ]
    assert [each["media_sha256"] for each in sidecar["parts"]] == [part.sha256 for part in record.part]
    where = "0:02.5 to 0:04 (Side A, 0:02.5 to 0:02.993; Side B, 0:00 to 0:01.007)"
    assert sidecar["title"] == f"A talk on the quay, {where}"
    assert where in sidecar["citation"]
    tags = mutagen.File(target)
    assert tags["TXXX:PART"].text[0].startswith("Side A, 0:02.5 to 0:02.993, SHA-256 ")
    assert SIDES[1] not in "".join(map(str, tags.values()))
    assert run(root, "verify", str(target)).exit_code == 0


@pytest.mark.long
@pytest.mark.parametrize("name", ["2", "Side B", "side b"])
def test_a_clip_is_cut_by_the_clock_of_a_part(root: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / "clip.wav"
    words = ("clip", SLUG, "--part", name, "--from", "0.5", "--to", "1.5", "--fade-in", "0", "--fade-out", "0")
    result = run(root, *words, "-o", str(target))
    assert result.exit_code == 0, result.output
    # The first sample of a part may lie up to half a millisecond from the start that is written.
    cut = decode(target, 0, RATE - 1).samples
    own = decode(part_of(root, SIDES[1]), RATE // 2 - 12, 3 * RATE // 2 + 12).samples
    assert cut in own


@pytest.mark.long
def test_a_whole_part_is_cut_by_its_name_alone(root: Path) -> None:
    rows = [
        json.loads(run(root, "clip", SLUG, "--part", number, "--dry-run", "--json").stdout)[0]["spans"]
        for number in ("1", "2")
    ]
    assert rows == [[[0, 2993]], [[2993, 5493]]]


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (("--part", "3"), 1, "its parts are: 1 (Side A), 2 (Side B)"),
        (("--part", "1", "--from", "2", "--to", "4"), 1, "Side A ends at 0:02.993"),
        (("--part", "1", "--cue", "bell"), 2, "--part goes with --from, or alone."),
    ],
)
def test_a_part_that_is_not_there_is_refused_in_words(root: Path, words: tuple[str, ...], code: int, what: str) -> None:
    result = run(root, "clip", SLUG, *words)
    assert (result.exit_code, what in result.stderr) == (code, True), result.output


@pytest.mark.long
def test_a_recording_without_parts_has_none_to_be_cut() -> None:
    result = CliRunner().invoke(main, ["clip", "1963-11-05-attwood-reading", "--part", "1"])
    assert "is one sound, without parts" in result.stderr

"""``player reviewed``: who has heard a machine's words; nothing in the file changes but that."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from clipping import run
from machine_ferry import KEEPER, LABEL, SLUG, write_archive

from player.archive.archive import Archive
from player.archive.line_marks import heard

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.transcript import Transcript


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


def path_of(archive: Path) -> Path:
    return archive / "transcripts" / SLUG / "transcript.vtt"


def transcript(archive: Path) -> Transcript:
    found = Archive(archive).recording(SLUG).transcript
    assert found is not None
    return found


def unchecked(archive: Path) -> list[str]:
    return [line.id for line in transcript(archive).lines if line.is_unchecked]


@pytest.mark.long
def test_of_many_lines_some_are_listed_and_all_where_that_is_asked(archive: Path) -> None:
    path = path_of(archive)
    more = "".join(f"\nNOTE untimed m{number}\nLine {number}.\n" for number in range(20))
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    found = run(archive, "reviewed", SLUG).output
    assert ("  m15  -       Line 15." in found, "  m16  -" in found) == (True, False)
    assert "  and 4 other lines; all of them: --all\n" in found
    found = run(archive, "reviewed", SLUG, "--all").output
    assert ("  m19  -       Line 19." in found, "--all" in found) == (True, False)


def test_without_a_name_it_lists_what_nobody_has_heard_and_writes_nothing(archive: Path) -> None:
    before = path_of(archive).read_bytes()
    found = run(archive, "reviewed", SLUG)
    assert found.exit_code == 0
    assert "nobody has heard 4 of them: c1, c3..c5" in found.output
    assert "\n  c3  0:05    Under tamarack planks.\n" in found.output
    assert LABEL in found.output
    assert path_of(archive).read_bytes() == before
    told = run(archive, "check").output
    assert f"player reviewed {SLUG} --by NAME --archive {archive}\n" in told


@pytest.mark.long
def test_without_a_recording_it_lists_what_waits(archive: Path) -> None:
    found = run(archive, "reviewed")
    assert found.output.splitlines()[1].split()[:3] == [SLUG, "5", "4"]
    run(archive, "reviewed", SLUG, "--by", KEEPER)
    assert run(archive, "reviewed").output == "no transcript waits for a review\n"


def test_lines_are_marked_as_heard_and_no_other_byte_changes(archive: Path) -> None:
    before = path_of(archive).read_text(encoding="utf-8")
    found = run(archive, "reviewed", SLUG, "--by", KEEPER, "--lines", "c1..c2, c5", "--date", "2026-11-28")
    assert found.exit_code == 0, found.output
    assert f"2 lines heard by {KEEPER}" in found.output  # c2 was heard before
    assert "nobody has heard 2 of them: c3..c4" in found.output
    mark = f"NOTE heard: 2026-11-28, {KEEPER}\n\n"
    after = before.replace("c1\n00", f"{mark}c1\n00").replace("NOTE untimed c5", f"{mark}NOTE untimed c5")
    assert path_of(archive).read_text(encoding="utf-8") == after
    assert unchecked(archive) == ["c3", "c4"]
    again = run(archive, "reviewed", SLUG, "--by", KEEPER, "--lines", "c1-c2,c5")
    assert "nothing in it changes" in again.output
    assert path_of(archive).read_text(encoding="utf-8") == after


@pytest.mark.long
def test_a_second_listener_is_named_beside_the_first(archive: Path) -> None:
    run(archive, "reviewed", SLUG, "--by", "Tom", "--lines", "c2")
    assert [each.name for each in heard(transcript(archive).lines[1])] == [KEEPER, "Tom"]


def test_the_whole_is_declared_reviewed(archive: Path) -> None:
    found = run(archive, "reviewed", SLUG, "--by", KEEPER, "--date", "2026-11-28")
    assert "nobody has marked 4 of them as heard: c1, c3..c5" in found.output
    assert "its words no longer carry" in found.output
    assert unchecked(archive) == []
    assert str(transcript(archive).review) == f"2026-11-28, {KEEPER}"
    text = path_of(archive).read_text(encoding="utf-8")
    assert f"sound; reviewed by {KEEPER} on 2026-11-28." in text
    assert text.count("[Reviewed]") == 1
    again = run(archive, "reviewed", SLUG, "--by", KEEPER)
    assert "nothing in it changes" in again.output
    assert path_of(archive).read_text(encoding="utf-8") == text


@pytest.mark.long
def test_who_reviews_it_later_is_named_instead_and_that_is_told(archive: Path) -> None:
    run(archive, "reviewed", SLUG, "--by", KEEPER, "--date", "2026-11-28")
    found = run(archive, "reviewed", SLUG, "--by", "Tom, of the quay", "--date", "2026-11-29")
    assert f"in place of {KEEPER} on 2026-11-28" in found.output
    assert str(transcript(archive).review) == "2026-11-29, Tom, of the quay"
    assert path_of(archive).read_text(encoding="utf-8").count("reviewed by") == 1


@pytest.mark.long
@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
def test_what_was_said_is_taken_back_and_the_file_is_what_it_was(archive: Path, eol: str) -> None:
    path = path_of(archive)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_text(encoding="utf-8").replace("\n", eol).encode())
    before = path.read_bytes()
    for words in (("--by", "Tom", "--lines", "c1..c5"), ("--by", "Tom")):
        run(archive, "reviewed", SLUG, *words)
        assert path.read_bytes() != before
        assert eol.encode() + b"Origin" in path.read_bytes()
        found = run(archive, "reviewed", SLUG, "--undo", *words)
        assert found.exit_code == 0, found.output
        assert path.read_bytes() == before
        assert "nothing to take back" in run(archive, "reviewed", SLUG, "--undo", *words).output


@pytest.mark.long
def test_what_anybody_said_is_taken_back_where_nobody_is_named(archive: Path) -> None:
    run(archive, "reviewed", SLUG, "--by", "Tom", "--lines", "c2")
    run(archive, "reviewed", SLUG, "--undo", "--lines", "c2")
    assert unchecked(archive) == ["c1", "c2", "c3", "c4", "c5"]


@pytest.mark.long
def test_lines_of_closed_passages_count_too(archive: Path) -> None:
    record = archive / "transcripts" / SLUG / "recording.toml"
    record.write_text(f'{record.read_text()}\n[[closed]]\ncue = "c3"\n')
    assert json.loads(run(archive, "reviewed", SLUG, "--json").output)["unchecked"] == 4
    run(archive, "reviewed", SLUG, "--by", "Tom", "--lines", "c3")
    assert unchecked(archive) == ["c1", "c4", "c5"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--by", "a; b"), 2, "which a header cannot hold"),
        (("--by", "a\nb"), 2, "which a header cannot hold"),
        (("--by", "a --> b"), 2, "which a header cannot hold"),
        (("--by", "  "), 2, "it is empty"),
        (("--by", "-"), 2, "it has no letter in it"),
        (("--by", "2026-01-01, Bob"), 2, "begins as a date or a label does"),
        (("--by", "[Reviewed] Bob"), 2, "begins as a date or a label does"),
        (("--by", "a" * 300), 2, "longer than 200 letters"),
        (("--lines", "c1"), 2, "--lines needs --by"),
        (("--by", "Tom", "--date", "2999-01-01"), 2, "no day that has begun"),
        (("--by", "Tom", "--date", "yesterday"), 2, "no day that has begun"),
        (("--by", "Tom", "--all"), 2, "--all goes with SLUG alone"),
        (
            ("--by", "Tom", "--lines", "c9"),
            1,
            'there is no line "c9"; on the recording’s page, "⋯" at a line shows its',
        ),
        (("--by", "Tom", "--lines", "c1..c9"), 1, 'there is no line "c9"'),
        (("--by", "Tom", "--lines", "c3..c1"), 1, "write c1..c3"),
        (("--by", "Tom", "--lines", ","), 1, "no line is named"),
    ],
)
def test_what_is_said_wrongly_is_refused(archive: Path, words: tuple[str, ...], code: int, says: str) -> None:
    before = path_of(archive).read_bytes()
    found = run(archive, "reviewed", SLUG, *words)
    assert (found.exit_code, says in " ".join(found.output.split())) == (code, True), found.output
    assert path_of(archive).read_bytes() == before


@pytest.mark.long
def test_an_identifier_that_two_lines_have_is_told(archive: Path) -> None:
    path = path_of(archive)
    path.write_text(path.read_text(encoding="utf-8").replace("c4\n00", "c1\n00"), encoding="utf-8")
    before = path.read_bytes()
    for words in (("reviewed", SLUG, "--by", "Tom", "--lines", "c1..c3"), ("voices", SLUG, "--name", "c1", "Tom")):
        found = run(archive, *words)
        assert found.exit_code == 1
        assert '2 lines are called "c1", so it names none of them (lines 13, 35 of the file' in found.output, (
            found.output
        )
    assert path.read_bytes() == before


@pytest.mark.long
def test_identifiers_with_hyphens_are_told_from_ranges(archive: Path) -> None:
    path = path_of(archive)
    text = path.read_text(encoding="utf-8").replace("c1\n00", "a\n00").replace("c2\n00", "a-b\n00")
    path.write_text(text.replace("c3\n00", "b-c\n00").replace("c4\n00", "c\n00"), encoding="utf-8")
    found = run(archive, "reviewed", SLUG, "--by", "Tom", "--lines", "a-b-c")
    assert "can be read in two ways" in found.output
    run(archive, "reviewed", SLUG, "--by", "Tom", "--lines", "a-b")
    assert unchecked(archive) == ["a", "b-c", "c", "c5"]
    run(archive, "reviewed", SLUG, "--by", "Tom", "--lines", "a..a-b,c-c5")
    assert unchecked(archive) == ["b-c"]


@pytest.mark.long
def test_a_transcript_that_no_machine_wrote_has_nothing_to_review(archive: Path) -> None:
    path = path_of(archive)
    text = path.read_text(encoding="utf-8").replace("[Machine Transcript]", "[Typed]").replace("confidence", "remark")
    path.write_text(text.replace("Made by a machine from the sound; nobody has checked it", "Typed"), encoding="utf-8")
    for words in ((), ("--by", "Tom"), ("--undo",)):
        found = run(archive, "reviewed", SLUG, *words)
        assert found.exit_code == 1
        assert "does not say that a machine wrote it" in found.output
    path.unlink()
    assert "there is no transcript" in run(archive, "reviewed", SLUG, "--by", "Tom").output
    assert run(archive, "reviewed", "nothing", "--by", "Tom").exit_code == 1


@pytest.mark.long
def test_a_machine_that_is_not_known_is_called_so(archive: Path) -> None:
    path = path_of(archive)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("faster-whisper 1.2.1, tiny.en, 2026-11-27", "unknown"), encoding="utf-8")
    assert "5 lines written by a machine that is not known" in run(archive, "reviewed", SLUG).output


@pytest.mark.long
def test_a_cue_without_an_empty_line_above_is_marked_too(archive: Path) -> None:
    path = path_of(archive)
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "upstream.\n\nNOTE confidence: 0.88\n\nNOTE heard: 2026-11-28, Ines Keeper\n\nc2\n", "upstream.\n"
        ),
        encoding="utf-8",
    )
    found = run(archive, "reviewed", SLUG, "--by", "Tom", "--lines", "c2")
    assert found.exit_code == 0, found.output
    assert unchecked(archive) == ["c1", "c3", "c4", "c5"]


@pytest.mark.long
@pytest.mark.parametrize("order", [("Tom", "Ann"), ("Ann", "Tom")])
def test_cues_without_an_empty_line_between_are_what_they_were_when_it_is_taken_back(
    order: tuple[str, str], archive: Path
) -> None:
    path = path_of(archive)
    text = path.read_text(encoding="utf-8").replace("upstream.\n\nNOTE confidence: 0.88\n\n", "upstream.\n")
    path.write_text(text.replace("NOTE heard: 2026-11-28, Ines Keeper\n\nc2\n", ""), encoding="utf-8")
    before = path.read_bytes()
    assert b"upstream.\n00:00:02.500 -->" in before
    for name in ("Tom", "Ann"):
        run(archive, "reviewed", SLUG, "--by", name, "--lines", "c2")
    assert unchecked(archive) == ["c1", "c3", "c4", "c5"]
    for name in order:
        found = run(archive, "reviewed", SLUG, "--by", name, "--lines", "c2", "--undo")
        assert found.exit_code == 0, found.output
    assert path.read_bytes() == before


@pytest.mark.long
def test_a_name_that_is_withheld_is_not_written_into_what_visitors_are_sent(archive: Path, tmp_path: Path) -> None:
    (archive / "transcripts" / "people.toml").write_text(
        f'[[person]]\nid = "ines"\nname = "{KEEPER}"\nrole = "keeper"\nsources = ["log"]\nprivate = true\n'
    )
    before = path_of(archive).read_bytes()
    file = tmp_path / "talk.srt"
    file.write_text("1\n00:00:00,500 --> 00:00:02,000\nNothing.\n")
    for words in (("reviewed", SLUG, "--by", KEEPER), ("reviewed", SLUG, "--by", f"Mrs {KEEPER}", "--lines", "c1")):
        found = run(archive, *words)
        assert found.exit_code == 1
        assert "is withheld" in found.output
    said = ("--machine", "Trint", "--checked-by", KEEPER)
    assert "is withheld" in run(archive, "import", SLUG, str(file), "--force", *said).output
    assert "is withheld" in run(archive, "add", str(file), "--transcript", str(file), *said).output
    assert path_of(archive).read_bytes() == before
    assert run(archive, "reviewed", SLUG, "--by", "I. K.").exit_code == 0

"""Many faults of one kind are told once, with their count; few are told each."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from html_elements import parse

from player.cli import main
from player.errors import FEW, Advice, Fault
from player.folding import fold, fold_files
from player.web.app import create_app

HERE = Path("transcript.vtt")


def faults(*whats: str) -> list[Fault]:
    return [Fault(HERE, line, what, "mend it") for line, what in enumerate(whats, 1)]


def told(found: list[Fault]) -> list[tuple[int | None, int, int | None]]:
    return [(each.fault.line, each.more, each.last) for each in fold(found)]


@pytest.mark.parametrize(
    "what",
    [
        'the timing line "00:00:0{0},000 --> 00:00:09,000" is dropped: "00:00:0{0},000" has a comma',
        "cue named-{0} ends (0:0{0}.5) past the end of the audio (0:03)",
        "the cue ends (0:0{0}) no later than it starts (1:0{0}:00)",
        'the cue says "{0}" and "" and "a {0} "b" c"',
        "“so {0}” is in no excerpt of the source of cue {0}",
        "the cue has no words",
        "byte 0xe{0} is not UTF-8",
        'the identifier "{0}" is also on line {0}',
    ],
)
def test_what_differs_only_in_what_it_names_is_of_one_kind(what: str) -> None:
    assert told(faults(*(what.format(number) for number in range(5)))) == [(1, 4, 5)]


def test_other_words_are_another_kind_and_the_order_stays() -> None:
    found = faults("a", "b", "a", "c", "a", "b", "a")
    assert told(found) == [(1, 3, 7), (2, 0, None), (4, 0, None), (6, 0, None)]


def test_few_of_a_kind_are_each_told() -> None:
    assert told(faults(*["a"] * FEW)) == [(line, 0, None) for line in range(1, FEW + 1)]


def test_what_is_in_two_files_or_is_advice_is_not_counted_together() -> None:
    found = faults(*["a"] * 2)
    others = [Fault(Path("other.vtt"), fault.line, fault.what, fault.remedy) for fault in found]
    advice: list[Fault] = [Advice(fault.path, fault.line, fault.what, fault.remedy) for fault in found]
    assert len(fold([*found, *others, *advice])) == 6


def test_what_many_records_have_in_common_is_told_once_with_its_count() -> None:
    found = [Fault(Path(f"transcripts/r{n}/transcript.vtt"), 1, f'no sound for "{n}"', "bind it") for n in range(9)]
    found += [Fault(Path("transcripts/r1/recording.toml"), 1, 'no sound for "x"', "name it")]
    first, other = fold_files(fold([*found, *found[:1] * 3]))
    assert (first.fault, first.more, first.files) == (found[0], 11, 8)
    assert first.others == "and 11 more like it in 8 other files"
    assert (other.fault, other.more) == (found[-1], 0)


def test_many_records_of_one_fault_are_one_line_of_the_command(archive: Path) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    for number in range(6):
        folder = archive / "transcripts" / f"copy{number}"
        folder.mkdir()
        (folder / "recording.toml").write_text(record.read_text() + f'nothing{number} = ""\n')
    result = CliRunner().invoke(main, ["check", "--archive", str(archive)])
    (line,) = [line for line in result.stdout.splitlines() if "unknown key" in line]
    assert line.endswith("(and 5 more like it in 5 other files; --all lists each)")


def write_commas(archive: Path, count: int) -> None:
    cues = "".join(f"00:00:{number % 10:02d},000 --> 00:00:10,000\n<v Ada>x\n\n" for number in range(count))
    (archive / "transcripts" / "tones" / "transcript.vtt").write_text(f"WEBVTT\n\n{cues}", encoding="utf-8")
    (archive / "transcripts" / "tones" / "annotations.toml").unlink()


def test_the_command_tells_eight_hundred_commas_in_one_line_and_each_where_asked(archive: Path) -> None:
    write_commas(archive, 800)
    arguments = ["check", "--archive", str(archive)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    (line,) = [line for line in result.stdout.splitlines() if "a comma where a full stop belongs" in line]
    assert "transcript.vtt:3: " in line
    assert line.endswith("(and 799 more like it, the last on line 2400; --all lists each)")
    assert result.stderr.startswith("80")
    each = CliRunner().invoke(main, [*arguments, "--all"])
    assert each.exit_code == 1
    assert each.stdout.count("has a comma where a full stop belongs") == 800
    assert "--all" not in each.stdout


def test_a_page_lists_kinds_of_faults_and_never_thousands_of_items(archive: Path) -> None:
    write_commas(archive, 800)
    page = parse(create_app(archive).test_client().get("/recordings/tones").text)
    warning = page.one("details.warning")
    assert warning.one("summary").text.startswith("800 faults")
    assert [item.text.endswith(", and 799 more like it, the last on line 2400.") for item in warning.all("li")] == [
        True
    ]
    kinds = "".join(f"{'ab' * number}\n\n" for number in range(1, 2000))
    (archive / "transcripts" / "tones" / "transcript.vtt").write_text(f"WEBVTT\n\n{kinds}<b\n", encoding="utf-8")
    page = parse(create_app(archive).test_client().get("/recordings/tones").text)
    assert len(page.one("details.warning").all("li")) <= 21

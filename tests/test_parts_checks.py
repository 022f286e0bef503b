"""What `player check` and `player join` say of a recording that was joined from parts."""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from checking import advice, faults
from click.testing import CliRunner
from side_tapes import SIDES, SLUG, joined_of, part_of, record_of, rewrite, write_archive

from player.archive.archive import Archive
from player.archive.part_files import part_files
from player.audio import forgetting
from player.cli import main
from player.errors import ArchiveError

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

pytestmark = pytest.mark.long


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


def run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--archive", str(root)])


def told(root: Path) -> list[str]:
    return [f"{fault.what}; {fault.remedy}" for fault in faults(root)]


def test_nothing_is_wrong_with_it_and_its_parts_are_no_strays(root: Path) -> None:
    assert told(root) == []
    assert [each.what for each in advice(root)] == [
        "the transcript is not bound to its sound, and would follow any other put in its place"
    ]


def test_a_part_that_is_missing_is_told_at_its_line(root: Path) -> None:
    part_of(root, SIDES[1]).unlink()
    (fault,) = faults(root)
    assert fault.what == f"there is no file side-b.wav in media/parts/{SLUG}/"
    assert record_of(root).read_text(encoding="utf-8").splitlines()[(fault.line or 0) - 1] == 'media = "side-b.wav"'


def test_a_part_that_is_another_file_is_told(root: Path) -> None:
    path = part_of(root, SIDES[1])
    path.write_bytes(path.read_bytes()[:-2] + b"\x01\x02")
    assert told(root) == ["side-b.wav is not the file that came (its SHA-256 is another); bring that file back"]


def test_a_change_to_a_part_is_seen_by_the_second_check(root: Path) -> None:
    """What was found out is kept: the parts are among the files that it depends on."""
    assert run(root, "check").exit_code == 0
    part_of(root, SIDES[0]).unlink()
    again = run(root, "check")
    assert again.exit_code == 1
    assert "there is no file side-a.mp3" in again.stderr + again.stdout


def test_a_start_that_does_not_agree_with_the_sound_is_told(root: Path) -> None:
    text = record_of(root).read_text(encoding="utf-8")
    start = text.split('start = "')[2].split('"')[0]
    rewrite(root, f'start = "{start}"', 'start = "2.9"')
    assert told(root) == ['"Side B" begins at 0:02.993, not at 0:02.9; write start = "0:02.993"']


def test_another_order_than_that_of_the_sound_is_told(root: Path) -> None:
    first, second = (part_of(root, name) for name in SIDES)
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (first, second)]
    rewrite(root, "side-a.mp3", "side-c.mp3")
    rewrite(root, "side-b.wav", "side-a.mp3")
    rewrite(root, "side-c.mp3", "side-b.wav")
    rewrite(root, digests[0], "x")
    rewrite(root, digests[1], digests[0])
    rewrite(root, '"x"', f'"{digests[1]}"')
    (fault,) = told(root)
    assert fault.startswith(f'{SLUG}.flac does not have the sound of this part, "Side A", where it should; ')
    assert fault.endswith(f"player join {SLUG} --force")


def test_a_sound_that_goes_on_after_its_parts_is_told(root: Path) -> None:
    text = record_of(root).read_text(encoding="utf-8")
    record_of(root).write_text(text[: text.rindex("[[part]]")], encoding="utf-8")
    assert told(root) == [f"{SLUG}.flac goes on after its last part; join it again: player join {SLUG} --force"]


def test_files_that_no_record_names_are_told_and_no_others(root: Path) -> None:
    (part_of(root, "side-c.wav")).write_bytes(b"")
    (root / "media" / "parts" / "nobody").mkdir()
    told = {each.path.name: each.what for each in advice(root) if "media" in each.path.parts}
    assert told == {
        "side-c.wav": "no record names this file",
        "nobody": "this is ignored: no recording of this name was joined from parts",
    }


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ('start = "0.0"', 'start = "0.1"', "the first part does not begin at 0:00"),
        ("side-b.wav", "side-a.mp3", 'an earlier [[part]] has the same media, "side-a.mp3"'),
        ("side-b.wav", "../side-b.wav", "not the name of a file"),
        ('title = "Side B"\n', "", "title"),
    ],
)
def test_a_record_with_parts_that_cannot_be_is_refused(root: Path, before: str, after: str, what: str) -> None:
    rewrite(root, before, after)
    with pytest.raises(ArchiveError) as refusal:
        Archive(root).record(SLUG)
    assert what in str(refusal.value)


def test_parts_that_do_not_follow_each_other_are_refused(root: Path) -> None:
    start = record_of(root).read_text(encoding="utf-8").split('start = "')[2].split('"')[0]
    rewrite(root, f'start = "{start}"', 'start = "0"')
    with pytest.raises(ArchiveError, match=r'"Side B" begins no later than the one before it'):
        Archive(root).record(SLUG)


def test_a_link_to_another_place_is_no_part(root: Path, tmp_path: Path) -> None:
    outside = part_of(root, SIDES[1]).rename(tmp_path / "outside.wav")
    part_of(root, SIDES[1]).symlink_to(outside)
    archive = Archive(root)
    with pytest.raises(ArchiveError, match="leads out of the archive"):
        part_files(archive, archive.record(SLUG))
    assert any("leads out of the archive" in each for each in told(root))


def test_a_part_is_found_in_other_capitals(root: Path) -> None:
    part_of(root, SIDES[1]).rename(part_of(root, "SIDE-B.WAV"))
    archive = Archive(root)
    assert [path.name for path in part_files(archive, archive.record(SLUG))] == ["side-a.mp3", "SIDE-B.WAV"]
    assert told(root) == []


def test_a_lost_sound_is_joined_again_and_is_the_same(root: Path) -> None:
    before = joined_of(root).read_bytes()
    joined_of(root).unlink()
    assert told(root) == [
        f"there is no file {SLUG}.flac in media/; join it from its parts: player join {SLUG}",
    ]
    result = run(root, "join", SLUG)
    assert result.exit_code == 0
    assert "joined from 2 parts, and to the sample what they are" in result.stdout
    assert joined_of(root).read_bytes() == before
    assert told(root) == []
    assert "nothing is to be done" in run(root, "join", SLUG).stdout


def test_another_sound_in_its_place_is_replaced_only_with_force(root: Path) -> None:
    right = joined_of(root).read_bytes()
    joined_of(root).write_bytes(part_of(root, SIDES[1]).read_bytes())
    refused = run(root, "join", SLUG)
    assert (refused.exit_code, "use --force to replace it" in refused.stderr) == (1, True)
    assert joined_of(root).read_bytes() == part_of(root, SIDES[1]).read_bytes()
    assert run(root, "join", SLUG, "--force").exit_code == 0
    assert joined_of(root).read_bytes() == right


def test_it_is_said_that_a_transcript_was_timed_to_another_file(root: Path) -> None:
    path = root / "transcripts" / SLUG / "transcript.vtt"
    text = path.read_text(encoding="utf-8")
    header = f"Language: eng\nLocal Usage Element: [Media SHA-256] {'0' * 64}"
    path.write_text(text.replace("Language: eng", header), encoding="utf-8")
    assert "this was timed to another file of the sound" in run(root, "join", SLUG, "--force").stdout


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (f'media = "{SLUG}.flac"\n', "", f'write media = "{SLUG}.flac" above its first table'),
        (f'media = "{SLUG}.flac"', f'media = "{SLUG}.mp3"', f"call it {SLUG}.flac in the record"),
        ("side-b.wav", "side-z.wav", "side-z.wav; put it there"),
    ],
)
def test_what_cannot_be_joined_is_refused_in_words(root: Path, before: str, after: str, what: str) -> None:
    joined_of(root).unlink()
    rewrite(root, before, after)
    result = run(root, "join", SLUG)
    assert (result.exit_code, what in result.stderr) == (1, True), result.output
    assert [path.name for path in (root / "media").iterdir()] == ["parts"]


def test_a_recording_without_parts_is_refused(root: Path) -> None:
    text = record_of(root).read_text(encoding="utf-8")
    record_of(root).write_text(text[: text.index("[[part]]")], encoding="utf-8")
    assert "the record has no parts" in run(root, "join", SLUG).stderr


def test_what_is_withdrawn_leaves_nothing_of_its_parts_in_the_cache(root: Path) -> None:
    """Their files stay, and it is said where they lie."""
    for name in SIDES:
        os.utime(part_of(root, name), (1e9, 1e9))  # what is younger than a tick of the clock is not cached
    assert run(root, "check").exit_code == 0
    derived = [each for name in SIDES for each in forgetting.derived(part_of(root, name))]
    assert derived
    result = run(root, "withdraw", SLUG)
    assert result.exit_code == 0, result.output
    assert f"media/parts/{SLUG}" in next(line for line in result.stdout.splitlines() if "its own files" in line)
    assert [each for each in derived if each.exists()] == []
    assert all(part_of(root, name).is_file() for name in SIDES)


def test_a_name_that_is_withheld_is_found_in_the_title_of_a_part(root: Path) -> None:
    (root / "transcripts" / "people.toml").write_text(
        '[[person]]\nid = "p1"\nname = "Odile Marchetto"\nrole = "who lent it"\nsources = ["log"]\nprivate = true\n',
        encoding="utf-8",
    )
    (root / "transcripts" / "sources.toml").write_text(
        '[[source]]\nid = "log"\nkind = "primary document"\ntitle = "The log"\ndate = "1974"\nseen = "full"\n'
        'rights = "own work"\n',
        encoding="utf-8",
    )
    rewrite(root, "Side B", "Side of Odile Marchetto")
    assert [each.what for each in advice(root) if "Odile" in each.what]


@pytest.mark.parametrize(
    ("table", "is_told"),
    [
        ('[[closed]]\nstart = "4"\nend = "5"\nwhat = "sound"\n', True),
        ('[[closed]]\nstart = "1"\nend = "2"\nwhat = "sound"\n', False),
        ('[access]\nsound = "closed"\n', True),
    ],
)
def test_a_part_that_another_recording_lets_be_heard_is_told_where_it_is_closed(
    root: Path, table: str, *, is_told: bool
) -> None:
    shutil.copyfile(part_of(root, SIDES[1]), root / "media" / "alone.wav")
    (root / "transcripts" / "alone").mkdir()
    (root / "transcripts" / "alone" / "recording.toml").write_text(
        'title = "The second side"\ndate = "1974"\nmedia = "alone.wav"\n', encoding="utf-8"
    )
    with record_of(root).open("a", encoding="utf-8") as file:
        file.write(f"\n{table}")
    found = [each for each in told(root) if each.startswith("alone.wav is open here")]
    assert bool(found) is is_told
    if "[[closed]]" in table and found:
        assert f'closed from 0:01.007 to 0:02.007 in "{SLUG}"' in found[0]

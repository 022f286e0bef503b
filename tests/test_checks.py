"""``player check`` finds every fault of a damaged archive, with its file, its line, and what to do."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import checking
import pytest
from small_archive import bind

from player.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import CliRunner


def replace(archive: Path, name: str, old: str, new: str) -> None:
    path = archive / "transcripts" / "tones" / name
    path = path if path.exists() else archive / "transcripts" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def told(archive: Path) -> list[str]:
    return [str(fault) for fault in checking.faults(archive)]


def test_a_sound_archive_has_nothing_wrong_with_it(archive: Path) -> None:
    bind(archive)
    assert told(archive) == []


FAULTS = [
    # file, what is there, what is put in its place, the line told, words of the message
    ("recording.toml", 'place = "Nowhere"', 'plaice = "Nowhere"', 3, 'unknown key "plaice"'),
    ("recording.toml", 'date = "1963-11-05"', 'date = "1963-13-05"', 2, "not in the form of a date"),
    ("recording.toml", 'sources = ["log"]', 'sources = ["lgo"]', 5, 'no source has the id "lgo"'),
    ("recording.toml", '"tones.wav"', '"gone.wav"', 6, "there is no file gone.wav in media/"),
    ("recording.toml", '"0:02"', '"0:12"', 7, "past the end of the sound"),
    ("recording.toml", 'media = "tones.wav"', "", 1, "names no media"),
    ("recording.toml", 'place = "Nowhere"', 'status = "not held"', 3, 'says "not held"'),
    ("recording.toml", 'place = "Nowhere"', 'surrogate_for = "nobody"', 3, 'no recording is called "nobody"'),
    ("recording.toml", 'place = "Nowhere"', 'surrogate_for = "tones"', 3, "the record stands in for itself"),
    ("annotations.toml", 'end = "0:10"', 'end = "0:11"', 9, "past the end of the recording"),
    ("annotations.toml", 'end = "0:10"', 'end = "0:08"', 16, "no later than it starts"),
    ("annotations.toml", 'end = "0:10"', "", 9, "only one of start and end is given"),
    ("annotations.toml", 'cue = "first"', 'cue = "second"', 7, 'no line of the transcript has the identifier "second"'),
    ("annotations.toml", 'cue = "first"', 'cue = "first"\nstart = "0:01"', 7, "both a cue and a time"),
    ("annotations.toml", 'id = "late"', 'id = "who"', 10, 'an earlier [[annotation]] has the same id, "who"'),
    ("annotations.toml", '"log, p. 1"', '"logg, p. 1"', 1, 'no source has the id "logg"'),
    ("annotations.toml", "(/sources#source-log)", "(javascript:x)", 1, 'links to "javascript:x"'),
    (
        "annotations.toml",
        "(/sources#source-log)",
        "(/sources#source-lgo)",
        1,
        'has a link that leads nowhere: no source has the id "lgo"',
    ),
    ("annotations.toml", 'kind = "term"', 'kind = "trem"', 20, "write one of person, event"),
    (
        "transcript.vtt",
        "00:00:08.000 --> 00:00:10.000",
        "00:00:08.000 --> 00:00:10.500",
        21,
        "past the end of the audio",
    ),
    ("transcript.vtt", "NOTE source: log, p. 2", "NOTE source: lug, p. 2", 14, 'no source has the id "lug"'),
    ("transcript.vtt", "00:00:05.000 -->", "00:00:01.000 -->", 17, "before the one above it"),
    ("transcript.vtt", "00:00:05.000 -->", "00:00:05,000 -->", 17, "a comma where a full stop belongs"),
    ("transcript.vtt", "last\n", "first\n", 20, "first"),
    ("sources.toml", 'seen = "full"', 'seen = "hearsay"', 5, "write one of full"),
]


@pytest.mark.parametrize(("name", "old", "new", "line", "words"), FAULTS)
def test_a_fault_is_told_with_its_line(archive: Path, name: str, old: str, new: str, line: int, words: str) -> None:
    bind(archive)
    replace(archive, name, old, new)
    found = told(archive)
    assert any(re.search(rf"{name}:{line}: ", fault) and words in fault for fault in found), found


def test_every_fault_says_what_to_do(archive: Path) -> None:
    bind(archive)
    for name, old, new, _, _ in FAULTS[:3] + FAULTS[-3:]:
        replace(archive, name, old, new)
    assert all("; " in fault for fault in told(archive))


def test_a_voice_that_the_record_does_not_know_is_told_at_its_cue(archive: Path) -> None:
    bind(archive)
    replace(archive, "recording.toml", 'name = "Ben"', 'name = "Bob"')
    assert any('transcript.vtt:17: the voice "Ben" is not among' in fault for fault in told(archive))


@pytest.mark.parametrize("is_withheld", [False, True])
def test_a_voice_where_names_are_withheld_may_be_one_of_these_misspelt(archive: Path, *, is_withheld: bool) -> None:
    bind(archive)
    replace(archive, "transcript.vtt", "<v Ada>The", "<v Adda>The")
    if is_withheld:
        replace(archive, "recording.toml", 'name = "Ada"', 'name = "Ada"\ndisplay_name = "A weaver"')
    (fault,) = [fault for fault in told(archive) if 'the voice "Adda" is not among' in fault]
    remedy = "correct the name in the transcript, or add" if is_withheld else "add a [[speaker]], or correct"
    assert f"; {remedy}" in fault


def test_a_transcript_bound_to_another_file_is_told(archive: Path) -> None:
    replace(archive, "transcript.vtt", "Type: caption", f"Local Usage Element: [Media SHA-256] {'0' * 64}")
    assert any("timed to a different file from tones.wav" in fault for fault in told(archive))


def test_a_transcript_that_is_not_utf_8_is_told_with_its_line(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.write_bytes(path.read_bytes().replace(b"The end", b"The \xe9nd"))
    assert any("transcript.vtt:22: " in fault for fault in told(archive))


def test_a_media_file_that_is_not_audio_is_told(archive: Path) -> None:
    (archive / "media" / "tones.wav").write_text("not a sound", encoding="utf-8")
    assert any("recording.toml:6: " in fault for fault in told(archive))


def test_a_cyclic_surrogate_is_no_trouble(archive: Path) -> None:
    bind(archive)
    replace(archive, "recording.toml", 'place = "Nowhere"', 'surrogate_for = "lost"')
    write_lost(archive, 'surrogate_for = "tones"\n')
    assert told(archive) == []


READING = [
    # what is put in place of the first two cues' text, and the words of the fault
    ("<v Kennedy>Not the White House tape.", "a reading has only Narrator and Document"),
    ("<v Narrator>Something else.", 'does not say "not the White House tape"'),
    ("<v Document>“This is not the White House tape”", "is in no excerpt"),
    ("<v Document>This is not the White House tape.", "words outside quotation marks"),
    ("<v Narrator>Not the White House tape. “One two threw.”", "is in no excerpt"),
]


@pytest.mark.parametrize(("cue", "words"), READING)
def test_a_reading_may_not_make_up_history(archive: Path, cue: str, words: str) -> None:
    make_reading(archive)
    replace(archive, "transcript.vtt", "<v Narrator>This is not the White House tape.", cue)
    assert any(words in fault for fault in told(archive)), told(archive)


def test_document_reads_only_government_work(archive: Path) -> None:
    make_reading(archive)
    replace(archive, "sources.toml", "US government work", "in copyright")
    assert any("something other than a US government work" in fault for fault in told(archive))


TRANSLATED = [
    # the second line of the translation, and the words of the fault; none where it is right
    ("“One two” [Uno dos] omisión. “three” [tres]", None),
    ("“One two” [‘Uno’ dos] omisión: “three”\n[tres], de Ada’s", None),
    ("“Uno dos” [uno dos] omisión. “One two” [x] “three” [tres]", "“Uno dos” is not quoted in the transcript's line"),
    ("“One two three” [uno dos tres] “One two” [x] “three” [x]", "“One two three” is not quoted in the transcript's"),
    ("“One two” [Uno dos] omisión.", "“three”, which the transcript's line second quotes, is left out"),
    ("“One two” omisión. “three” [tres]", "a quotation in line second is not followed by a gloss"),
    ("“One two” [ ] omisión. “three” [tres]", "a quotation in line second is not followed by a gloss"),
    ("“One two” [Uno dos] «omisión». “three” [tres]", "has quotation marks that are not checked against any source"),
    ('“One two” [Uno dos] "omisión". “three” [tres]', "has quotation marks that are not checked against any source"),
    ("“One two” [Uno dos] ‘omisión’. “three” [tres]", "has quotation marks that are not checked against any source"),
    (
        "“One two” [Uno dos] omisión. “three” [tres] “cuatro",
        "has quotation marks that are not checked against any source",
    ),
]


@pytest.mark.parametrize(("line", "words"), TRANSLATED)
def test_a_translation_quotes_what_the_reading_quotes_in_the_same_words(
    archive: Path, line: str, words: str | None
) -> None:
    make_reading(archive)
    (archive / "transcripts" / "tones" / "transcript.es.vtt").write_text(
        "WEBVTT\nLanguage: spa\nLocal Usage Element: [Translated by] Ada\n\n"
        "first\n00:00.000 --> 00:02.000\nEsta no es la cinta de la Casa Blanca.\n\n"
        f"second\n00:02.000 --> 00:04.000\n{line}\n",
        encoding="utf-8",
    )
    found = told(archive)
    assert bool(found) == (words is not None), found
    assert words is None or any("transcript.es.vtt:10: " in fault and words in fault for fault in found), found


def test_every_cue_of_a_reading_names_its_source(archive: Path) -> None:
    make_reading(archive)
    replace(archive, "transcript.vtt", "NOTE source: log, p. 2\n\n", "")
    assert any("has no source" in fault for fault in told(archive))


def test_a_quotation_in_narration_has_a_locator(archive: Path) -> None:
    make_reading(archive)
    replace(archive, "transcript.vtt", "tape.", "tape. “One two three.”")
    assert told(archive) == []
    replace(archive, "transcript.vtt", "log, p. 1", "log")
    assert any("has no locator" in fault for fault in told(archive))


@pytest.mark.parametrize("key", ["sources", "notice", "surrogate_for"])
def test_a_reading_says_what_it_rests_on_and_what_it_stands_for(archive: Path, key: str) -> None:
    make_reading(archive)
    assert told(archive) == []
    path = archive / "transcripts" / "tones" / "recording.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(key)), encoding="utf-8")
    assert any(key in fault for fault in told(archive))


def write_lost(archive: Path, more: str = "") -> None:
    """Add the record of a tape that is not held."""
    folder = archive / "transcripts" / "lost"
    folder.mkdir()
    record = f'title = "Lost"\ndate = "1963"\nstatus = "not held"\n{more}'
    (folder / "recording.toml").write_text(record, encoding="utf-8")


def make_reading(archive: Path) -> None:
    write_lost(archive)
    digest = hashlib.sha256((archive / "media" / "tones.wav").read_bytes()).hexdigest()
    folder = archive / "transcripts" / "tones"
    (folder / "transcript.vtt").write_text(
        f"WEBVTT\nLocal Usage Element: [Media SHA-256] {digest}\n\n"
        "NOTE source: log, p. 1\n\nfirst\n00:00.000 --> 00:02.000\n<v Narrator>This is not the White House tape.\n\n"
        "NOTE source: log, p. 2\n\nsecond\n00:02.000 --> 00:04.000\n<v Document>“One two” omission. “three”\n",
        encoding="utf-8",
    )
    (folder / "recording.toml").write_text(
        'title = "x"\ndate = "1963"\nkind = "reading"\nsurrogate_for = "lost"\nsources = ["log"]\n'
        'media = "tones.wav"\nnotice = "Synthetic."\nsubstance = "0:02"\n',
        encoding="utf-8",
    )


def test_the_command_exits_with_1_and_counts(archive: Path, runner: CliRunner) -> None:
    bind(archive)
    assert runner.invoke(main, ["check", "--archive", str(archive)]).exit_code == 0
    replace(archive, "recording.toml", "place", "plaice")
    result = runner.invoke(main, ["check", "--archive", str(archive)])
    assert result.exit_code == 1
    assert "recording.toml:3: " in result.stdout
    assert "1 fault in 1 recording" in result.stderr


@pytest.mark.parametrize(
    ("place", "target"),
    [
        ("media/tones.wav", "secret"),
        ("transcripts/sources.toml", "secret"),
        ("transcripts/tones", "secrets"),
        ("transcripts/tones/transcript.vtt", "secret"),
        ("transcripts/tones/annotations.toml", "secret"),
    ],
)
def test_a_link_out_of_the_archive_is_refused(archive: Path, place: str, target: str) -> None:
    linked = archive / place
    linked.rename(archive.parent / target)
    linked.symlink_to(archive.parent / target)
    assert any("this link leads out of the archive" in what for what in told(archive))


@pytest.mark.parametrize("name", ["media", "transcripts"])
def test_the_two_folders_of_an_archive_may_lie_on_another_disk(archive: Path, name: str) -> None:
    bind(archive)
    (archive / name).rename(archive.parent / name)
    (archive / name).symlink_to(archive.parent / name)
    assert told(archive) == []


def test_a_link_within_the_archive_is_followed(archive: Path) -> None:
    bind(archive)
    (archive / "media" / "tones.wav").rename(archive / "media" / "other.wav")
    (archive / "media" / "tones.wav").symlink_to("other.wav")
    assert told(archive) == []


def test_a_link_that_leads_nowhere_is_not_taken_for_a_file_that_is_left_out(archive: Path) -> None:
    (archive / "transcripts" / "tones" / "transcript.vtt").unlink()
    (archive / "transcripts" / "tones" / "transcript.vtt").symlink_to("gone.vtt")
    assert any("transcript.vtt: the file cannot be read" in what for what in told(archive))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("my tones", "the name of this folder cannot stand in an address"),
        ("tones", "it has no file"),
        ("dossiers", None),
        (".git", None),
    ],
)
def test_a_folder_that_is_no_recording_is_told(archive: Path, name: str, words: str | None) -> None:
    bind(archive)
    folder = archive / "transcripts" / "tones"
    if words is not None and "has no file" in words:
        (folder / "recording.toml").unlink()
    elif words is not None:
        folder.rename(folder.with_name(name))
    else:
        folder.with_name(name).mkdir()
    found = told(archive)
    assert len(found) == (words is not None)
    assert words is None or words in found[0]


def test_a_folder_in_place_of_a_file_is_told_once_and_as_a_folder(archive: Path) -> None:
    before = set(told(archive))
    bibliography = archive / "transcripts" / "sources.toml"
    bibliography.unlink()
    bibliography.mkdir()
    media = archive / "media" / "tones.wav"
    media.unlink()
    media.mkdir()
    found = sorted(set(told(archive)) - before)
    assert len(found) == 2
    assert "tones.wav in media/ is a folder, not a file; put it there" in found[1]
    assert found[0].endswith("sources.toml: the file cannot be read (it is a folder); put a file in its place")


def test_lines_in_the_wrong_order_are_told_by_their_ids(archive: Path) -> None:
    replace(archive, "annotations.toml", 'cue = "first"', 'cue = "last..first"')
    (fault,) = [fault for fault in told(archive) if "comes before" in fault]
    assert fault.endswith('annotations.toml:7: the line "first" comes before "last"; write "first..last"')


def test_a_media_name_that_no_file_system_takes_is_told(archive: Path) -> None:
    replace(archive, "recording.toml", "tones.wav", "a" * 300 + ".wav")
    assert any("cannot be read (file name too long)" in what for what in told(archive))

"""A sound becomes a recording with one command: its file, its record and its transcript; all of it, or nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from small_archive import write_tones

from player import files
from player.archive.archive import Archive
from player.cli import main
from player.errors import AddError, PlayerError, WriteError
from player.intake.adding import Wanted, add
from player.intake.beginning import begin

if TYPE_CHECKING:
    from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TAPE = "1963-11-05-attwood"
SRT = """\
1
00:00:00,000 --> 00:00:01,000
The ferry left at six.

2
00:00:01,000 --> 00:00:02,000
Nobody told the office.
"""


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    begin(tmp_path / "archive", "The quay")
    return tmp_path / "archive"


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    write_tones(tmp_path / "quay talk.wav", seconds=2)
    os.utime(tmp_path / "quay talk.wav", (86_400, 86_400))
    return tmp_path / "quay talk.wav"


def seen(root: Path) -> dict[str, bytes | None]:
    """Give what anybody sees of an archive, and what lies hidden in it."""
    paths = sorted(root.rglob("*"))
    return {path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None for path in paths}


def added(root: Path, *sounds: Path | str, **wanted: Any) -> str:
    return add(Archive(root), Wanted(sounds, **{"title": "On the quay", "date": "1971-06", **wanted})).slug


def player(*words: str | Path) -> Any:
    return CliRunner().invoke(main, list(map(str, words)))


def test_a_sound_becomes_a_recording(empty: Path, sound: Path) -> None:
    assert added(empty, sound, series="Quays", tags=("ferries",), also={"place": "The pier"}) == "on-the-quay"
    record = Archive(empty).record("on-the-quay")
    assert (record.title, record.date, record.series, record.tags) == ("On the quay", "1971-06", "Quays", ("ferries",))
    assert (record.place, record.media_name) == ("The pier", "on-the-quay.wav")
    held = empty / "media" / "on-the-quay.wav"
    assert held.read_bytes() == sound.read_bytes()
    assert held.stat().st_mtime == sound.stat().st_mtime
    assert record.holding is not None
    assert record.holding.sha256 == hashlib.sha256(sound.read_bytes()).hexdigest()
    assert record.holding.obtained_from == "the file “quay talk.wav”"
    assert record.holding.obtained == dt.datetime.now(tz=dt.UTC).date().isoformat()
    assert not [name for name in seen(empty) if "/." in name]


def test_what_is_added_is_a_draft_unless_it_is_said_otherwise(empty: Path, sound: Path) -> None:
    added(empty, sound)
    shown = Archive(empty).record("on-the-quay").shown.record
    assert shown is not None
    assert shown.state == "draft"
    write_tones(empty / "other.wav", seconds=3)
    added(empty, empty / "other.wav", publish=True)
    assert Archive(empty).record("1971-06-on-the-quay").shown.record is None
    about = empty / "transcripts" / "archive.toml"
    about.write_text(f'{about.read_text(encoding="utf-8")}\nadded = "open"\n', encoding="utf-8")
    write_tones(empty / "third.wav", seconds=4)
    added(empty, empty / "third.wav", slug="third")
    assert Archive(empty).record("third").shown.record is None
    write_tones(empty / "fourth.wav", seconds=5)
    added(empty, empty / "fourth.wav", slug="fourth", publish=False)
    assert Archive(empty).record("fourth").shown.record is not None


def test_the_command_says_what_it_did_and_how_to_see_it(empty: Path, sound: Path, tmp_path: Path) -> None:
    words = tmp_path / "quay.srt"
    words.write_text(SRT, encoding="utf-8")
    done = player("add", sound, "--transcript", words, "--title", "On the quay", "--date", "1971~", "--archive", empty)
    assert done.exit_code == 0, done.output
    assert "quay talk.wav: uncompressed samples in WAV, 8,000 samples a second, 1 channel" in done.output
    assert "SubRip, 2 lines, 0:00 to 0:02" in done.output
    assert "player check finds nothing wrong with it" in done.output
    assert f"to see it: player serve --drafts --archive {empty}" in done.output
    assert "http://127.0.0.1:8000/recordings/on-the-quay" in done.output
    assert f"to publish it: player publish on-the-quay --archive {empty}" in done.output
    recording = Archive(empty).recording("on-the-quay")
    assert recording.transcript is not None
    assert [cue.text for cue in recording.transcript.cues] == ["The ferry left at six.", "Nobody told the office."]
    assert recording.transcript.media_sha256 == hashlib.sha256(sound.read_bytes()).hexdigest()
    assert player("publish", "on-the-quay", "--archive", empty).exit_code == 0
    assert player("check", "--strict", "--archive", empty).exit_code == 0


def test_what_would_be_added_is_told_and_nothing_is_written(empty: Path, sound: Path) -> None:
    before = seen(empty)
    done = player("add", sound, "--title", "Öster quay", "--date", "unknown", "--dry-run", "--archive", empty)
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "it would be oster-quay; nothing was added")
    assert seen(empty) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "its title and its date cannot be told from its tags; give --title and --date (--date unknown where "),
        (("--title", "x"), "its date cannot be told from its tags; give --date (--date unknown where nobody knows)"),
        (
            ("--title", "x", "--date", "May 1971"),
            'its date is "May 1971", which is not in the form of a date; write it',
        ),
        (("--title", "x", "--date", "1971", "--slug", "Dossiers"), '"Dossiers" is reserved: recordings cannot have'),
        (("--title", "x", "--date", "1971", "--slug", "a b"), '"a b" cannot stand in an address: use only letters'),
        (("--title", "x", "--date", "1971", "--slug", "TONES"), 'there is a recording called "tones" already ('),
        (("--title", "x", "--date", "1971", "--like", "none"), '--like: no recording is called "none"'),
        (("--to", "tones"), 'it has a sound already, "tones.wav"; add yours as another'),
        (("--to", "none"), '--to: no recording is called "none"'),
    ],
)
def test_what_is_missing_or_cannot_be_is_refused_in_words(
    archive: Path, sound: Path, words: tuple[str, ...], told: str
) -> None:
    before = seen(archive)
    done = player("add", sound, *words, "--archive", archive)
    assert done.exit_code == 1
    assert told in done.output
    assert seen(archive) == before


@pytest.mark.parametrize(
    "words",
    [(), ("x.wav", "--from-csv", "t.csv"), ("x.wav", "--to", "a", "--title", "b"), ("x.wav", "--to", "a", "--publish")],
)
def test_what_does_not_go_together_is_misused(words: tuple[str, ...]) -> None:
    assert player("add", *words).exit_code == 2


def test_what_is_no_sound_is_not_added(empty: Path, tmp_path: Path) -> None:
    before = seen(empty)
    (tmp_path / "page.mp3").write_text("<html>not a sound</html>" * 50, encoding="utf-8")
    (tmp_path / "nothing.wav").write_bytes(b"")
    write_tones(tmp_path / "silent.wav", seconds=0)
    os.mkfifo(tmp_path / "pipe.wav")
    for name in ("page.mp3", "nothing.wav", "silent.wav", "pipe.wav", "none.wav", "."):
        with pytest.raises(PlayerError, match=r"sound"):
            added(empty, tmp_path / name)
    assert seen(empty) == before


def test_a_sound_that_the_archive_has_is_not_added_again(archive: Path, tmp_path: Path) -> None:
    other = shutil.copy(archive / "media" / "tones.wav", tmp_path / "the same.wav")
    before = seen(archive)
    with pytest.raises(
        AddError, match=r"the same\.wav: the archive has this very sound already: tones \(.*tones\.wav\)"
    ):
        added(archive, Path(other))
    shutil.copy(other, archive / "media" / "stray.wav")
    (archive / "media" / "tones.wav").unlink()
    with pytest.raises(AddError, match=r"stray\.wav, which no record names; move it out of media/"):
        added(archive, Path(other))
    shutil.copy(other, archive / "media" / "tones.wav")
    (archive / "media" / "stray.wav").unlink()
    assert seen(archive) == before


def test_a_sound_without_room_or_right_is_refused_before_anything_is_written(
    empty: Path, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = seen(empty)
    usage = shutil.disk_usage(empty)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=5_000_000))
    with pytest.raises(
        WriteError,
        match=r"media: there is no room: 8.1 MB are needed, 8.0 MB of them to spare, and 5.0 MB are free",
    ):
        added(empty, sound)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(WriteError, match="you may not write there"):
        added(empty, sound)
    assert seen(empty) == before


def test_a_sound_that_changes_while_it_is_copied_is_refused(empty: Path, sound: Path) -> None:
    before = seen(empty)

    def growing(_what: str, _done: float) -> None:
        with sound.open("ab") as file:
            file.write(b"more")

    with pytest.raises(AddError, match="the file changed while it was copied; add it once it is complete"):
        add(Archive(empty), Wanted((sound,), title="x", date="1971"), growing)
    assert seen(empty) == before


def test_an_interruption_leaves_nothing(empty: Path, sound: Path) -> None:
    before = seen(empty)

    def pressed(_what: str, done: float) -> None:
        if done >= 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add(Archive(empty), Wanted((sound,), title="x", date="1971"), pressed)
    assert seen(empty) == before


def test_an_original_is_removed_only_after_its_copy_was_read_back(
    empty: Path, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = sound.read_bytes()
    opened = files.opened

    def damaged(path: Path) -> Any:
        if path.is_relative_to(empty) and path.suffix == ".wav":
            path.write_bytes(content[:-1] + b"?")
        return opened(path)

    with monkeypatch.context() as patched:
        patched.setattr(files, "opened", damaged)
        with pytest.raises(AddError, match="the copy reads otherwise than what was written, so the original was left"):
            added(empty, sound, move=True)
    assert sound.read_bytes() == content
    shutil.rmtree(empty)
    begin(empty)
    added(empty, sound, move=True)
    assert not sound.exists()
    assert (empty / "media" / "on-the-quay.wav").read_bytes() == content


def test_a_new_recording_takes_over_speakers_sources_and_language(archive: Path, sound: Path) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(
        record.read_text(encoding="utf-8").replace("place =", 'language = "fr"\nplace ='), encoding="utf-8"
    )
    slug = added(archive, sound, like="tones")
    new = Archive(archive).record(slug)
    assert [(each.name, each.kind) for each in new.speaker] == [("Ada", "person"), ("Ben", "unidentified")]
    assert [str(each) for each in new.citations] == ["log"]
    assert new.language == "fr"
    assert new.summary is None


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A copy of the archive that ships."""
    for name in ("media", "transcripts"):
        shutil.copytree(ROOT / name, tmp_path / "shipped" / name)
    return tmp_path / "shipped"


def test_the_record_of_the_tape_is_filled_and_says_all_that_it_said(shipped: Path, sound: Path) -> None:
    path = shipped / "transcripts" / TAPE / "recording.toml"
    before, old = path.read_text(encoding="utf-8"), Archive(shipped).record(TAPE)
    done = player("add", sound, "--to", TAPE, "--archive", shipped)
    assert done.exit_code in {0, 1}, done.output  # the tones end before 0:25, which check tells
    assert f"{TAPE} has its sound now: " in done.output
    assert "written while there was no sound: summary, provenance, [[unknown]]; read it, and change" in done.output
    record = Archive(shipped).record(TAPE)
    assert (record.status, record.media_name, record.begins) == ("held", f"{TAPE}.wav", 25_000)
    assert record.holding is not None
    assert record.holding.sha256 == hashlib.sha256(sound.read_bytes()).hexdigest()
    assert record.shown.record is old.shown.record is None
    lines = path.read_text(encoding="utf-8").splitlines()
    changed = [line for line in before.splitlines() if line not in lines]
    assert changed == ['status = "not held"']
    new = [line for line in lines if line not in before.splitlines()]
    assert [line.partition(" =")[0] for line in new] == ["media", "[holding]", "obtained_from", "obtained", "sha256"]


def test_a_record_that_expects_another_file_is_not_filled(shipped: Path, sound: Path) -> None:
    path = shipped / "transcripts" / TAPE / "recording.toml"
    holding = f'\n[holding]\nobtained_from = "a library"\nsha256 = "{"0" * 64}"\n'
    path.write_text(f"{path.read_text(encoding='utf-8')}{holding}", encoding="utf-8")
    with pytest.raises(AddError, match="names another file by its SHA-256"):
        add(Archive(shipped), Wanted((sound,), to=TAPE))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("0" * 64, hashlib.sha256(sound.read_bytes()).hexdigest()), encoding="utf-8")
    add(Archive(shipped), Wanted((sound,), to=TAPE))
    holding_now = Archive(shipped).record(TAPE).holding
    assert holding_now is not None
    assert holding_now.obtained_from == "a library"


def test_a_date_that_nobody_knows_is_before_today(empty: Path, sound: Path) -> None:
    added(empty, sound, date="unknown")
    assert Archive(empty).record("on-the-quay").date == f"../{dt.datetime.now(tz=dt.UTC).date().isoformat()}"


def test_a_name_says_title_and_date_where_they_may_be_guessed(empty: Path, tmp_path: Path) -> None:
    write_tones(tmp_path / "1971-06-02_harbour-office.wav", seconds=2)
    done = player("add", tmp_path / "1971-06-02_harbour-office.wav", "--yes", "--archive", empty)
    assert done.exit_code == 0, done.output
    record = Archive(empty).record("harbour-office")
    assert (record.title, record.date) == ("Harbour office", "1971-06-02")


@pytest.mark.parametrize(
    ("title", "date", "slug"),
    [
        ("Das große Öl-Fest", "1971", "das-grosse-ol-fest"),
        ("Tom & Ines: “Who’s there?”", "1971", "tom-ines-whos-there"),
        ("Разговор", "1971-06-02", "recording-1971-06-02"),
        ("…", "../2026-01-01", "recording-undated"),
        ("word " * 40, "1971", "-".join(["word"] * 9)),
        ("x" * 99, "1971", "x" * 48),
    ],
)
def test_a_slug_is_the_title_in_letters_of_addresses(title: str, date: str, slug: str) -> None:
    from player.intake.slugs import slug_of  # noqa: PLC0415  # this test alone asks for it

    assert slug_of(title, date) == slug


def test_a_slug_that_is_taken_gets_its_date_and_then_a_number(empty: Path, tmp_path: Path) -> None:
    slugs = []
    for seconds in (1, 2, 3):
        write_tones(tmp_path / f"{seconds}.wav", seconds=seconds)
        slugs.append(added(empty, tmp_path / f"{seconds}.wav"))
    assert slugs == ["on-the-quay", "1971-06-on-the-quay", "1971-06-on-the-quay-2"]


def test_a_sound_whose_name_lies_is_held_under_its_own_suffix(empty: Path, sound: Path) -> None:
    sound.rename(sound.with_name("tape.mp3"))
    made = add(Archive(empty), Wanted((sound.with_name("tape.mp3"),), title="x", date="1971"))
    assert (empty / "media" / "x.wav").is_file()
    assert made.remarks == ('by its bytes "tape.mp3" is uncompressed samples in WAV, so it is held as .wav',)


def test_what_is_hostile_stays_within_its_line(empty: Path, sound: Path) -> None:
    with pytest.raises(AddError, match="its title has a control character in it"):
        added(empty, sound, title='x"\n[access]\nrecord = "open"\n\u202e\x00')
    slug = added(empty, sound, title='x" [access] record = "open" \\')
    assert Archive(empty).record(slug).title == 'x" [access] record = "open" \\'


@pytest.mark.parametrize("name", ["fa\udce7ade.wav", "quay\x1b[31m.wav", "quay\u202e.wav", "two\nlines.wav"])
def test_a_sound_whose_name_is_no_text_is_added(empty: Path, sound: Path, name: str) -> None:
    done = player("add", sound.rename(sound.with_name(name)), "--date", "1971", "--yes", "--archive", empty)
    assert done.exit_code == 0, done.output
    (slug,) = Archive(empty).slugs()
    assert f"{name[:2]}" in (Archive(empty).record(slug).holding.obtained_from or "")  # type: ignore[union-attr]  # it is there
    assert not {"\x1b", "\u202e"} & {*done.output}


@pytest.mark.parametrize("option", ["--title", "--tag", "--series"])
def test_words_that_are_not_utf_8_are_refused(empty: Path, sound: Path, option: str) -> None:
    given = {"--title": "x", "--date": "1971", option: "fa\udce7ade"}
    done = player("add", sound, *(word for pair in given.items() for word in pair), "--archive", empty)
    assert (done.exit_code, "is not text in UTF-8; write it in UTF-8" in done.output) == (1, True)
    assert not Archive(empty).slugs()


def test_digits_of_other_scripts_in_a_name_are_no_date(empty: Path, sound: Path) -> None:
    there = sound.rename(sound.with_name("talk of ١٩٧١.wav"))
    done = player("add", there, "--yes", "--archive", empty)
    assert "its date cannot be told" in done.output
    there = there.rename(there.with_name("talk of ١٩٧١ in 1972.wav"))
    assert player("add", there, "--yes", "--archive", empty).exit_code == 0
    assert Archive(empty).record(Archive(empty).slugs()[0]).date == "1972"


@pytest.mark.parametrize("name", ["", "  ", "fa\udce7ade", "quay\x1b[31m", "\u202equay"])
def test_an_archive_does_not_begin_with_a_name_that_it_cannot_have(tmp_path: Path, name: str) -> None:
    done = player("init", tmp_path / "new", "--name", name)
    assert (done.exit_code, done.output.startswith("its name ")) == (1, True)
    assert not (tmp_path / "new").exists()


def test_an_archive_begins_with_every_key_explained_and_plays(tmp_path: Path) -> None:
    done = player("init", tmp_path / "new", "--name", "The quay")
    assert done.exit_code == 0
    about = tmp_path / "new" / "transcripts" / "archive.toml"
    assert Archive(tmp_path / "new").about.name == "The quay"
    text = about.read_text(encoding="utf-8")
    about.write_text(
        "".join(line.removeprefix("# ") if " = " in line else line for line in text.splitlines(keepends=True)),
        encoding="utf-8",
    )
    assert Archive(tmp_path / "new").about.contact == "archive@harbour.example"
    again = player("init", tmp_path / "new")
    assert (again.exit_code, "there is an archive already; add to it with player add" in again.output) == (1, True)
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "own.txt").write_text("mine", encoding="utf-8")
    assert player("init", tmp_path / "there").exit_code == 0
    assert sorted(seen(tmp_path / "there")) == ["media", "own.txt", "transcripts", "transcripts/archive.toml"]

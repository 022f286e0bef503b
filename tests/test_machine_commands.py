"""What a machine wrote says so wherever a command puts it: in what it prints, and in every file that it makes.

The words are planted, and every command is run. Where one of them comes out, the label has to stand beside it: a new
way out that forgets it fails by its name.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import wave
import zipfile
from typing import TYPE_CHECKING, Final

import pytest
from click.testing import CliRunner
from clipping import run
from machine_ferry import DOUBTFUL, HEARD, KEEPER, LABEL, SLUG, UNCHECKED, UNHEARD, UNTIMED, write_archive
from mutagen import File
from signing import signing
from small_archive import write_tones
from test_closed_commands import commands_of

from player.archive.archive import Archive
from player.archive.recording import TRANSCRIPT
from player.archive.webvtt.reading import read_transcript
from player.audio.formats import FORMATS
from player.cli import main
from player.clips.clip import make
from player.clips.cut import Cut
from player.clips.verify import is_current
from player.history.entries import DESK
from player.history.recording import record as record_change
from player.intake.transaction import transaction
from player.publish import bibliography, citation
from player.publish.transcripts.forms import FORMS as FORMS_OF_WORDS
from player.timecode import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

LONG: Final = pytest.mark.long
_OUT: Final = "{out}"
_SIGN: Final = ("--sign", f"{_OUT}/signing/certificate.pem", "--key", f"{_OUT}/signing/key.pem", "--with-words")
IN_FILES: Final = "Local Usage Element: [Machine Transcript] "

#: What each command is asked, so that it may give out words; a command that is new has to be here. Empty where one only
#: changes files of the archive, or serves pages, of which test_machine_pages.py asks each.
ASKED: Final[Mapping[str, Sequence[tuple[str, ...]]]] = {
    "access": [("access", "--all")],
    "add": [
        ("add", f"{_OUT}/new.wav", "--transcript", f"{_OUT}/new.srt", "--title", "A", "--date", "1971", "--dry-run")
    ],
    "annotations": [
        ("annotations", SLUG),
        ("annotations", SLUG, "--export", f"{_OUT}/notes.csv"),
        ("annotations", SLUG, "--export", f"{_OUT}/notes.json", "--address", "https://example.org/tapes"),
    ],
    "bag": [("bag", f"{_OUT}/bag", "--public")],
    "bind": [("bind", SLUG)],
    "check": [("check",), ("check", "--all")],
    "cite": [("cite", SLUG), ("cite", SLUG, "--cue", "c1"), ("cite", SLUG, "--style", "csl-json")],
    "clip": [
        *(("clip", SLUG, "--quote", DOUBTFUL, "-o", f"{_OUT}/clip{suffix}") for suffix in FORMATS),
        ("clip", SLUG, "--quote", UNHEARD),
        ("clip", SLUG, "--quote", UNHEARD, "--nth", "7"),
        ("clip", SLUG, "--quote", UNHEARD, "--all", "--join", "-o", f"{_OUT}/joined.flac"),
        ("clip", SLUG, "--quote", UNTIMED),
        ("clip", SLUG, "--quote", DOUBTFUL, "--dry-run"),
        ("clip", SLUG, "--quote", DOUBTFUL, "--dry-run", "--json"),
        ("clip", SLUG, "--match", f"{UNHEARD} .*", "--dry-run"),
        ("clip", SLUG, "--cue", "c1", "--json", "-o", f"{_OUT}/json.wav"),
        ("clip", SLUG, "--cue", "c1", "--include-closed", "-o", f"{_OUT}/own.mp3"),
        ("clip", SLUG, "--annotation", "basket", "-o", f"{_OUT}/note.opus"),
        ("clip", SLUG, "--from", "0", "--to", "5", "--format", "wav", "-o", "-"),
        ("clip", SLUG, "--quote", DOUBTFUL, "-o", f"{_OUT}/signed.wav", *_SIGN),
    ],
    "clips": [
        ("clips", SLUG, "--all-annotations", "-o", f"{_OUT}/clips"),
        ("clips", SLUG, "--all-annotations", "-o", f"{_OUT}/clips-json", "--json"),
        ("clips", SLUG, "--all-annotations", "-o", f"{_OUT}/clips-dry", "--dry-run"),
        ("clips", "--search", UNHEARD, "-o", f"{_OUT}/clips-found"),
        ("clips", "--search", DOUBTFUL, "-o", f"{_OUT}/clips-found-json", "--json"),
        ("clips", "--search", UNHEARD, "--dry-run"),
        ("clips", "--search", UNTIMED, "--dry-run"),
        *(("clips", "--search", UNHEARD, "--join", "-o", f"{_OUT}/all{suffix}") for suffix in (".mp3", ".wav")),
        ("clips", "--search", UNHEARD, "--join", "-o", f"{_OUT}/json.flac", "--json"),
        ("clips", "--search", UNHEARD, "--join", "-o", f"{_OUT}/signed.wav", *_SIGN),
        ("clips", "--search", UNHEARD, "--join", "-o", f"{_OUT}/dry.mp3", "--dry-run"),
        ("clips", "--search", UNHEARD, "--edl", f"{_OUT}/cut.edl"),
    ],
    "closed": [("closed",), ("closed", "--json")],
    "credentials new": [],
    "export": [
        *(("export", SLUG, "--to", each.name, "-o", f"{_OUT}/ferry.{each.ending}") for each in FORMS_OF_WORDS.values()),
        ("export", SLUG, "--to", "epub", "-o", f"{_OUT}/ferry.epub"),
        ("export", "--all", "--to", "txt", "-o", f"{_OUT}/exported"),
        ("export", "--site", f"{_OUT}/site"),
    ],
    "fixity": [("fixity", "--update"), ("fixity",), ("fixity", "--json")],
    "history": [("history", SLUG), ("history", SLUG, "--line", "c1"), ("history", SLUG, "--line", "c1", "--json")],
    "import": [("import", SLUG, f"{_OUT}/new.srt", "--dry-run", "--force")],
    "index": [("index",)],
    "init": [],
    "invite": [("invite", SLUG, "--for", "Nora Quill", "--until", "2941-01-01"), ("invite", "--list")],
    "join": [("join", SLUG)],
    "list": [("list",)],
    "publish": [("publish", SLUG)],
    "reading": [("reading", SLUG)],
    "records": [("records", "--export", f"{_OUT}/records.csv")],
    "remove": [("remove", SLUG)],
    "rename": [("rename", SLUG, "other", "--dry-run")],
    "reviewed": [("reviewed",), ("reviewed", SLUG), ("reviewed", SLUG, "--json")],
    "search": [
        *(("search", word) for word in UNCHECKED),
        ("search", UNHEARD, "--json"),
        ("search", UNTIMED, "--json"),
        ("search", "ferry"),
        ("search", "ferry", "--csv", f"{_OUT}/found.csv"),
        ("search", UNTIMED, "--csv", f"{_OUT}/untimed.csv"),
        ("search", DOUBTFUL, "--clips", f"{_OUT}/found"),
        ("search", DOUBTFUL, "--clips", f"{_OUT}/found-json", "--json"),
    ],
    "serve": [],
    "set new": [],
    "verify": [("verify", f"{_OUT}/clip.wav")],
    "withdraw": [],
    "align": [
        ("align", SLUG),
        ("align", "--all"),
        ("align", SLUG, "--again", "--json", "--report", f"{_OUT}/report.csv"),
    ],
    "transcribe": [("transcribe", SLUG, "--again"), ("transcribe", "--all", "--again")],
    "voices": [("voices", SLUG), ("voices", SLUG, "--json"), ("voices", SLUG, "--voice", "Speaker 1", "--name", "Tom")],
}


def unlabelled(text: str, asked: Sequence[str] = ()) -> list[str]:
    """Give the planted words that stand in a text without the label; what was asked for may be said again."""
    return [
        word for word in UNCHECKED if word in text and LABEL not in text and not any(word in each for each in asked)
    ]


def is_transcript(path: Path) -> bool:
    """Tell whether a file is the transcript itself."""
    return path.suffix == ".vtt" and IN_FILES in path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("machine") / "archive")


@pytest.fixture
def archive(ferry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    return shutil.copytree(ferry, tmp_path / "archive")


def made_in(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def text_of(path: Path) -> str:
    """Give what stands in a file: its bytes, in the encodings that tags have."""
    data = path.read_bytes()
    texts = [data.decode("utf-8", "replace"), *(data[at:].decode("utf-16-le", "replace") for at in (0, 1))]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(path) as file:
            texts += [file.read(name).decode("utf-8", "replace") for name in file.namelist()]
    return "\n".join(texts)


def corrected_at_the_desk(root: Path) -> None:
    """Put another word into its first line, as the desk does."""
    record = Archive(root).record(SLUG)
    path = record.folder / TRANSCRIPT
    before = path.read_bytes()
    after = before.replace(b"carried", b"took")
    assert after != before
    with transaction(root) as change:
        change.replace(path, before, after)
        record_change(change, record, before, after, KEEPER, DESK)


def test_every_command_is_asked() -> None:
    assert set(commands_of(main)) - ASKED.keys() == set()


@LONG
@pytest.mark.parametrize("name", [name for name in ASKED if name in set(commands_of(main))])
def test_no_command_gives_a_machines_words_without_the_label(name: str, archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    write_tones(out / "new.wav", seconds=4)
    (out / "new.srt").write_text("1\n00:00:00,500 --> 00:00:02,000\nNothing.\n", encoding="utf-8")
    wrong = []
    for words in ASKED[name]:
        if name == "history" and words == ASKED[name][0]:
            corrected_at_the_desk(archive)
        if name == "verify":
            run(archive, "clip", SLUG, "--cue", "c1", "-o", f"{out}/clip.wav")
        if _SIGN[0] in words:
            signing(out / "signing")
        there = {path: path.read_bytes() for path in made_in(tmp_path / "archive")}
        asked = [word.replace(_OUT, str(out)) for word in words]
        result = CliRunner().invoke(main, [*asked, "--archive", str(archive)])
        assert result.exit_code in {0, 1}, (asked, result.output, result.exception)
        is_asked_for = words if result.exit_code else ()
        said = result.stdout_bytes.decode("utf-8", "replace") + result.stderr
        wrong += [f"player {' '.join(words)} says {word}" for word in unlabelled(said, is_asked_for)]
        # The transcript itself says it in its header, in the words of its form.
        new = [
            path for path in made_in(archive) if path.read_bytes() != there.get(path) and IN_FILES not in text_of(path)
        ]
        # The index of a copy of the site has words without what they were said in.
        made = [path for path in made_in(out) if not is_transcript(path) and path.parent.name != "words"]
        for path in (*made, *new):
            wrong += [f"player {' '.join(words)} writes {word} into {path.name}" for word in unlabelled(text_of(path))]
    assert wrong == []


@LONG
def test_the_words_do_come_out(archive: Path, tmp_path: Path) -> None:
    """What is looked for is found: in every format, and in what is printed."""
    for suffix in FORMATS:
        path = tmp_path / f"clip{suffix}"
        found = run(archive, "clip", SLUG, "--from", "0", "--to", "8", "-o", str(path))
        assert found.output == f"{path}: 0:00 to 0:08 of {SLUG} [{LABEL}]\n"
        assert UNHEARD in text_of(path)
        assert LABEL in text_of(path)
        for beside in (f"{path}.json", f"{path}.vtt"):
            assert {UNHEARD, LABEL} <= {word for word in (UNHEARD, LABEL) if word in text_of(tmp_path / beside)}
    assert UNHEARD in run(archive, "search", UNHEARD).output
    assert UNTIMED in run(archive, "search", UNTIMED).output


@LONG
def test_what_was_heard_or_reviewed_goes_without(archive: Path, tmp_path: Path) -> None:
    heard = tmp_path / "heard.flac"
    found = run(archive, "clip", SLUG, "--cue", "c2", "-o", str(heard))
    assert LABEL not in found.output
    assert "[" not in run(archive, "search", HEARD).stdout
    assert HEARD in text_of(heard)
    assert LABEL not in text_of(heard)
    assert File(heard)["MACHINE"] == ["Machine transcript, every line heard: faster-whisper 1.2.1, tiny.en, 2026-11-27"]
    run(archive, "reviewed", SLUG, "--by", KEEPER, "--date", "2026-11-28")
    whole = tmp_path / "whole.flac"
    run(archive, "clip", SLUG, "--from", "0", "--to", "8", "-o", str(whole))
    for path in (whole, tmp_path / "whole.flac.json", tmp_path / "whole.flac.vtt"):
        assert LABEL not in text_of(path)
    machine = json.loads((tmp_path / "whole.flac.json").read_bytes())["machine"]
    assert (machine["label"], machine["reviewed"]) == (None, f"2026-11-28, {KEEPER}")
    assert LABEL not in run(archive, "search", UNHEARD).output


@pytest.mark.long
def test_a_clip_is_what_it_claims_after_people_have_heard_its_words(archive: Path, tmp_path: Path) -> None:
    clip, sidecar = tmp_path / "clip.wav", tmp_path / "clip.wav.json"
    run(archive, "clip", SLUG, "--from", "0", "--to", "8", "-o", str(clip))
    for words in (("--lines", "c1"), ()):
        run(archive, "reviewed", SLUG, "--by", KEEPER, *words)
        found = run(archive, "verify", str(clip))
        assert (found.exit_code, found.stderr) == (0, "")
        assert (
            "identical, sample for sample\n  people have heard or reviewed its words since it was cut" in found.output
        )
    run(archive, "reviewed", SLUG, "--undo")
    # One that says that more was checked than was, or another machine, is not what it claims.
    said = sidecar.read_text(encoding="utf-8")
    run(archive, "reviewed", SLUG, "--by", KEEPER)
    for old, new in (
        ("tiny.en", "large"),
        ('"reviewed": null', '"reviewed": "2026-11-28, Tom"'),
        (f'"label": "{LABEL}"', '"label": null'),
    ):
        assert old in said
        sidecar.write_text(said.replace(old, new), encoding="utf-8")
        found = run(archive, "verify", str(clip))
        assert found.exit_code == 1
        assert "differs from the archive in: citation, machine;" in found.output
    run(archive, "reviewed", SLUG, "--undo")
    run(archive, "reviewed", SLUG, "--undo", "--lines", "c1")
    (count,) = re.findall(r'"unchecked": ([0-9]+)', said)
    fewer = said.replace(f'"unchecked": {count}', f'"unchecked": {int(count) - 1}')
    sidecar.write_text(fewer, encoding="utf-8")
    assert run(archive, "verify", str(clip)).exit_code == 1


def account(archive: Path, target: Path, *spans: Span) -> dict[str, object]:
    opened = Archive(archive)
    make(opened.recording(SLUG), Cut(spans, target.suffix), target, opened.sources)
    found: dict[str, object] = json.loads(target.with_name(f"{target.name}.json").read_bytes())
    return found


def test_the_sidecar_says_what_the_machine_was_and_how_much_nobody_has_heard(archive: Path, tmp_path: Path) -> None:
    found = account(archive, tmp_path / "clip.wav", Span(0, 9000))
    assert found["machine"] == {
        "label": LABEL,
        "program": "faster-whisper 1.2.1",
        "model": "tiny.en",
        "date": "2026-11-27",
        "reviewed": None,
        "lines": 4,
        "unchecked": 3,
    }
    assert found["aligned"] == "timed by a machine, confidence 0.93"
    assert f". {LABEL}. Recording {SLUG}, SHA-256 " in str(found["citation"])
    assert account(archive, tmp_path / "other.wav", Span(0, 4000))["aligned"] is None
    with wave.open(str(tmp_path / "clip.wav")):
        assert LABEL.encode() in (tmp_path / "clip.wav").read_bytes()


@LONG
def test_the_words_of_a_clip_keep_their_state_where_they_are_brought_in(archive: Path, tmp_path: Path) -> None:
    account(archive, tmp_path / "clip.wav", Span(0, 9000))
    clip = read_transcript(tmp_path / "clip.wav.vtt")
    assert f"NOTE {LABEL}\n" in (tmp_path / "clip.wav.vtt").read_text(encoding="utf-8")
    assert dict(clip.header)["Origin History"].endswith(LABEL)
    assert [line.is_unchecked for line in clip.lines] == [True, False, True, True]
    assert str(clip.machine) == "faster-whisper 1.2.1, tiny.en, 2026-11-27"
    assert str(clip.aligner) == "soundswallower 0.6.7, en-us, 2026-11-27"
    found = run(archive, "add", str(tmp_path / "clip.wav"), "--transcript", str(tmp_path / "clip.wav.vtt"), "--yes")
    assert "and nobody has heard 3 of its 4 lines" in found.output, found.output
    slug = next(slug for slug in Archive(archive).slugs() if slug != SLUG)
    again = Archive(archive).recording(slug).transcript
    assert again is not None
    assert [line.is_unchecked for line in again.lines] == [True, False, True, True]
    assert all(LABEL not in line.comments for line in again.lines)


def test_part_of_a_line_keeps_how_sure_the_machine_was_of_its_words(archive: Path, tmp_path: Path) -> None:
    account(archive, tmp_path / "clip.wav", Span(1200, 2000))
    (line,) = read_transcript(tmp_path / "clip.wav.vtt").lines
    assert line.text == f"carried {UNHEARD}"
    assert "word confidence: 0.87 -" in line.comments


@LONG
def test_a_clip_that_says_otherwise_than_the_transcript_now_is_not_current(archive: Path, tmp_path: Path) -> None:
    target, cut = tmp_path / "clip.wav", Cut((Span(0, 4000),), ".wav")
    account(archive, target, *cut.spans)
    assert is_current(target, Archive(archive).recording(SLUG), cut)
    run(archive, "reviewed", SLUG, "--by", KEEPER)
    assert not is_current(target, Archive(archive).recording(SLUG), cut)


def test_of_a_draft_that_is_not_published_clips_have_no_words_and_that_is_told(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive", drafts="hidden")
    found = run(archive, "clip", SLUG, "--quote", DOUBTFUL, "-o", str(tmp_path / "clip.wav"))
    assert found.exit_code == 0, found.output
    assert "visitors do not see them (draft), so clips go without them" in found.stderr
    assert DOUBTFUL not in text_of(tmp_path / "clip.wav")
    assert not (tmp_path / "clip.wav.vtt").exists()
    path = tmp_path / "clip.wav.json"
    sidecar = json.loads(path.read_bytes())
    assert sidecar["words"] == []
    assert run(archive, "verify", str(tmp_path / "clip.wav")).exit_code == 0
    # As they were written before.
    path.write_text(json.dumps({**sidecar, "words": [""]}))
    assert run(archive, "verify", str(tmp_path / "clip.wav")).exit_code == 0


def test_every_style_and_format_of_citation_says_it(archive: Path) -> None:
    record = Archive(archive).recording(SLUG)
    for unchecked in (True, False):
        cited = citation.cite(record, "https://example.org/", dt.date(2026, 11, 29), 500, 2500, unchecked=unchecked)
        for name, write in (*citation.STYLES, *((each[0], each[3]) for each in bibliography.FORMATS)):
            assert (LABEL.lower() in write(cited).lower()) == unchecked, name

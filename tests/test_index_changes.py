"""Whatever happens to the files of an archive, its index is the next moment what one that is made anew would be."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from bench.many import Many, slug, write_archive
from context_files import add_context
from index_contents import contents, fresh
from small_archive import bind, write_tones
from small_archive import write_archive as write_small

from player.archive.archive import Archive
from player.index.index import Index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("engine")

FEW = Many(recordings=4, lines=12, notes=3, beside=5)
#: 1990, in nanoseconds.
LONG_AGO = 631_152_000_000_000_000

ONE, TWO, NEW = slug(0), slug(1), slug(7)


def rewrite(path: Path, old: str, new: str, *, times: tuple[int, int] | None = None) -> None:
    """Write a file anew with other words in it, and give it times of last access and change, in nanoseconds."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    if times:
        os.utime(path, ns=times)


def rename(texts: Path, old: str, new: str) -> None:
    (texts / old).rename(texts / new)


def swap(texts: Path, one: str, two: str) -> None:
    rename(texts, one, "between")
    rename(texts, two, one)
    rename(texts, "between", two)


def half_written(path: Path) -> None:
    """Leave the first half of a file, as a program does that is still writing it."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def rename_to_bytes(path: Path, name: bytes) -> None:
    """Give it a name that is no text, as no Path can have."""
    os.rename(os.fsencode(path), os.fsencode(path.parent) + b"/" + name)  # noqa: PTH104  # for bytes


def kept_times(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_atime_ns, state.st_mtime_ns


def same_size_and_time(texts: Path) -> None:
    path = texts / ONE / "transcript.vtt"
    rewrite(path, "L2\n", "M2\n", times=kept_times(path))


CHANGES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda _: None,
    "a line": lambda texts: rewrite(texts / ONE / "transcript.vtt", ".", " and more."),
    "a line, at the same size and time": same_size_and_time,
    "a line, by a clock set back": lambda texts: rewrite(
        texts / ONE / "transcript.vtt", "L2\n", "M2\n", times=(LONG_AGO, LONG_AGO)
    ),
    "a line, by a clock set ahead": lambda texts: rewrite(
        texts / ONE / "transcript.vtt", "L2\n", "M2\n", times=(4 * LONG_AGO, 4 * LONG_AGO)
    ),
    "a title": lambda texts: rewrite(texts / ONE / "recording.toml", 'title = "', 'title = "Anew, '),
    "a note": lambda texts: rewrite(texts / ONE / "annotations.toml", "N1", "M1"),
    "the notes go": lambda texts: (texts / ONE / "annotations.toml").unlink(),
    "the transcript goes": lambda texts: (texts / ONE / "transcript.vtt").unlink(),
    "a translation comes": lambda texts: shutil.copy(texts / ONE / "transcript.vtt", texts / ONE / "transcript.es.vtt"),
    "a transcript is half written": lambda texts: half_written(texts / ONE / "transcript.vtt"),
    "a record is half written": lambda texts: half_written(texts / ONE / "recording.toml"),
    "notes are half written": lambda texts: half_written(texts / ONE / "annotations.toml"),
    "a record is empty": lambda texts: (texts / ONE / "recording.toml").write_bytes(b""),
    "a record is a folder": lambda texts: folder_instead(texts / ONE / "recording.toml"),
    "a transcript is a folder": lambda texts: folder_instead(texts / ONE / "transcript.vtt"),
    "a recording comes": lambda texts: shutil.copytree(texts / ONE, texts / NEW),
    "a recording goes": lambda texts: shutil.rmtree(texts / ONE),
    "all recordings go": lambda texts: list(map(shutil.rmtree, texts.glob("talk-*"))),
    "a recording gets another name": lambda texts: rename(texts, ONE, NEW),
    "two recordings swap their names": lambda texts: swap(texts, ONE, TWO),
    "two transcripts swap their places": lambda texts: swap(texts, f"{ONE}/transcript.vtt", f"{TWO}/transcript.vtt"),
    "a name that has no address": lambda texts: rename(texts, ONE, "talk é %00"),
    "a name that is no text": lambda texts: rename_to_bytes(texts / ONE, b"talk-\xff"),
    "a name in capitals": lambda texts: rename(texts, ONE, ONE.upper()),
    "a name with a dot before it": lambda texts: rename(texts, ONE, f".{ONE}"),
    "a person's name": lambda texts: rewrite(texts / "people.toml", "Avalen", "Ovalen"),
    "another name for a person": lambda texts: rewrite(
        texts / "people.toml", 'id = "person-1"', 'id = "person-1"\nalso = ["There"]'
    ),
    "people are half written": lambda texts: half_written(texts / "people.toml"),
    "people go": lambda texts: (texts / "people.toml").unlink(),
    "a source": lambda texts: rewrite(texts / "sources.toml", 'title = "', 'title = "Anew, '),
    "sources go": lambda texts: (texts / "sources.toml").unlink(),
    "the chronology": lambda texts: rewrite(texts / "chronology.toml", "made up:", "made up anew:"),
    "the chronology goes": lambda texts: (texts / "chronology.toml").unlink(),
    "the archive's name": lambda texts: (texts / "archive.toml").write_text('name = "Anew"\n', encoding="utf-8"),
    "a dossier": lambda texts: rewrite(texts / "dossiers" / "accounts-00001.toml", 'title = "', 'title = "Anew, '),
    "a dossier goes": lambda texts: (texts / "dossiers" / "accounts-00001.toml").unlink(),
    "a dossier gets another name": lambda texts: rename(texts / "dossiers", "accounts-00001.toml", "others.toml"),
    "all dossiers go": lambda texts: shutil.rmtree(texts / "dossiers"),
    "a sound goes": lambda texts: (texts.parent / "media" / f"{ONE}.wav").unlink(),
    "a sound is another": lambda texts: write_tones(texts.parent / "media" / f"{ONE}.wav", seconds=9),
    "a sound gets a name in capitals": lambda texts: rename(texts.parent / "media", f"{ONE}.wav", f"{ONE}.WAV"),
    "two sounds that the record may mean": lambda texts: shutil.copy(
        texts.parent / "media" / f"{ONE}.wav", texts.parent / "media" / f"{ONE}.WAV"
    ),
    "all sounds go": lambda texts: shutil.rmtree(texts.parent / "media"),
}
#: Those after which an archive as a whole holds what it held before.
UNSEEN = {
    "nothing",
    "a translation comes",
    "a sound gets a name in capitals",
    "two sounds that the record may mean",
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("many") / "many", FEW)


@pytest.fixture
def few(written: Path, tmp_path: Path) -> Path:
    """Four recordings, this test's own; nothing of them is linked to another's."""
    return shutil.copytree(written, tmp_path / "few")


@pytest.mark.sampled
@pytest.mark.long
@pytest.mark.parametrize("change", CHANGES)
def test_the_index_follows_a_change_and_its_undoing(few: Path, tmp_path: Path, change: str) -> None:
    shutil.copytree(few, tmp_path / "before")
    index = Index.of(Archive(few))
    index.look()
    at_first = contents(index)
    CHANGES[change](few / "transcripts")
    index.look()
    changed = contents(index)
    assert changed == fresh(few, tmp_path / "fresh")
    assert (changed == at_first) is (change in UNSEEN)
    # Another process finds the same there, and what was undone is undone.
    again = Index.of(Archive(few))
    again.look()
    assert contents(again) == changed
    shutil.rmtree(few)
    shutil.copytree(tmp_path / "before", few)
    index.look()
    assert contents(index) == at_first


@pytest.mark.long
def test_the_index_follows_one_change_after_another(few: Path, tmp_path: Path) -> None:
    """Without looking back: each change comes upon what the one before has left, where it can."""
    index = Index.of(Archive(few))
    index.look()
    for number, (name, change) in enumerate(CHANGES.items()):
        try:
            change(few / "transcripts")
        except (OSError, AssertionError, UnicodeDecodeError):  # what it is about has gone
            continue
        index.look()
        assert contents(index) == fresh(few, tmp_path / f"fresh-{number}"), name


def _let_stamps_settle(texts: Path, index: Index) -> None:
    """Look until nothing is read again: a file that has just been written is read at each look."""
    while index.look():
        assert texts.is_dir()


def test_what_is_written_again_and_again_within_a_tick_of_the_clock_is_read_again(archive: Path) -> None:
    """File systems stamp changes by a clock of some milliseconds: the second of two may have the stamp of the first."""
    path = archive / "transcripts" / "tones" / "recording.toml"
    text = path.read_text(encoding="utf-8")
    index = Index.of(Archive(archive))
    for number in range(100, 250):
        path.write_text(text.replace("A tape of tones", f"A tape of {number}"), encoding="utf-8")
        index.look()
        assert index.recordings["tones"].title == f"A tape of {number}"


def test_what_has_not_changed_is_not_read_again(few: Path) -> None:
    index = Index.of(Archive(few))
    index.look()
    _let_stamps_settle(few, index)
    generation = index.generation
    assert Index.of(Archive(few)).look() == 0
    rewrite(few / "transcripts" / ONE / "recording.toml", 'title = "', 'title = "Anew, ')
    assert index.look() == 1
    assert index.generation != generation


@pytest.mark.long
def test_links_that_lead_out_of_the_archive_show_nothing(archive: Path, tmp_path: Path) -> None:
    outside = write_small(tmp_path / "outside")
    secret = outside / "transcripts" / "tones"
    rewrite(secret / "recording.toml", "A tape of tones", "A secret tape")
    rewrite(secret / "transcript.vtt", "Silence", "Secretly silence")
    rewrite(secret / "annotations.toml", "All around", "Secrets all around")
    texts = archive / "transcripts"
    (texts / "folder").symlink_to(secret)
    for name in ("recording.toml", "transcript.vtt", "annotations.toml"):
        shutil.copytree(texts / "tones", texts / f"one-{name[:5]}")
        (texts / f"one-{name[:5]}" / name).unlink()
        (texts / f"one-{name[:5]}" / name).symlink_to(secret / name)
    (texts / "dossiers").symlink_to(outside / "transcripts")
    (texts / "people.toml").symlink_to("/etc/passwd")
    index = Index.of(Archive(archive))
    index.look()
    found = contents(index)
    assert "ecret" not in str(found)
    assert found == fresh(archive, tmp_path / "fresh")
    # What a link led to is there once the file itself is.
    (texts / "one-trans" / "transcript.vtt").unlink()
    shutil.copy(secret / "transcript.vtt", texts / "one-trans" / "transcript.vtt")
    index.look()
    assert "Secretly silence" in str(contents(index))
    assert contents(index) == fresh(archive, tmp_path / "fresh again")


def test_a_link_that_comes_to_lead_elsewhere_is_a_change(archive: Path, tmp_path: Path) -> None:
    """Both files have the same size and times."""
    bind(archive)
    add_context(archive)
    own = archive / "transcripts" / "tones" / "recording.toml"
    for name, word in (("one.toml", "tones"), ("two.toml", "sound")):
        path = archive / "transcripts" / "tones" / name
        path.write_text(own.read_text(encoding="utf-8").replace("A tape of tones", f"A tape of {word}"))
        os.utime(path, ns=(LONG_AGO, LONG_AGO))
    own.unlink()
    own.symlink_to("one.toml")
    index = Index.of(Archive(archive))
    index.look()
    own.unlink()
    own.symlink_to("two.toml")
    index.look()
    assert index.recordings["tones"].title == "A tape of sound"
    assert contents(index) == fresh(archive, tmp_path / "fresh")

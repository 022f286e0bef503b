"""An archive with a rare word in a recording of its own, which tests close, and what an index has of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from context_files import add_context
from small_archive import write_archive

from player.index import lists
from player.index.facets import facets
from player.index.searching import Search

if TYPE_CHECKING:
    from pathlib import Path

    from player.index.index import Index

#: A letter that nothing else has: where its bytes are, words are that have it.
RARE: Final = "ꙮ"
WORD: Final = f"q{RARE}rs"
_SAID: Final = f"""\
WEBVTT

one
00:00:00.000 --> 00:00:02.000
<v Ada>An open line.

two
00:00:02.000 --> 00:00:04.000
<v Ada>Then {WORD} is said.

three
00:00:05.000 --> 00:00:07.000
<v Ada>And an open end.
"""
_NOTE: Final = f"""\
[[annotation]]
id = "told"
kind = "term"
title = "What {WORD} is"
body = "A {WORD}."
sources = ["log, p. 1"]
people = ["ada"]
cue = "two"
"""
WITHDRAWN: Final = '\n[withdrawal]\ndate = "2026-01-02"\n'
DRAFT: Final = '\n[access]\nrecord = "draft"\n'
#: A line of the recording.
PASSAGE: Final = '\n[[closed]]\ncue = "two"\nuntil = "2999"\n'


def write_words(root: Path) -> Path:
    """Write the archive at ``root``: the recording "tones", and "sealed" with the rare word in a line and a note."""
    add_context(write_archive(root))
    record = (root / "transcripts" / "tones" / "recording.toml").read_text(encoding="utf-8")
    folder = root / "transcripts" / "sealed"
    folder.mkdir()
    record = record.replace("A tape of tones", "A tape of hums").replace('media = "tones.wav"', 'status = "not held"')
    (folder / "recording.toml").write_text(record, encoding="utf-8")
    (folder / "transcript.vtt").write_text(_SAID, encoding="utf-8")
    (folder / "annotations.toml").write_text(_NOTE, encoding="utf-8")
    return root


def declare(root: Path, text: str, slug: str = "sealed") -> None:
    """Add tables to a record."""
    path = root / "transcripts" / slug / "recording.toml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def rewrite(path: Path, old: str, new: str) -> None:
    """Write a file anew with other words in it."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def settle(root: Path, index: Index) -> None:
    """Read all, with times so long ago that no file could have changed unseen."""
    for path in sorted(root.rglob("*")):
        os.utime(path, ns=(1_000_000_001, 1_000_000_001))
    while index.look():
        pass


def bytes_of(index: Index, letters: str = RARE) -> dict[str, int]:
    """Count how often some letters stand in the files of an index."""
    path = index.database.path
    assert path is not None
    beside = [path, *(path.with_name(f"{path.name}{end}") for end in ("-wal", "-journal", "-shm"))]
    sought = letters.encode()
    return {each.name: count for each in beside if each.exists() and (count := each.read_bytes().count(sought))}


def found(index: Index, words: str = WORD) -> list[int]:
    """Give the recordings in which words are found, once for lines and record, and once for notes."""
    hits = Search(index).find(words)
    return [*hits.recordings, *hits.noted]


def lines(index: Index, slug: str = "sealed") -> list[str]:
    """Give the lines of a recording."""
    sql = "SELECT text FROM line JOIN recording ON recording.id = recording WHERE slug = ? ORDER BY n"
    return [row["text"] for row in index.rows(sql, slug)]


def people(index: Index) -> set[str]:
    """Give all by whom something is called a person's: in lists, facets, counts and cards."""
    values = {value.value for facet in facets(index, {}) if facet.name == "person" for value in facet.values}
    cards = {name for card in index.recordings.values() for name in (*card.people, *card.voices)}
    return {*values, *cards, *index.people, *lists.counts(index, "person")}

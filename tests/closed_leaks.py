"""Finds what is closed in answers, and in what a server leaves behind: its logs, its index, its cache."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from closed_archive import secrets, shown_words
from closed_asking import told
from closed_looking import held_in, sounds, tones_in, words_in
from closed_plan import TONES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closed_asking import Answer, Asked
    from closed_server import Server


def found_in(asked: Asked, answer: Answer, held: Mapping[str, list[bytes]]) -> set[str]:
    """Give the names of what is closed and came with an answer, but for words that were in what was asked."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    found = words_in(answer.body) | words_in(headers.encode())
    for sound in sounds(answer.kind, answer.body) if answer.status < 300 else ():
        found |= tones_in(sound) | held_in(sound, held)
    return {name for name in found if not name.startswith("open ")} - told(asked)


def leaks(answers: Mapping[Asked, Answer], held: Mapping[str, list[bytes]]) -> list[str]:
    """Give what came that is closed, and what was answered with a failure of the server's own."""
    found = []
    for asked, answer in answers.items():
        if names := found_in(asked, answer, held):
            found.append(f"{asked}: {answer.status}: {', '.join(sorted(names))}")
        # oEmbed's own answer to a format that there is not is 501, "not implemented".
        if answer.status >= 500 and (asked.endpoint, answer.status) != ("oembed.answer", 501):
            found.append(f"{asked}: {answer.status}")
    return found


def all_found(answers: Mapping[Asked, Answer], held: Mapping[str, list[bytes]]) -> set[str]:
    """Give the names of everything that came, closed or not, wherever it was not in what was asked."""
    found: set[str] = set()
    for asked, answer in answers.items():
        found |= found_in(asked, answer, held) | ({*words_in(answer.body)} - secrets().keys())
    return found


def kept(server: Server) -> list[str]:
    """Give what is closed and stands in the logs, in the index, or in what else the server keeps in its cache."""
    found = [
        f"{path.name}: {names}"
        for path in (server.said, server.log)
        if (names := nameless(words_in(path.read_bytes())))
    ]
    in_rows = contents(server)
    never = {name for name in in_rows if name == "private id" or name.endswith(" former slug")}
    found += [f"the index: {name}" for name in sorted(nameless(in_rows) | never)]
    for path in sorted(server.cache.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            names = nameless(words_in(data))
            for sound in sounds("", data):
                names |= tones_in(sound) & TONES.keys()
            found += [f"{path.relative_to(server.cache)}: {', '.join(sorted(names))}"] if names else []
    return found


def nameless(names: set[str]) -> set[str]:
    """Give the names of closed words, but for slugs and ids: open files point by them, and they are asked for."""
    return {name for name in names & secrets().keys() if not name.endswith((" slug", " id"))}


def contents(server: Server) -> set[str]:
    """Give the names of all words in the rows of the index, or for which it would find something.

    The rows of ``player check`` are left out: they have what each file points at.
    """
    found: set[str] = set()
    for path in sorted((server.cache / "index").glob("*.sqlite")):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                if table != "examined" and not table.startswith("words"):
                    found |= words_in(repr(connection.execute(f"SELECT * FROM {table}").fetchall()).encode())  # noqa: S608  # a table's own name
            for name, word in {**secrets(), **shown_words()}.items():
                row = connection.execute("SELECT rowid FROM words WHERE words MATCH ?", (f'"{word}"',)).fetchone()
                found |= {name} if row else set()
    return found

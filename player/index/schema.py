"""Declares the tables of the index.

``unit`` is what is read as one: a recording, or a file that the whole archive shares; the rows of all other tables
belong to one and go with it. Times are in milliseconds.
"""

from __future__ import annotations

import hashlib
import sqlite3
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final

#: The tables as SQLite has them; ``player.index.postgres.wording`` says them in PostgreSQL's words.
TABLES: Final = """
-- generation: another one whenever anything has changed. Flags: whole (all was read), unnamed (people changed, and who
-- is named is to be found anew), residue (what was taken out is to be overwritten: Store.purge). private: a digest
-- of whose names are not shown.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- kind: recording, people, sources, chronology, dossier, set, archive; name: the slug of a recording, a dossier or a
-- set, else "". sound: the name of the sound, as names are compared; is_pending: its length or digest has yet to be
-- found.
-- restricted: its files hold more than may be shown, and more than is here (player.index.beside reads the rest); shown:
-- a digest of what its record says may be (restricting.digest); withheld: one of what is not, or why there is nothing;
-- judged: the day on which that was so, where it may be otherwise on another. added: as in recording, of one that was
-- taken out and is to be read anew.
CREATE TABLE unit (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, stamp TEXT NOT NULL, sound TEXT,
    is_pending INTEGER NOT NULL DEFAULT 0, fault TEXT, restricted INTEGER NOT NULL DEFAULT 0, shown TEXT,
    withheld TEXT, judged TEXT, added INTEGER, UNIQUE (kind, name)
);

-- What lists show of a recording. title_order: its title as titles are ordered; earliest and latest: days of its date,
-- as 1963-11-05, where it names them (without the earliest it is undated); added: when its record was first seen, in
-- nanoseconds since 1970; published: since when it can be heard, as its record has it; unchecked: how many of its lines
-- are a machine's that nobody has checked, NULL if no machine wrote them; card: a Card as JSON.
CREATE TABLE recording (
    id INTEGER PRIMARY KEY REFERENCES unit ON DELETE CASCADE, slug TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
    title_order TEXT NOT NULL, earliest TEXT, latest TEXT, decade INTEGER, kind TEXT, status TEXT, language TEXT,
    series TEXT, surrogate_for TEXT, length INTEGER, state TEXT, added INTEGER NOT NULL, published TEXT,
    unchecked INTEGER, card TEXT NOT NULL
);
CREATE INDEX recording_by_surrogate ON recording (surrogate_for) WHERE surrogate_for IS NOT NULL;
CREATE INDEX recording_by_date ON recording (earliest, title_order);
CREATE INDEX recording_by_title ON recording (title_order);

-- The slugs that a recording had before.
CREATE TABLE former (
    slug TEXT NOT NULL, recording INTEGER NOT NULL REFERENCES unit ON DELETE CASCADE, PRIMARY KEY (slug, recording)
) WITHOUT ROWID;
CREATE INDEX former_by_recording ON former (recording);

-- What lists are narrowed by: name is person, tag, decade, kind or series.
CREATE TABLE facet (
    name TEXT NOT NULL, value TEXT NOT NULL, recording INTEGER NOT NULL REFERENCES unit ON DELETE CASCADE,
    PRIMARY KEY (name, value, recording)
) WITHOUT ROWID;
CREATE INDEX facet_by_recording ON facet (recording);

-- The lines of transcripts, n counting from 0. start, end: of one that is timed; words: for each word, how long after
-- the start it begins, or -. is_approximate: its times are; page: of the document on which it begins. is_unchecked: a
-- machine wrote its words, and nobody has heard or reviewed them; doubtful: the numbers of those that it doubted.
CREATE TABLE line (
    recording INTEGER NOT NULL REFERENCES unit ON DELETE CASCADE, n INTEGER NOT NULL, id TEXT NOT NULL,
    start INTEGER, "end" INTEGER, until INTEGER, voice TEXT, text TEXT NOT NULL, words TEXT NOT NULL,
    is_approximate INTEGER NOT NULL, page TEXT, is_unchecked INTEGER NOT NULL, doubtful TEXT NOT NULL,
    PRIMARY KEY (recording, n)
) WITHOUT ROWID;

-- Annotations of recordings: number as on the page, counting those with a time or a line; at: where it begins, where
-- that is_approximate, roughly.
CREATE TABLE note (
    recording INTEGER NOT NULL REFERENCES unit ON DELETE CASCADE, n INTEGER NOT NULL, id TEXT NOT NULL,
    number INTEGER, kind TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, at INTEGER, until INTEGER,
    is_approximate INTEGER NOT NULL, PRIMARY KEY (recording, n)
) WITHOUT ROWID;

-- People, sources, strands and entries of the chronology, dossiers, publications of recordings: one value each, as
-- player.index.values writes them, in the order of their file; name_order: their name as names are ordered.
CREATE TABLE thing (
    number INTEGER PRIMARY KEY, unit INTEGER NOT NULL REFERENCES unit ON DELETE CASCADE, kind TEXT NOT NULL,
    id TEXT NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL, name_order TEXT NOT NULL, value TEXT NOT NULL
);
CREATE INDEX thing_by_id ON thing (kind, id);
CREATE INDEX thing_by_unit ON thing (unit, n);
-- The recordings that an entry or a dossier points at, also those that may not be shown.
CREATE TABLE pointer (
    slug TEXT NOT NULL, thing INTEGER NOT NULL REFERENCES thing ON DELETE CASCADE, PRIMARY KEY (slug, thing)
) WITHOUT ROWID;
CREATE INDEX pointer_by_thing ON pointer (thing);

-- What the archive says, but for the lines of transcripts: part is that of its Spot, joined by spaces; texts are its
-- words, a line each.
CREATE TABLE statement (
    unit INTEGER NOT NULL REFERENCES unit ON DELETE CASCADE, n INTEGER NOT NULL, kind TEXT NOT NULL,
    title TEXT NOT NULL, spot_kind TEXT NOT NULL, spot_name TEXT NOT NULL, part TEXT NOT NULL, at INTEGER,
    texts TEXT NOT NULL, PRIMARY KEY (unit, n)
) WITHOUT ROWID;
-- What cites a source, and what names a person. place: a statement by its n; the line n of a transcript is -n - 1.
CREATE TABLE cites (
    source TEXT NOT NULL, unit INTEGER NOT NULL REFERENCES unit ON DELETE CASCADE, place INTEGER NOT NULL,
    locator TEXT NOT NULL, PRIMARY KEY (source, unit, place, locator)
) WITHOUT ROWID;
CREATE INDEX cites_by_unit ON cites (unit);
CREATE TABLE names (
    person TEXT NOT NULL, unit INTEGER NOT NULL REFERENCES unit ON DELETE CASCADE, place INTEGER NOT NULL,
    is_pointer INTEGER NOT NULL, PRIMARY KEY (person, unit, place)
) WITHOUT ROWID;
CREATE INDEX names_by_unit ON names (unit);

-- What player check found out about a recording, a dossier, a set or a shared file, whether or not it has a row in unit
-- (player.checks.kept). key: of all that it depends on, with sound, and the bibliography where it needs_sources. ids,
-- notes: what others may point at, a line each.
CREATE TABLE examined (
    kind TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL, sound TEXT, needs_sources INTEGER NOT NULL, ids TEXT,
    notes TEXT, value TEXT NOT NULL, PRIMARY KEY (kind, name)
);

-- What is searched, as player.search.bodies makes it: the lines of a recording are one row, its notes are one, each
-- thing is one. kind: lines, notes, record, person, source, entry, dossier, set. owner: number of a thing, else 0.
-- starts: where in folded each line or note begins, as an array of unsigned integers of four bytes. size: bytes of it.
CREATE TABLE body (
    id INTEGER PRIMARY KEY, unit INTEGER NOT NULL REFERENCES unit ON DELETE CASCADE, kind TEXT NOT NULL,
    owner INTEGER NOT NULL, size INTEGER NOT NULL, starts BLOB NOT NULL, folded BLOB NOT NULL
);
CREATE INDEX body_by_unit ON body (unit);
"""
# Which bodies hold some letters, by their trigrams (https://www.sqlite.org/fts5.html#the_trigram_tokenizer): rowid is
# body.id. What it finds are candidates, and folded decides. Ranks are ours, so no sizes are kept.
_WORDS: Final = """
CREATE VIRTUAL TABLE words USING fts5 (
    letters, content = '', columnsize = 0, tokenize = 'trigram case_sensitive 1'
)
"""
# In bytes: a larger hash makes building it a fifth faster.
_HASH: Final = 16_000_000


#: Says one thing about the index as a whole.
SET_META: Final = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


def create(connection: sqlite3.Connection) -> None:
    """Make the tables; ``words`` only where this SQLite has FTS5."""
    # Not executescript, which would end the transaction that this is part of.
    for statement in TABLES.split(";\n"):
        connection.execute(statement)
    if has_words(connection):
        connection.execute(_WORDS)
        connection.execute("INSERT INTO words (words, rank) VALUES ('hashsize', ?)", (_HASH,))


def has_words(connection: sqlite3.Connection) -> bool:
    """Tell whether this SQLite has FTS5 with trigrams, which came with 3.34."""
    if sqlite3.sqlite_version_info < (3, 34):
        return False
    return bool(connection.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone())


@cache
def fingerprint() -> str:
    """Give a digest of the program that reads archives: what another version of it derived is not used."""
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parents[1]
    folders = [sorted((package / folder).rglob("*.py")) for folder in ("archive", "index", "search")]
    for path in (package / "letters.py", *chain.from_iterable(folders)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]

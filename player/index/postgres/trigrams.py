"""Finds bodies of folded text by their letters, three at a time, with PostgreSQL's full-text index.

A search finds letters wherever they follow each other, also within words and across them, which no dictionary of words
can. So the lexemes of a ``tsvector`` are the trigrams of the letters (``player.search.bodies.letters_of``), a piece of
text at a time: in a piece of 250 letters few words have all their trigrams by chance. The letters of the piece
say whether they follow each other; the folded text has the last word, as with SQLite, and so the answers are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.index.store import LONGEST_RUN
from player.search.bodies import TRIGRAM, letters_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.index.store import Terms

#: What is made beside the tables: the pieces. Folded text is not compressed: each search reads some.
TABLES: Final = (
    """
    CREATE TABLE words (
        body BIGINT NOT NULL REFERENCES body ON DELETE CASCADE, letters TEXT COLLATE "C" NOT NULL,
        trigrams TSVECTOR NOT NULL
    )
    """,
    "CREATE INDEX words_by_trigram ON words USING gin (trigrams)",
    "CREATE INDEX words_by_body ON words (body)",
    "ALTER TABLE body ALTER folded SET STORAGE EXTERNAL",
)
#: Adds pieces.
FILL: Final = "COPY words (body, letters, trigrams) FROM STDIN"
_ALL: Final = "SELECT id, unit, kind, owner FROM body"
_WITH: Final = "SELECT body FROM words WHERE trigrams @@ ?::tsquery AND strpos(letters, ?) > 0"

# In letters, and in short words. What is looked for lies whole in a piece: the next begins that much before its end.
_PIECE: Final = 250
_WORDS: Final = 100
_STEP: Final = _PIECE - LONGEST_RUN + 1


def pieces(folded: bytes) -> Iterator[tuple[str, str]]:
    """Give the pieces of a body, each with its trigrams as a ``tsvector``."""
    letters, _, short = letters_of(folded).partition(" ")
    for at in range(0, len(letters), _STEP):
        yield _piece(letters[at : at + _PIECE])
    words = short.split()
    for at in range(0, len(words), _WORDS):
        yield _piece(f" {' '.join(words[at : at + _WORDS])} ")


def found(terms: Terms | None) -> tuple[str, list[str]]:
    """Give the statement that finds the bodies in which something may be, and its values."""
    if terms is None:
        return _ALL, []
    ways = (" INTERSECT ".join(_WITH for _ in runs) for runs in terms)
    values = [value for runs in terms for run in runs for value in (query(run), run)]
    return f"{_ALL} WHERE id IN ({' UNION '.join(f'({way})' for way in ways)})", values


def query(run: str) -> str:
    """Write as a ``tsquery`` that all trigrams of some letters are to be there."""
    return " & ".join(_quoted(each) for each in sorted(_trigrams(run)))


def _piece(letters: str) -> tuple[str, str]:
    return letters, " ".join(_quoted(each) for each in _trigrams(letters))


def _trigrams(letters: str) -> set[str]:
    return {letters[at : at + TRIGRAM] for at in range(max(len(letters) - TRIGRAM + 1, 1))}


def _quoted(lexeme: str) -> str:
    """Write a lexeme so that nothing in it is an operator (PostgreSQL's manual, section 8.11)."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"

"""Holds what was found out about one part of an archive by its own files: what is wrong, and what it points at.

The rest, whether what it points at is there, depends on other files and is asked anew each time (``check``). So what
was found out holds as long as its own files stay as they are, and is kept as text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from player.checks.quotations import Quoted, Work
from player.checks.register import Target
from player.errors import Advice, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_Told = TypeVar("_Told", bound=Fault)

#: How something is pointed at: by the value of a key, as the source of a statement, or by a link in its words.
DECLARED: Final = "declared"
CITED: Final = "cited"
LINKED: Final = "linked"


class Pointing(NamedTuple):
    """Something that points at ``target``, at a line of a file; for a link, ``name`` says what it stands in."""

    how: str
    target: Target
    path: Path
    line: int | None
    name: str = ""


class Linking(NamedTuple):
    """A link to ``page``, an address without what follows ``#``, at a line of a file; ``name`` as in ``Pointing``."""

    page: str
    path: Path
    line: int | None
    name: str


@dataclass
class Examined:
    """What is known of one part: a recording, a dossier, or a file that the archive shares."""

    faults: list[Fault] = field(default_factory=list)
    advice: list[Advice] = field(default_factory=list)
    pointings: list[Pointing] = field(default_factory=list)
    linkings: list[Linking] = field(default_factory=list)
    quoted: list[Quoted] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    #: What others may point at: the lines of a recording, the questions of a dossier, what a shared file lists.
    #: None where it cannot be read.
    ids: Sequence[str] | None = ()
    #: The annotations of a recording.
    notes: Sequence[str] | None = ()
    #: What it names in ``media``, as its file is called.
    media: str | None = None
    #: That as names are compared, which may mean another file tomorrow.
    sound: str | None = None
    #: Whether it depends on the bibliography too, as a reading does.
    needs_sources: bool = False
    #: Whether it is known what it names in ``media``.
    is_media_known: bool = True
    #: Whether all of its files could be read: what cannot be read may cite what nothing else does.
    is_whole: bool = True
    #: Whether it would be the same at another time, as long as the files are.
    is_lasting: bool = True
    #: Whether what was found out may lie in the cache: not where it is about what visitors may not see.
    is_kept: bool = True
    #: Whether it has lines that visitors do not see, whose words may stand elsewhere.
    has_closed_words: bool = False
    #: Where its sound is not to be heard, in milliseconds from start to end.
    silenced: Sequence[tuple[int, int]] = ()
    #: What a recording was called before.
    former: Sequence[str] = ()
    #: The files of the parts that its sound was joined from, as the record names them.
    parts: Sequence[str] = ()
    #: The lines of a recording that a machine wrote and nobody has heard.
    unchecked: Sequence[str] = ()


def written(found: Examined, root: Path) -> str:
    """Write what was found out as JSON, with paths from ``root``, but for the ids: ``ids_written`` is for these."""
    paths: dict[Path, str] = {}

    def path(each: Path) -> str:
        if each not in paths:
            paths[each] = str(each.relative_to(root))
        return paths[each]

    def told(faults: Iterable[Fault]) -> list[object]:
        return [[path(each.path), each.line, each.what, each.remedy] for each in faults]

    return json.dumps(
        {
            "faults": told(found.faults),
            "advice": told(found.advice),
            "pointings": [[each.how, *each.target, path(each.path), each.line, each.name] for each in found.pointings],
            "linkings": [[each.page, path(each.path), each.line, each.name] for each in found.linkings],
            "quoted": [[*each[:-2], path(each.path), each.line] for each in found.quoted],
            "works": found.works,
            "media": found.media,
            "media_known": found.is_media_known,
            "whole": found.is_whole,
            "closed_words": found.has_closed_words,
            "silenced": found.silenced,
            "former": found.former,
            "parts": found.parts,
            "unchecked": found.unchecked,
        },
        separators=(",", ":"),
    )


def read(text: str, root: Path) -> Examined:
    """Read what ``written`` wrote."""
    values = json.loads(text)

    paths: dict[str, Path] = {}

    def at(path: str) -> Path:
        if path not in paths:
            paths[path] = root / path
        return paths[path]

    def told(kind: type[_Told], name: str) -> list[_Told]:
        return [kind(at(path), line, what, remedy) for path, line, what, remedy in values[name]]

    return Examined(
        told(Fault, "faults"),
        told(Advice, "advice"),
        [
            Pointing(how, Target(kind, to, part), at(path), line, name)
            for how, kind, to, part, path, line, name in values["pointings"]
        ],
        [Linking(page, at(path), line, name) for page, path, line, name in values["linkings"]],
        [
            Quoted(words, is_whole, kind, [(source, has_place) for source, has_place in rests_on], at(path), line)
            for words, is_whole, kind, rests_on, path, line in values["quoted"]
        ],
        [Work(*each) for each in values["works"]],
        media=values["media"],
        is_media_known=values["media_known"],
        is_whole=values["whole"],
        has_closed_words=values["closed_words"],
        silenced=[(start, end) for start, end in values["silenced"]],
        former=values["former"],
        parts=values["parts"],
        unchecked=values.get("unchecked", ()),
    )


def ids_written(ids: Sequence[str] | None) -> str | None:
    """Write ids as text in which one can be looked for (``IdsRead``), a line each."""
    return None if ids is None else "\n".join(["", *ids, ""])


class IdsRead:
    """Ids as ``ids_written`` wrote them, of which single ones are looked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __contains__(self, name: object) -> bool:
        return f"\n{name}\n" in self._text and "\n" not in str(name)

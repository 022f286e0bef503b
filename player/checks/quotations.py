"""Checks what the statements of an archive quote: that a source has it in these words, and that it is not too much.

The limits are the project's own reading of what is fair to quote from a work in which somebody has rights.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.archive.prose import has_block_quotation
from player.archive.statements import LINE, SOURCE
from player.errors import Fault
from player.files import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from player.archive.sources import Source
    from player.archive.statements import Statement

#: The most words of one quotation from a work in copyright.
LONGEST: Final = 25
#: The most words of all quotations from one such work, in the whole archive; what is quoted twice counts once.
MOST: Final = 120

# The full text of a long book has a megabyte or two.
_LARGEST: Final = 32_000_000

_QUOTATION = re.compile(r"“([^“”]*)”")
# Marks that no source is held against: the low, angled and full-width ones, around whatever they stand.
_FOREIGN = re.compile("[„‟«»‹›〝〟＂]")  # noqa: RUF001  # that they look like others is why they are faults
_STRAIGHT = re.compile(r'(?<!\w)"(?=\S)([^"]*)"')  # after a figure it is the sign of inches
# A closing mark is the apostrophe too: one within a word closes nothing, nor does a straight one after an s, for
# 'twas the Chiefs' advice.
_SINGLE = re.compile(r"(?<!\w)‘((?:[^‘’]|(?<=\w)’(?=\w))*)’(?!\w)")
_STRAIGHT_SINGLE = re.compile(r"(?<!\w)'(?=\w)((?:[^']|(?<=\w)'(?=\w))*)(?<![\ss])'(?!\w)")
_MARKS = str.maketrans({"‘": "'", "’": "'", "“": "'", "”": "'", '"': "'", "—": "-", "–": "-", "\u00a0": " "})


@dataclass(frozen=True)
class _Quotation:
    """Words quoted from one source, and where."""

    words: str
    source: Source
    path: Path
    line: int | None

    @property
    def length(self) -> int:
        return len(self.words.split())


def read_texts(folder: Path, sources: Mapping[str, Source]) -> dict[str, str]:
    """Read the full texts of sources that ``folder`` holds, each named by the source's id: ``log.txt``.

    :raise ArchiveError: where one of them cannot be read, or is no text.
    """
    paths = {name: folder / f"{name}.txt" for name in sources}
    return {name: read_text(path, _LARGEST) for name, path in paths.items() if path.is_file()}


def quotation_faults(
    statements: Iterable[Statement], sources: Mapping[str, Source], bibliography: Path, texts: Mapping[str, str]
) -> Iterator[Fault]:
    """Give the quotations that are too long or too many, that no source has, or that say not where they stand.

    A quotation must stand in the words of a source that its statement rests on: those that ``bibliography``, the file
    of the sources, holds, and the full ``texts``, by source, where they are at hand. Where they are, everything that is
    quoted from them is held against them. A cited source's title needs no locator.
    """
    written = [statement for statement in statements if statement.is_written]
    known: dict[str, list[str]] = {name: [folded(text)] for name, text in texts.items() if name in sources}
    for source in sources.values():
        known.setdefault(source.id, []).extend(folded(excerpt.text) for excerpt in source.excerpt)
    quoted = [
        _Quotation(excerpt.text, source, bibliography, source.line)
        for source in sources.values()
        for excerpt in source.excerpt
    ]
    for statement in written:
        yield from _mark_faults(statement)
        for words in _quotations(statement):
            cited = [sources[each.source] for each in statement.rests_on if each.source in sources]
            holders = [source for source in cited if any(stands_in(words, text) for text in known[source.id])]
            if statement.kind == SOURCE and not holders:  # it may be what others have in place of its own words
                cited = list(sources.values())
                holders = [source for source in cited if any(stands_in(words, text) for text in known[source.id])][:1]
            quoted.extend(
                _Quotation(words, source, statement.path, statement.line)
                for source in dict.fromkeys(holders or (cited if words == statement.quotation else ()))
            )
            is_title = any(stands_in(words, folded(source.title)) for source in cited)
            if statement.kind != LINE and not is_title:  # reading_rules has more to ask of lines
                yield from _attribution_faults(statement, words, holders)
    yield from _excess_faults(quoted)
    for each in quoted:
        if each.source.id in texts and not stands_in(each.words, known[each.source.id][0]):
            what = f"“{each.words}” is not in the text of {each.source.id} in these words"
            yield Fault(each.path, each.line, what, "quote it exactly")


def _quotations(statement: Statement) -> Iterator[str]:
    for text in statement.texts:
        yield from [text] if text == statement.quotation else quotations(text)


def _mark_faults(statement: Statement) -> Iterator[Fault]:
    """Give what is marked as a quotation in a way that holds it against no source."""
    what = [each for text in statement.texts if text != statement.quotation for each in stray_marks(text)]
    if any(map(has_block_quotation, statement.prose)):
        what.append("a paragraph is set as a quotation, with >")
    remedy = "write a quotation between “ and ”"
    yield from (Fault(statement.path, statement.line, each, remedy) for each in what)


def _attribution_faults(statement: Statement, words: str, holders: list[Source]) -> Iterator[Fault]:
    if not holders:
        what = f"“{words}” is in no excerpt of a source that is cited for it"
        yield Fault(statement.path, statement.line, what, "correct the words, cite their source, or add the excerpt")
        return
    names = {source.id for source in holders}
    if statement.kind == SOURCE:
        return  # an excerpt says itself where it stands
    if not any(citation.locator for citation in statement.rests_on if citation.source in names):
        what = f"the quotation “{words}” has no locator"
        yield Fault(statement.path, statement.line, what, f"say where in {holders[0].id} it stands: id, locator")


def _excess_faults(quoted: Iterable[_Quotation]) -> Iterator[Fault]:
    """Give the quotations that are too long, and in each work the one with which all together become too many."""
    of_work: dict[str, list[_Quotation]] = defaultdict(list)
    for each in quoted:
        if each.source.may_be_quoted_at_length:
            continue
        of_work[each.source.id].append(each)
        if each.length > LONGEST:
            what = f"a quotation of {each.length} words from {each.source.id}, a work in copyright"
            yield Fault(each.path, each.line, what, f"quote at most {LONGEST} words")
    for work, quotations_ in of_work.items():
        kept = _distinct(quotations_)
        total = sum(each.length for each in kept)
        if total > MOST:
            passing = _passing(kept)
            what = f"with this, {total} words are quoted from {work}, a work in copyright"
            yield Fault(passing.path, passing.line, what, f"quote at most {MOST} words of it in the whole archive")


def _distinct(quoted: Iterable[_Quotation]) -> list[_Quotation]:
    """Leave out what is quoted twice, or is part of another quotation, in the order given."""
    each_once = {folded(each.words): each for each in reversed(list(quoted))}
    longest_first = sorted(each_once, key=len, reverse=True)
    whole: list[str] = []
    for words in longest_first:
        if not any(stands_in(words, other) for other in whole):
            whole.append(words)
    return [each for words, each in reversed(each_once.items()) if words in set(whole)]


def _passing(quoted: list[_Quotation]) -> _Quotation:
    """Give the first quotation with which the limit is passed."""
    total = 0
    for each in quoted:
        total += each.length
        if total > MOST:
            return each
    return quoted[-1]


def quotations(text: str) -> list[str]:
    """List what stands in ``text`` between “ and ”."""
    return _QUOTATION.findall(text)


def stray_marks(text: str) -> Iterator[str]:
    """Say what in ``text`` is marked as a quotation, and not by one “ and one ”, so that no source is held against it.

    What stands within “ and ” may have marks of its own.
    """
    outside = _QUOTATION.sub(" … ", text)
    if marks := _FOREIGN.findall(outside):
        yield f"there are other quotation marks: {' '.join(dict.fromkeys(marks))}"
    elif re.search("[“”]", outside):
        yield "a “ or a ” stands alone"
    for pattern in (_STRAIGHT, _SINGLE, _STRAIGHT_SINGLE):
        for match in pattern.finditer(outside):
            if len(match[1].split()) > 1:
                yield f"there are other quotation marks around {match[0]}"


def unverified(text: str, excerpts: Iterable[str]) -> list[str]:
    """List the quotations in ``text``, between “ and ”, that stand in none of the excerpts.

    White space is folded and the shapes of quotation marks and dashes are one; case and words are exact, but for the
    case of a first letter and for a comma or full stop before the closing mark, which a quoting sentence may put there.
    """
    sources = [folded(excerpt) for excerpt in excerpts]
    return [quotation for quotation in quotations(text) if not any(stands_in(quotation, source) for source in sources)]


def stands_in(quotation: str, source: str) -> bool:
    """Tell whether ``quotation`` stands word for word in ``source``, which has been folded."""
    return _is_in(folded(quotation), source)


def folded(text: str) -> str:
    """Write white space, and the shapes of quotation marks and dashes, in one way."""
    return re.sub(r"\s+", " ", text.translate(_MARKS)).strip()


def _is_in(quotation: str, source: str) -> bool:
    words = quotation.rstrip(".,;: ")
    if not words:
        return False
    first = f"[{re.escape(words[0].upper())}{re.escape(words[0].lower())}]"
    return re.search(rf"(?<!\w){first}{re.escape(words[1:])}(?!\w)", source) is not None

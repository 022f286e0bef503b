"""Checks what the statements of an archive quote: that a source has it in these words, and that it is not too much.

The limits are the project's own reading of what is fair to quote from a work in which somebody has rights.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from player.archive.prose import has_block_quotation
from player.archive.statements import LINE, SOURCE
from player.errors import Fault
from player.files import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

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
# A sign without which Markdown and plain text have no quotation: & may begin a reference to one.
_SIGN = re.compile("[“”„‟«»‹›〝〟＂‘\">&]|(?<![^\\W_])'")  # noqa: RUF001  # as above
_MARKS = str.maketrans({"‘": "'", "’": "'", "“": "'", "”": "'", '"': "'", "—": "-", "–": "-", "\u00a0": " "})


class Quoted(NamedTuple):
    """Words that a statement of ``kind`` quotes, where it stands, and the sources that it may quote from.

    For each source it is known whether the place in it is given. ``is_whole`` where a key holds the words by itself.
    """

    words: str
    is_whole: bool
    kind: str
    rests_on: Sequence[tuple[str, bool]]
    path: Path
    line: int | None


class Work(NamedTuple):
    """What is to be known of a source where others quote it: its ``excerpts``, and whether it may be quoted at length.

    ``hidden`` is its address, where that may not be linked.
    """

    id: str
    title: str
    line: int | None
    excerpts: Sequence[str]
    is_free: bool
    hidden: str | None


@dataclass(frozen=True)
class _Quotation:
    """Words quoted from one source, and where."""

    words: str
    work: Work
    path: Path
    line: int | None

    @property
    def length(self) -> int:
        return len(self.words.split())


def read_texts(folder: Path, sources: Iterable[str]) -> dict[str, str]:
    """Read the full texts that ``folder`` holds of sources, by their ids; each is named by its own: ``log.txt``.

    :raise ArchiveError: where one of them cannot be read, or is no text.
    """
    paths = {name: folder / f"{name}.txt" for name in sources}
    return {name: read_text(path, _LARGEST) for name, path in paths.items() if path.is_file()}


def quoted_in(statement: Statement) -> tuple[list[Fault], list[Quoted]]:
    """List what a statement quotes, and what it marks as a quotation in a way that no source is held against it."""
    if not statement.is_written or not _may_quote(statement):
        return [], []
    texts = statement.texts
    rests_on = tuple((citation.source, bool(citation.locator)) for citation in statement.rests_on)
    found = [
        Quoted(words, text == statement.quotation, statement.kind, rests_on, statement.path, statement.line)
        for text in texts
        for words in ([text] if text == statement.quotation else quotations(text))
    ]
    return list(_mark_faults(statement, texts)), found


def _may_quote(statement: Statement) -> bool:
    """Tell whether a statement has any sign that could begin a quotation; most have none."""
    return statement.quotation is not None or any(map(_SIGN.search, (*statement.prose, *statement.plain)))


def quotation_faults(
    quoted: Iterable[Quoted], works: Mapping[str, Work], bibliography: Path, texts: Mapping[str, str]
) -> Iterator[Fault]:
    """Give the quotations that are too long or too many, that no source has, or that say not where they stand.

    A quotation must stand in the words of a source that its statement rests on: those that ``bibliography``, the file
    of the sources, holds, and the full ``texts``, by source, where they are at hand. Where they are, everything that is
    quoted from them is held against them. A cited source's title needs no locator.
    """
    full = {name: folded(text) for name, text in texts.items() if name in works}
    excerpts: dict[str, list[str]] = {}

    def has(work: Work, words: str) -> bool:
        if work.id not in excerpts:
            excerpts[work.id] = [*map(folded, work.excerpts), *([full[work.id]] if work.id in full else ())]
        return any(_is_in(words, text) for text in excerpts[work.id])

    titles = {work.id: folded(work.title) for work in works.values()}

    found = [_Quotation(excerpt, work, bibliography, work.line) for work in works.values() for excerpt in work.excerpts]
    for each in quoted:
        cited = [works[source] for source, _ in each.rests_on if source in works]
        words = folded(each.words)
        holders = [work for work in cited if has(work, words)]
        if each.kind == SOURCE and not holders:  # it may be what others have in place of its own words
            cited = list(works.values())
            holders = [work for work in cited if has(work, words)][:1]
        of_works = {work.id: work for work in holders or (cited if each.is_whole else ())}
        found.extend(_Quotation(each.words, work, each.path, each.line) for work in of_works.values())
        if each.kind != LINE and not any(_is_in(words, titles[work.id]) for work in cited):
            yield from _attribution_faults(each, holders)  # of lines, reading_faults has more to ask
    yield from _excess_faults(found)
    for quotation in found:
        if quotation.work.id in full and not stands_in(quotation.words, full[quotation.work.id]):
            what = f"“{quotation.words}” is not in the text of {quotation.work.id} in these words"
            yield Fault(quotation.path, quotation.line, what, "quote it exactly")


def _mark_faults(statement: Statement, texts: Sequence[str]) -> Iterator[Fault]:
    """Give what is marked as a quotation in a way that holds it against no source."""
    what = [each for text in texts if text != statement.quotation for each in stray_marks(text)]
    if any(map(has_block_quotation, statement.prose)):
        what.append("a paragraph is set as a quotation, with >")
    remedy = "write a quotation between “ and ”"
    yield from (Fault(statement.path, statement.line, each, remedy) for each in what)


def _attribution_faults(quoted: Quoted, holders: list[Work]) -> Iterator[Fault]:
    if not holders:
        what = f"“{quoted.words}” is in no excerpt of a source that is cited for it"
        yield Fault(quoted.path, quoted.line, what, "correct the words, cite their source, or add the excerpt")
        return
    names = {work.id for work in holders}
    if quoted.kind == SOURCE:
        return  # an excerpt says itself where it stands
    if not any(has_place for source, has_place in quoted.rests_on if source in names):
        what = f"the quotation “{quoted.words}” has no locator"
        yield Fault(quoted.path, quoted.line, what, f"say where in {holders[0].id} it stands: id, locator")


def _excess_faults(quoted: Iterable[_Quotation]) -> Iterator[Fault]:
    """Give the quotations that are too long, and in each work the one with which all together become too many."""
    of_work: dict[str, list[_Quotation]] = defaultdict(list)
    for each in quoted:
        if each.work.is_free:
            continue
        of_work[each.work.id].append(each)
        if each.length > LONGEST:
            what = f"a quotation of {each.length} words from {each.work.id}, a work in copyright"
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
    # Looked for sign by sign: to compile a pattern for each quotation takes ten times as long.
    first, rest = {words[0], *words[0].upper(), *words[0].lower()}, words[1:]
    at = source.find(rest, 1)
    while at > 0:
        end = at + len(rest)
        if source[at - 1] in first and not (_is_letter(source[at - 2 : at - 1]) or _is_letter(source[end : end + 1])):
            return True
        at = source.find(rest, at + 1)
    return False


def _is_letter(sign: str) -> bool:
    """Tell whether a sign is a letter, a digit or an underscore; the empty text is none."""
    return sign.isalnum() or sign == "_"

"""Finds the passages that were asked for: by times, lines, annotations, exact words, or a pattern."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.machine import LABEL
from player.clips.of_parts import span_in_part
from player.clips.provenance import follows
from player.errors import ArchiveError, ClipError, NotFoundError, SearchError, quoted
from player.timecode import Span
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from player.archive.recording import Recording
    from player.archive.transcript import Cue, Line
    from player.search.phrases import Hit

# How many hits are listed; a list that nobody reads to its end helps nobody.
_LISTED: Final = 20


@value
class Choice:
    """A passage that was asked for, and what it is: a name, or the words found there.

    It ``is_widened`` where it takes in more than these words, since they have no times of their own.
    """

    span: Span
    what: str
    is_widened: bool = False


@value
class Selection:
    """Which passages are wanted: exactly one of the first five, or ``part``, says so.

    ``cues`` is the id of a line or a range of lines, ``annotation`` an id, ``match`` a regular expression. Of several
    places ``nth`` chooses one, counted from 1; ``every`` chooses all places of a quote. ``part`` is the number or the
    title of a part of the recording, from whose beginning the times of ``span`` count; alone, it is the passage.
    """

    span: Span | None = None
    cues: str | None = None
    annotation: str | None = None
    quote: str | None = None
    match: str | None = None
    every: bool = False
    nth: int | None = None
    part: str | None = None

    def choices(self, recording: Recording) -> list[Choice]:
        """Find the passages in a recording.

        :raise PlayerError: as the functions below do.
        """
        if self.part is not None:
            return [Choice(span_in_part(recording, self.part, self.span), "")]
        if self.span is not None:
            return [Choice(self.span, "")]
        if self.cues is not None:
            return by_cues(recording, self.cues)
        if self.annotation is not None:
            return by_annotation(recording, self.annotation)
        if self.quote is not None:
            return by_quote(recording, self.quote, every=self.every, nth=self.nth)
        return by_match(recording, self.match or "", nth=self.nth)


def by_cues(recording: Recording, text: str) -> list[Choice]:
    """Choose the line with the id ``text``, or the lines from one to another: ``c12..c15``.

    :raise NotFoundError: where there is no such line.
    :raise ClipError: where the second comes before the first, one is not timed, or the length of one is unknown.
    """
    cues = lines(recording)
    places = {cue.id: index for index, cue in enumerate(cues)}
    first, dots, last = text.strip().partition("..")
    for name in (first, last if dots else first):
        if name in _untimed(recording):
            raise ClipError(_not_timed(name))
        if name not in places:
            what = f"{recording.slug} has no line {quoted(name)}"
            from player.history.whereabouts import former  # noqa: PLC0415  # 5 ms, for lines that are gone

            now = former(recording).get(name, ())
            # Words that whoever asks may not read are in no place that is told.
            if now and all(each in places for each in now):
                whole = now[0] if len(now) == 1 else f"{now[0]}..{now[-1]}"
                raise NotFoundError(f"{what} any more: its words are in {whole} now; ask for that")
            raise NotFoundError(f"{what}; its first line is {quoted(cues[0].id)}, its last {quoted(cues[-1].id)}")
    begins, ends = places[first], places[last if dots else first]
    if ends < begins:
        raise ClipError(f"the line {quoted(last)} comes before {quoted(first)}; write {last}..{first}")
    chosen = cues[begins : ends + 1]
    for cue in chosen:
        _check_length(cue)
    return [Choice(Span(min(cue.start for cue in chosen), max(cue.span.end for cue in chosen)), text.strip())]


def by_annotation(recording: Recording, name: str) -> list[Choice]:
    """Choose the passage of the annotation with the id ``name``.

    :raise NotFoundError: where there is none.
    :raise ClipError: where it is about the whole recording, or was timed to another sound.
    :raise ArchiveError: where the annotations cannot be read, or the lines that it belongs to.
    """
    if recording.unread.annotations:
        raise ArchiveError(recording.unread.annotations)
    found = [annotation for annotation in recording.annotations if annotation.id == name]
    if not found:
        known = ", ".join(annotation.id for annotation in recording.timed) or "none"
        raise NotFoundError(
            f"{recording.slug} has no annotation {quoted(name)}; the annotations with a passage are: {known}"
        )
    if found[0].is_adrift:
        raise ArchiveError(recording.unread.transcript)
    if found[0].span is None:
        raise ClipError(f"the annotation {name} is about the whole recording; give times instead")
    if recording.transcript is not None:
        lines(recording)
    return [Choice(found[0].span, name)]


def all_annotations(recording: Recording) -> list[Choice]:
    """Choose the passage of every annotation that has one.

    :raise ClipError: where there is none, or they were timed to another sound.
    :raise ArchiveError: where the annotations cannot be read, or the lines that some belong to.
    """
    if recording.unread.annotations:
        raise ArchiveError(recording.unread.annotations)
    if any(annotation.is_adrift for annotation in recording.annotations):
        raise ArchiveError(recording.unread.transcript)
    if not recording.timed:
        raise ClipError(
            f"no annotation of {recording.slug} has a passage; write one, or list the passages in a CSV file"
        )
    return [choice for annotation in recording.timed for choice in by_annotation(recording, annotation.id)]


def by_quote(recording: Recording, quote: str, *, every: bool = False, nth: int | None = None) -> list[Choice]:
    """Choose where ``quote`` is said: the one place, ``every`` one, or the ``nth``, counted from 1.

    :raise SearchError: where it is not said, or in more places than one and nothing says which.
    :raise ClipError: where its length is unknown.
    """
    from player.search import phrases  # noqa: PLC0415  # only what looks for words needs it

    hits = _found(recording, lambda cues: phrases.phrases(cues, quote))
    if not hits:
        raise SearchError(
            f"{quoted(quote)} is not said in {recording.slug}; write the words as the transcript has them"
        )
    if len(hits) > 1 and not every and nth is None:
        raise SearchError(
            f"{quoted(quote)} is said {len(hits)} times; cut all with --all, or one with --nth N:\n"
            f"{_list(recording, hits)}"
        )
    return _chosen(recording, hits, nth)


def by_match(recording: Recording, pattern: str, *, nth: int | None = None) -> list[Choice]:
    """Choose every place that the regular expression ``pattern`` matches, or the ``nth``, counted from 1.

    :raise SearchError: where it matches nothing, or is none.
    :raise ClipError: where the length of one of the places is unknown.
    """
    from player.search import phrases  # noqa: PLC0415  # only what looks for words needs it

    hits = _found(recording, lambda cues: phrases.matches(cues, pattern))
    if not hits:
        raise SearchError(
            f"the pattern {quoted(pattern)} matches nothing in {recording.slug}; "
            "correct it, or begin it with (?i) to ignore case"
        )
    return _chosen(recording, hits, nth)


def padded(choices: Iterable[Choice], pads: tuple[int, int], duration: int) -> list[Choice]:
    """Start each passage some milliseconds earlier and end it some later, within the recording."""
    before, after = pads
    return [
        replace(choice, span=Span(max(0, choice.span.start - before), _later(choice.span.end, after, duration)))
        for choice in choices
    ]


def merged(choices: Sequence[Choice]) -> list[Choice]:
    """Merge passages that overlap or touch, so that nothing is heard twice; in order of time."""
    apart: list[Choice] = []
    for choice in sorted(choices, key=lambda each: each.span):
        if apart and choice.span.start <= apart[-1].span.end:
            before = apart.pop()
            span = Span(before.span.start, max(before.span.end, choice.span.end))
            what, is_widened = f"{before.what} … {choice.what}", before.is_widened or choice.is_widened
            apart.append(Choice(span, what, is_widened))
        else:
            apart.append(choice)
    return apart


def lines(recording: Recording) -> tuple[Cue, ...]:
    """Give the lines of a recording that are timed.

    :raise ClipError: where it has none, or they were timed to another sound than it has.
    :raise ArchiveError: where they cannot be read.
    """
    if recording.unread.transcript:
        raise ArchiveError(recording.unread.transcript)
    if recording.transcript is None or not recording.transcript.lines:
        raise ClipError(f"{recording.slug} has no transcript yet; give times with --from and --to")
    if not recording.transcript.cues:
        raise ClipError(f"the transcript of {recording.slug} is not timed yet; give times with --from and --to")
    if not follows(recording):
        raise ClipError(
            f"the transcript of {recording.slug} was timed to a different sound from the one that the archive has "
            "now, so its lines cannot be found; give times with --from and --to"
        )
    return recording.transcript.cues


def _found(recording: Recording, find: Callable[[Sequence[Line]], list[Hit]]) -> list[Hit]:
    timed: Sequence[Line] = lines(recording)
    # What is said in a line that is not timed is said all the same, though nobody knows when.
    every = recording.transcript.lines if recording.transcript is not None else timed
    return [replace(hit, text=_printable(hit.text)) for hit in find(every)]


def _chosen(recording: Recording, hits: list[Hit], nth: int | None) -> list[Choice]:
    if nth is not None:
        if nth > len(hits):
            there = "is only 1 place" if len(hits) == 1 else f"are only {len(hits)} places"
            raise SearchError(
                f"there {there}, so --nth {nth} finds none; choose one of these:\n{_list(recording, hits)}"
            )
        hits = [hits[nth - 1]]
    named = {cue.id: cue for cue in lines(recording)}
    choices = []
    for hit in hits:
        if hit.span is None:
            untimed = next(name for name in (hit.first, hit.last) if name not in named)
            raise ClipError(_not_timed(untimed))
        if hit.span.duration <= 1:
            _check_length(named[hit.last])
        choices.append(Choice(hit.span, hit.text, hit.is_widened))
    return choices


def _untimed(recording: Recording) -> set[str]:
    if recording.transcript is None:
        return set()
    return {line.id for line in recording.transcript.lines} - {cue.id for cue in recording.transcript.cues}


def _not_timed(name: str) -> str:
    return f"the line {name} is not timed yet, so nobody knows where it is said; give times with --from and --to"


def _check_length(cue: Cue) -> None:
    """Refuse a line whose length is unknown.

    :raise ClipError: naming it.
    """
    if not cue.has_length:
        raise ClipError(
            f"the length of the line {cue.id} is unknown: it ends no later than it starts, and no line follows; "
            "give times with --from and --to, or correct the line's end"
        )


def _list(recording: Recording, hits: list[Hit]) -> str:
    every = recording.transcript.lines if recording.transcript is not None else ()
    places = {line.id: place for place, line in enumerate(every)}

    def label(hit: Hit) -> str:
        said = every[places[hit.first] : places[hit.last] + 1]
        return f"  [{LABEL}]" if any(line.is_unchecked for line in said) else ""

    lines = [
        f"{number:>4}  {hit.span or 'not timed'}  {hit.text}{label(hit)}"
        for number, hit in enumerate(hits[:_LISTED], 1)
    ]
    more = [f"      and {len(hits) - _LISTED} more"] if len(hits) > _LISTED else []
    return "\n".join([*lines, *more])


def _later(end: int, pad: int, duration: int) -> int:
    # A passage that ends after the recording is refused when it is cut.
    return end if end >= duration else min(end + pad, duration)


def _printable(text: str) -> str:
    """Replace what would steer a terminal in the words of a transcript."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)

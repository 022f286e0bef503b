"""Makes what the page of a recording's plain text prints: who speaks, what is said, in paragraphs, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from player.archive.doubts import doubts
from player.archive.line_marks import doubtful
from player.archive.transcript import Cue
from player.errors import NotFoundError, quoted
from player.timecode import SECOND
from player.web.pages.closures import refuse_withheld_words
from player.web.pages.doubted_words import with_marks
from player.web.pages.line_places import openings
from player.web.pages.parts import by_part
from player.web.pages.prose import INTERFACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from player.archive.doubts import Doubt
    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.archive.transcript import Line
    from player.archive.translation import Translation
    from player.web.pages.parts import ShownPart

# Within a turn, a listener hears a silence of a second as the end of something.
_LONG_SILENCE: Final = SECOND
# A list that ends a text is read through, by the fingers too. Of more sources, the recording's page has them by line.
_MOST_SOURCES: Final = 30
# A text that is printed, or copied, has it as a sign.
_CHECKED: Final = Markup('&nbsp;<span class="check" role="img" aria-label="checked" lang="en">✓</span>')

_OLDER: Final = Markup(' <span lang="en" dir="ltr">[older than what is said]</span>')
_NOTHING: Final = Markup()
# Of a line: the numbers of its doubtful words, and what stands after it.
_UNMARKED: Final = ((), _NOTHING)


@dataclass(frozen=True)
class Words:
    """Words of one language that follow each other, or the number of a page of the document that begins here.

    Among them are the marks of what a machine was not sure of, and of what was checked.
    """

    text: Markup
    language: str
    is_page: bool = False


@dataclass(frozen=True)
class Turn:
    """What is said without a change of speaker.

    ``voices`` are None where nobody has been named yet, and none where somebody was and now is not.
    """

    voices: tuple[str, ...] | None
    paragraphs: tuple[tuple[Words, ...], ...]
    #: The parts of the recording that begin with it.
    parts: tuple[ShownPart, ...] = ()


@dataclass(frozen=True)
class PlainText:
    """A transcript as text, in its own language or another, and what it rests on, where that is few sources."""

    turns: tuple[Turn, ...]
    language: str
    translation: Translation | None
    sources: tuple[Source, ...]
    #: The tags of the languages in which it can be read, the recording's own first.
    languages: tuple[str, ...]
    #: Whether such marks are among its words: of what was checked, and of what a machine was not sure of.
    has_checked: bool
    has_doubtful: bool
    #: And whether people doubt some, or give other readings.
    has_doubted: bool
    has_varied: bool


def plain_text(recording: Recording, asked: str | None, sources: Mapping[str, Source]) -> PlainText:
    """Give the text of a recording, in the language ``asked`` for; where none is, in its own.

    A line that is not translated is there as it was said.

    :raise WithheldError: where the transcript is not for everybody.
    :raise NotFoundError: where there is no transcript, or no translation into that language.
    """
    refuse_withheld_words(recording)
    transcript = recording.transcript
    if recording.unread.transcript:
        raise NotFoundError(f'the transcript of "{recording.title}" cannot be read; its page says what can be read')
    if transcript is None:
        raise NotFoundError(f'"{recording.title}" has no transcript yet; its page says what is known')
    translations = {each.language: each for each in recording.translations if each.lines}
    languages = (recording.language, *(each for each in translations if each != recording.language))
    if asked not in {None, *languages}:
        raise NotFoundError(
            f'"{recording.title}" cannot be read in {quoted(str(asked))}; only in {", ".join(languages)}'
        )
    closed = {each.id: each.reason for each in recording.shown.passages if each.words}
    translation = translations.get(asked) if asked and asked != recording.language else None
    translated = {line.id: line.text for line in translation.lines} if translation else {}
    old = translation.older if translation else {}
    pages = {
        name: Words(escape(f"[p. {page}]"), INTERFACE, is_page=True)
        for name, (page, _) in openings(transcript.lines).items()
    }
    own = [line for line in transcript.lines if line.id not in translated and line.id not in closed]
    found = {line.id: doubtful(line) if line.is_unchecked else None for line in own} if transcript.unchecked else {}
    marks = {name: (numbers or (), _CHECKED if numbers is None else _NOTHING) for name, numbers in found.items()}
    marks |= dict.fromkeys(old, ((), _OLDER))
    said_of = {line.id: said for line in own if line.comments and (said := doubts(line))}
    return PlainText(
        tuple(
            turn
            for opening, lines in by_part(recording, transcript.lines)
            for turn in _headed(
                opening,
                _turns(
                    lines, pages, closed, translated, marks, said_of, recording.language, asked or recording.language
                ),
            )
        ),
        asked or recording.language,
        translation,
        _cited(transcript.lines, sources),
        languages,
        None in found.values(),
        any(found.values()),
        any(each.is_doubtful for said in said_of.values() for each in said),
        any(each.readings for said in said_of.values() for each in said),
    )


def _turns(
    lines: Iterable[Line],
    pages: Mapping[str, Words],
    closed: Mapping[str, str | None],
    translated: Mapping[str, str],
    marks: Mapping[str, tuple[tuple[int, ...], Markup]],
    said_of: Mapping[str, tuple[Doubt, ...]],
    said: str,
    language: str,
) -> Iterable[Turn]:
    voices: tuple[str, ...] | None = None
    paragraphs: list[list[Words]] = []
    heard = 0
    for line in lines:
        begins, ends = (line.start, line.span.end) if isinstance(line, Cue) else (0, 0)
        page = [pages[line.id]] if line.id in pages else []
        if line.id in closed:
            if paragraphs:
                yield _turn(voices, paragraphs)
            why = f" {closed[line.id]}" if closed[line.id] else ""
            yield Turn(None, ((*page, Words(escape(f"{line.text}{why}"), INTERFACE)),))
            paragraphs, heard = [], max(heard, ends)
            continue
        speaking = tuple(dict.fromkeys(turn.speaker for turn in line.turns if turn.speaker))
        if speaking != (voices or ()):
            if paragraphs:
                yield _turn(voices, paragraphs)
            voices, paragraphs = speaking, []
        if not paragraphs or line.opens_paragraph or begins - heard >= _LONG_SILENCE:
            paragraphs.append([])
        paragraphs[-1] += page
        text = " ".join(translated.get(line.id, line.text).split())
        if text:
            numbers, after = marks.get(line.id, _UNMARKED)
            marked = with_marks(text, numbers, said_of.get(line.id, ()), said) + after
            paragraphs[-1].append(Words(marked, language if line.id in translated else said))
        heard = max(heard, ends)
    if paragraphs:
        yield _turn(voices, paragraphs)


def _headed(opening: tuple[ShownPart, ...], turns: Iterable[Turn]) -> Iterable[Turn]:
    """Give turns, the first of them with the parts of the recording that begin with it."""
    for number, turn in enumerate(turns):
        yield turn if number else replace(turn, parts=opening)


def _turn(voices: tuple[str, ...] | None, paragraphs: list[list[Words]]) -> Turn:
    return Turn(voices, tuple(_joined(each) for each in paragraphs if each))


def _joined(words: list[Words]) -> tuple[Words, ...]:
    runs = groupby(words, lambda each: (each.language, each.is_page))
    return tuple(Words(Markup(" ").join(each.text for each in run), *kind) for kind, run in runs)


def _cited(lines: Iterable[Line], sources: Mapping[str, Source]) -> tuple[Source, ...]:
    names = dict.fromkeys(citation.source for line in lines for citation in line.citations)
    if len(names) > _MOST_SOURCES:
        return ()
    return tuple(source for name in names if (source := sources.get(name)) is not None)

"""Prints the lines of a transcript: the one place that knows their markup.

A page may have twenty thousand of them. A line is two elements, its paragraph and the link of its time, whose words are
a text node after the link; what it rests on, its clip and its link are on the page of the line (routes/lines.py). Where
a recording has translations, the words are in an element of their own, ``.said``, so that either can be shown alone.
It is text put together here, since a macro takes ten times as long.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from player.timecode import clock, fragment
from player.web.pages.prose import INTERFACE, direction, in_language, isolated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from player.archive.gate.shown import ClosedPassage
    from player.web.pages.notes import Note
    from player.web.pages.parts import ShownPart
    from player.web.pages.recording import Edition, PrintedLine, Translated
    from player.web.pages.this_line import ThisLine

#: How many lines are laid out, or left out, together in a long transcript, at most. At each frame a browser looks at
#: every element that may be left out: 8,000 took 5 ms, a thousand take 0.7.
RUN: Final = 100
#: What a style sheet takes for the number of lines in a run, by its class: the nearest is meant.
GUESSES: Final = {"run": 100, "run half": 50, "run few": 15}
# Where the voice is this one, words are read from a paper, and the style sheet sets them in italics.
_DOCUMENT: Final = "Document"
# What HTML has signs of its own for. Most lines have none, and to look takes a third of the time of escaping.
_SPECIAL: Final = re.compile("[&<>\"']")


def printed(
    edition: Edition,
    language: str,
    note: Callable[[Note], Markup],
    asked: ThisLine | None,
    about: Callable[[ThisLine], Markup],
) -> Markup:
    """Print the lines of ``edition``, said in ``language``, each ``note`` beside its line.

    What is ``about`` the line that was ``asked`` for stands below it.
    """
    write = _Writer(edition, language, note)
    parts: list[str] = []
    asked_line = asked.cue if asked else None
    for lines in runs(edition):
        if len(lines) > 1:
            name = min(GUESSES, key=lambda each: abs(GUESSES[each] - len(lines)))
            parts.append(f'<div class="{name}">\n')
        for line in lines:
            if edition.parts and line.cue.id in edition.parts:
                parts.extend(map(write.part, edition.parts[line.cue.id]))
            parts.append(write.line(line))
            if asked and line.cue is asked_line:
                parts.append(about(asked))
        if len(lines) > 1:
            parts.append("</div>\n")
    return Markup("".join(parts))  # noqa: S704  # of what is escaped below


def runs(edition: Edition) -> Iterator[tuple[PrintedLine, ...]]:
    """Give the lines in runs that are laid out, or left out, together; where the transcript is short, line by line.

    The style sheet guesses the height of a run not seen yet by its number of lines. A note hangs out of its line, and a
    line with notes is a run by itself.
    """
    if not edition.is_long:
        yield from ((line,) for line in edition.lines)
        return
    for is_noted, lines in groupby(edition.lines, lambda line: bool(line.notes)):
        stretch = tuple(lines)
        count = len(stretch) if is_noted else -(-len(stretch) // RUN)
        for each in range(count):
            yield stretch[len(stretch) * each // count : len(stretch) * (each + 1) // count]


class _Writer:
    """Writes lines of one transcript, one after another."""

    def __init__(self, edition: Edition, language: str, note: Callable[[Note], Markup]) -> None:
        self._note = note
        self._turn = edition.turn
        self._speaking: tuple[str, ...] = ()
        own = in_language(language)
        # Such words run as their letters do, which their line and its time do not follow.
        has_said = bool(edition.translations) or direction(language) == "auto"
        self._said, self._after = (f'<span class="said"{own}>', "</span>") if has_said else ("", "")
        self._own = "" if has_said else str(own)
        self._interface = "" if language == INTERFACE else f' lang="{INTERFACE}" dir="ltr"'
        self._of_time = f' lang="{INTERFACE}"' if self._own else ""
        # Alone in its line, a name runs as the line does; only where both ways occur could that be wrong.
        self._name = f"<bdi{own}>{{}}</bdi>" if own or edition.has_leftward else "{}"

    def part(self, shown: ShownPart) -> str:
        """Give the heading of a part of the recording, with the moment at which it begins."""
        start, anchor = shown.part.start, shown.anchor
        address = f'href="?t={fragment(start)}#{anchor}" data-seek="{start}"'
        link = f'<a class="from"{self._interface} {address}>{clock(start)}</a>'
        return f'<h3 class="part" id="{anchor}"><bdi>{escape(shown.part.title)}</bdi> {link}</h3>\n'

    def line(self, line: PrintedLine) -> str:
        """Give a line, with who speaks before it where that changes."""
        if line.closed is not None:
            return self._closed(line, line.closed)
        if line.is_silent:
            return "".join(map(self._silence, line.silences)) + self._open(line)
        return self._open(line)

    def _open(self, line: PrintedLine) -> str:
        cue, heading = line.cue, ""
        if line.voices is not None:
            self._speaking = line.voices
            heading = self._heading(line.voices)
        start, end = cue.start, cue.end
        if end <= start:
            end = cue.span.end if cue.has_length else start
        facts = f'id="cue-{cue.id}" data-start="{start}" data-end="{end}"{self._facts(line)}'
        kind = "cue silent" if line.is_silent else "cue"
        text = cue.text if _SPECIAL.search(cue.text) is None else escape(cue.text)
        words = (
            f'<a class="time"{self._of_time} href="?t={fragment(start)}#cue-{cue.id}">{clock(start)} </a>'
            f"{self._said}{text}{self._after}"
        )
        if not (line.notes or line.translations):
            return f'{heading}<p class="{kind}" {facts}{self._own}>{words}</p>\n'
        words += "".join(map(self._translation, line.translations))
        if not line.notes:
            return f'{heading}<div class="{kind}" {facts}{self._own}>{words}</div>\n'
        words += "".join(map(self._mark, line.notes))
        notes = "".join(map(self._note, line.notes))
        return f'{heading}<div class="{kind} noted" {facts}><div class="line"{self._own}>{words}</div>\n{notes}</div>\n'

    def _facts(self, line: PrintedLine) -> str:
        """Give what scripts and style sheets know of a line beside its times.

        Who speaks is said by the heading before it; here only where that is not so, or where it changes the type.
        """
        cue, facts = line.cue, ""
        if cue.speaker == _DOCUMENT or (self._speaking and not cue.speaker):
            facts = f' data-voice="{cue.speaker or ""}"'
        if cue.words:
            times = " ".join(["-" if moment is None else str(moment) for moment in cue.words])
            facts += f' data-words="{times}"'
        return f"{facts} data-paragraph" if line.opens_paragraph else facts

    def _closed(self, line: PrintedLine, passage: ClosedPassage) -> str:
        """Give the line that stands in place of those that are closed: nobody says it, in whatever language."""
        cue = line.cue
        says = f'<span class="said"{self._interface}>{escape(cue.text)}</span>'
        if passage.reason:
            says += f' <span class="why"{self._interface}>{isolated(escape(passage.reason))}</span>'
        words = (
            f'<a class="time"{self._of_time} href="?t={fragment(cue.start)}#cue-{cue.id}">{clock(cue.start)} </a>{says}'
        )
        facts = f'id="cue-{cue.id}" data-start="{cue.start}" data-end="{cue.span.end}" data-voice=""'
        if not line.notes:
            return f'<p class="cue shut" {facts}>{words}</p>\n'
        words += "".join(map(self._mark, line.notes))
        notes = "".join(map(self._note, line.notes))
        return f'<div class="cue shut noted" {facts}><div class="line">{words}</div>\n{notes}</div>\n'

    def _silence(self, passage: ClosedPassage) -> str:
        """Say above its first line that the sound of a passage is closed."""
        why = f": {isolated(escape(passage.reason))}" if passage.reason else ""
        times = f"{clock(passage.span.start)} to {clock(passage.span.end)}"
        says = f"Sound {escape(passage.label)}, {times}{why}"
        if self._interface:
            says = f"<span{self._interface}>{says}</span>"
        return f'<p class="silence">{says}</p>\n'

    def _heading(self, voices: tuple[str, ...]) -> str:
        if not voices:
            return f'<{self._turn} class="turn" data-voice="">Speaker not named</{self._turn}>\n'
        first = f' data-voice="{escape(voices[0])}"' if len(voices) > 1 else ""
        names = " and ".join(self._name.format(escape(voice)) for voice in voices)
        return f'<{self._turn} class="turn"{first}>{names}</{self._turn}>\n'

    def _translation(self, line: Translated) -> str:
        return (
            f'<p class="translated" lang="{escape(line.language)}" dir="{direction(line.language)}" '
            f'data-translation="{line.number}">{escape(line.text)}</p>'
        )

    def _mark(self, note: Note) -> str:
        annotation, number = note.annotation, note.number
        return (
            f'<a class="note-mark"{self._of_time} id="mark-{annotation.id}" href="#note-{annotation.id}" '
            f'data-kind="{annotation.kind}" aria-label="Note {number}: {escape(annotation.title)}">{number}</a>'
        )

"""Prints the lines of a transcript: the one place that knows their markup.

A page may have twenty thousand of them. A line is two elements, its paragraph and the link of its time, whose words are
a text node after the link; what it rests on, its clip and its link are on the page of the line (routes/lines.py). Where
a recording has translations, the words are in an element of their own, ``.said``, so that either can be shown alone; so
are those of some of which a machine was not sure, or people are not (doubted_words.py), or that were checked.
A line that is not timed has a link to itself in place of its time, and says nothing of times. Where a page of the
document begins, its number stands before the line.
It is text put together here, since a macro takes ten times as long.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from player.archive.transcript import Cue
from player.timecode import clock, fragment
from player.web.pages.doubted_words import with_marks
from player.web.pages.prose import INTERFACE, direction, in_language, isolated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from player.archive.gate.shown import ClosedPassage
    from player.archive.transcript import Line
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
# What stands where others have a time.
_UNTIMED: Final = "¶"
# What HTML has signs of its own for. Most lines have none, and to look takes a third of the time of escaping.
_SPECIAL: Final = re.compile("[&<>\"']")


def printed(
    edition: Edition,
    language: str,
    note: Callable[[Note], Markup],
    asked: ThisLine | None,
    about: Callable[[ThisLine], Markup],
    *,
    former: Mapping[str, Sequence[str]],
    query: str = "",
) -> Markup:
    """Print the lines of ``edition``, said in ``language``, each ``note`` beside its line.

    What is ``about`` the line that was ``asked`` for stands below it. ``former`` has the identifiers that led to lines
    before and lead to them still; ``query`` is what links to other places of the page have in their addresses.
    """
    write = _Writer(edition, language, note, former, query)
    parts: list[str] = []
    asked_line = asked.line if asked else None
    for lines in runs(edition):
        if len(lines) > 1:
            name = min(GUESSES, key=lambda each: abs(GUESSES[each] - len(lines)))
            parts.append(f'<div class="{name}">\n')
        for line in lines:
            if edition.parts and line.line.id in edition.parts:
                parts.extend(map(write.part, edition.parts[line.line.id]))
            if line.page:
                parts.append(write.page(*line.page))
            parts.append(write.line(line))
            if asked and line.line is asked_line:
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

    def __init__(
        self,
        edition: Edition,
        language: str,
        note: Callable[[Note], Markup],
        former: Mapping[str, Sequence[str]],
        query: str,
    ) -> None:
        self._note = note
        self._former = former
        self._query = query
        self._turn = edition.turn
        self._doubted = edition.doubted_turns
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
        address = f'href="?{self._query}t={fragment(start)}#{anchor}" data-seek="{start}"'
        link = f'<a class="from"{self._interface} {address}>{clock(start)}</a>'
        return f'<h3 class="part" id="{anchor}"><bdi>{escape(shown.part.title)}</bdi> {link}</h3>\n'

    def line(self, line: PrintedLine) -> str:
        """Give a line, with who speaks before it where that changes."""
        if line.closed is not None:
            return self._closed(line, line.closed)
        if line.is_silent:
            return "".join(map(self._silence, line.silences)) + self._open(line)
        return self._open(line)

    def _open(self, printed: PrintedLine) -> str:
        line, heading = printed.line, ""
        if printed.voices is not None:
            self._speaking = printed.voices
            heading = self._heading(printed.voices, is_doubted=line.id in self._doubted)
        facts = f'id="cue-{line.id}"{self._times(line)}{self._facts(printed)}'
        kind = "cue silent" if printed.is_silent else "cue"
        text = line.text if _SPECIAL.search(line.text) is None else escape(line.text)
        if printed.doubtful or printed.doubts:
            text = with_marks(line.text, printed.doubtful, printed.doubts)
        if (printed.doubtful or printed.doubts or printed.is_checked) and not self._said:
            # Laid out in columns, as on paper, the words and the mark after them are one box.
            text = f'<span class="said">{text}</span>'
        words = f"{self._link(line)}{self._said}{text}{self._after}"
        if not (printed.notes or printed.translations):
            return f'{heading}<p class="{kind}" {facts}{self._own}>{words}</p>\n'
        words += "".join(map(self._translation, printed.translations))
        if not printed.notes:
            return f'{heading}<div class="{kind}" {facts}{self._own}>{words}</div>\n'
        words += "".join(map(self._mark, printed.notes))
        notes = "".join(map(self._note, printed.notes))
        return f'{heading}<div class="{kind} noted" {facts}><div class="line"{self._own}>{words}</div>\n{notes}</div>\n'

    def _link(self, line: Line) -> str:
        """Give the link that plays from a line, with its time; of one that is not timed, that to itself."""
        if not isinstance(line, Cue):
            label = 'aria-label="Link to this line"'
            href = f"?{self._query}line={line.id}#cue-{line.id}"
            return f'<a class="time"{self._of_time} href="{href}" {label}>{self._anchors(line)}{_UNTIMED} </a>'
        time = f"~{clock(line.start)}" if line.is_approximate else clock(line.start)
        href = f"?{self._query}t={fragment(line.start)}#cue-{line.id}"
        return f'<a class="time"{self._of_time} href="{href}">{self._anchors(line)}{time} </a>'

    def _anchors(self, line: Line) -> str:
        """Give what old addresses lead to: in the link, for scripts find what a line says right behind that."""
        if line.id not in self._former:
            return ""
        return "".join(f'<span id="cue-{escape(name)}"></span>' for name in self._former[line.id])

    def _times(self, line: Line) -> str:
        if not isinstance(line, Cue):
            return ""
        start, end = line.start, line.end
        if end <= start:
            end = line.span.end if line.has_length else start
        about = " data-approximate" if line.is_approximate else ""
        return f' data-start="{start}" data-end="{end}"{about}'

    def _facts(self, printed: PrintedLine) -> str:
        """Give what scripts and style sheets know of a line beside its times.

        Who speaks is said by the heading before it; here only where that is not so, or where it changes the type.
        """
        line, facts = printed.line, ""
        if line.speaker == _DOCUMENT or (self._speaking and not line.speaker):
            facts = f' data-voice="{line.speaker or ""}"'
        if isinstance(line, Cue) and line.words and not line.is_approximate:
            times = " ".join(["-" if moment is None else str(moment) for moment in line.words])
            facts += f' data-words="{times}"'
        if printed.is_checked:
            facts += " data-checked"
        if printed.doubts:
            facts += " data-doubted"
        return f"{facts} data-paragraph" if printed.opens_paragraph else facts

    def _closed(self, printed: PrintedLine, passage: ClosedPassage) -> str:
        """Give the line that stands in place of those that are closed: nobody says it, in whatever language."""
        line = printed.line
        says = f'<span class="said"{self._interface}>{escape(line.text)}</span>'
        if passage.reason:
            says += f' <span class="why"{self._interface}>{isolated(escape(passage.reason))}</span>'
        words = f"{self._link(line)}{says}"
        times = f' data-start="{line.start}" data-end="{line.span.end}"' if isinstance(line, Cue) else ""
        facts = f'id="cue-{line.id}"{times} data-voice=""'
        if not printed.notes:
            return f'<p class="cue shut" {facts}>{words}</p>\n'
        words += "".join(map(self._mark, printed.notes))
        notes = "".join(map(self._note, printed.notes))
        return f'<div class="cue shut noted" {facts}><div class="line">{words}</div>\n{notes}</div>\n'

    def page(self, number: str, anchor: str) -> str:
        """Say where a page of the document begins."""
        number = escape(number)
        return (
            f'<p class="leaf" id="{escape(anchor)}" data-page="{number}"{self._interface}>'
            f'<a href="#{escape(anchor)}" title="Page {number} of the document">p. {number}</a></p>\n'
        )

    def _silence(self, passage: ClosedPassage) -> str:
        """Say above its first line that the sound of a passage is closed."""
        why = f": {isolated(escape(passage.reason))}" if passage.reason else ""
        times = f"{clock(passage.span.start)} to {clock(passage.span.end)}"
        says = f"Sound {escape(passage.label)}, {times}{why}"
        if self._interface:
            says = f"<span{self._interface}>{says}</span>"
        return f'<p class="silence">{says}</p>\n'

    def _heading(self, voices: tuple[str, ...], *, is_doubted: bool) -> str:
        """Name who speaks; a style sheet may show only what ``is_doubted``: under it are words that people doubt."""
        doubted = " data-doubted" if is_doubted else ""
        if not voices:
            return f'<{self._turn} class="turn" data-voice=""{doubted}>Speaker not named</{self._turn}>\n'
        first = f' data-voice="{escape(voices[0])}"{doubted}' if len(voices) > 1 else doubted
        names = " and ".join(self._name.format(escape(voice)) for voice in voices)
        return f'<{self._turn} class="turn"{first}>{names}</{self._turn}>\n'

    def _translation(self, line: Translated) -> str:
        older = " data-older" if line.is_older else ""
        return (
            f'<p class="translated" lang="{escape(line.language)}" dir="{direction(line.language)}" '
            f'data-translation="{line.number}"{older}>{escape(line.text)}</p>'
        )

    def _mark(self, note: Note) -> str:
        annotation, number = note.annotation, note.number
        return (
            f'<a class="note-mark"{self._of_time} id="mark-{annotation.id}" href="#note-{annotation.id}" '
            f'data-kind="{annotation.kind}" aria-label="Note {number}: {escape(annotation.title)}">{number}</a>'
        )

"""Finds who speaks where a transcript says so in its words only: ``Tom: …``, ``NAME: …`` or ``>>`` at a line's head.

A colon is no proof: "Note: the ferry is late" has one too. So a head is taken for a name only where the file has the
pattern of one that names its speakers: the same few names at the heads of most lines, or of most turns. Everything else
that looks like a name is found as well, and is for a person to decide.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from player.archive.transcript import Turn
from player.errors import FEW
from player.intake.transcripts.found_names import Found, found_in, is_open, tally_of
from player.intake.transcripts.imported import Deed, Remark
from player.intake.transcripts.name_forms import CHANGE, Head, any_head, may_be_head

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from player.intake.transcripts.imported import ImportedLine

_Value = TypeVar("_Value")

# With a name at the head of so many lines, it is not only written where the speaker changes.
_EACH: Final = 0.8


@dataclass(frozen=True)
class Speakers:
    """Which names become voices: those that are sure, or not; and by name, as what (None: it stays in the words).

    A name may also be that of a voice which the format itself marks; it is then renamed.
    """

    takes_found: bool = False
    names: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def parse(cls, text: str) -> Speakers:
        """Read ``yes``, ``none``, ``JOHN=John Reed,Q=Interviewer`` or both: ``yes,JOHN=John Reed``.

        :raise ValueError: where it is none of these; its text says why.
        """
        word, _, rest = text.partition(",")
        takes = {"yes": True, "none": False}.get(word.strip().lower())
        pairs = text if takes is None else rest
        names: dict[str, str | None] = {}
        split: list[str] = []
        # A voice may be called "Reed, John": a comma divides only where another name and its sign follow.
        for pair in re.split(r",(?=[^,=]*=)", pairs) if pairs.strip() else ():
            if split and "=" not in split[-1]:
                split[-1] += f",{pair}"  # "Reed, Jr.=Tom Reed"
            else:
                split.append(pair)
        for pair in split:
            name, equals, voice = (part.strip() for part in pair.partition("="))
            if not (name and equals):
                raise ValueError(f'"{pair.strip()}" is neither yes, none, nor NAME=VOICE')
            names[name] = voice or None
        if takes is None and not names:
            raise ValueError("it is empty; write yes, none, or NAME=VOICE")
        return cls(bool(takes), names)

    def taken(self, found: Sequence[Found]) -> dict[str, str | None]:
        """Give the names that are taken from the heads of lines, each with its voice; None for an unnamed one."""
        sure = {each.name: None if each.name == CHANGE else each.name for each in found if each.is_speaker}
        named = {name: voice for name, voice in self.names.items() if voice is not None}
        taken = {**(sure if self.takes_found else {}), **named}
        return {name: voice for name, voice in taken.items() if name not in self.names or name in named}


@dataclass(frozen=True)
class Spoken:
    """Lines with the voices that say them, and what was done for that.

    ``unknown`` are names that were given, and are at no head and of no voice.
    """

    lines: tuple[ImportedLine, ...]
    remarks: tuple[Remark, ...] = ()
    unknown: frozenset[str] = frozenset()


def spoken(lines: Sequence[ImportedLine], speakers: Speakers) -> Spoken:
    """Give lines with the voices that their heads name.

    Where a name stands only where the speaker changes, the lines below are the same speaker's, until the next; but not
    those wholly in brackets, which nobody says.
    """
    tally = tally_of(lines)
    found = found_in(tally)
    taken = speakers.taken(found)
    marked: Counter[str] = Counter()
    if speakers.names:
        marked.update(name for line in lines for name in {turn.speaker for turn in line.turns if turn.speaker})
    unknown = frozenset(speakers.names.keys() - tally.counted.keys() - marked.keys())
    lines, remarks = _with_own_names(lines, speakers, marked)
    named = sum(tally.counted[name] for name in taken)
    if not named:
        return Spoken(tuple(lines), (*remarks, *_left(found, taken, speakers)), unknown)
    goes_on = named < _EACH * tally.total
    others = frozenset(each.name for each in found if each.name not in taken)
    given: list[ImportedLine] = []
    voice: str | None = None
    is_due = False
    went_on: list[ImportedLine] = []
    bare: list[ImportedLine] = []
    unsure: list[ImportedLine] = []
    for line in lines:
        if not is_open(line):
            given.append(line)
            voice, is_due = (None, False) if line.turns else (voice, is_due)
            continue
        new, after, has_head, is_unsure = _divided(line, taken, others, voice if goes_on or is_due else None)
        if is_unsure:
            unsure.append(line)
        if not has_head and voice is not None and goes_on:
            went_on.append(line)
        elif not (has_head or new.turns or goes_on):
            bare.append(line)
        # A name alone is that of the next line.
        is_due = not new.text
        voice = after if has_head or goes_on or is_due else None
        if new.text:
            given.append(new)
    remarks += _of_heads(named, went_on, bare, unsure)
    return Spoken(tuple(given), (*remarks, *_left(found, taken, speakers)), unknown)


def _with_own_names(
    lines: Sequence[ImportedLine], speakers: Speakers, marked: Mapping[str, int]
) -> tuple[Sequence[ImportedLine], list[Remark]]:
    """Rename the voices that the format marks, of which there are so many lines each."""
    renamed = {name: voice for name, voice in speakers.names.items() if voice is not None and marked[name]}
    remarks = [
        Remark(Deed.READ, f'"{name}" as "{voice}", {_lines(marked[name])}')
        for name, voice in renamed.items()
        if name != voice
    ]
    return ([_renamed(line, renamed) for line in lines] if renamed else lines), remarks


def _of_heads(
    named: int, went_on: Sequence[ImportedLine], bare: Sequence[ImportedLine], unsure: Sequence[ImportedLine]
) -> Iterator[Remark]:
    """Say what was taken as who speaks, and which lines have none, or may not have the one before."""
    noun = "head of a line" if named == 1 else "heads of lines"
    yield Remark(Deed.READ, f"{named} {noun} as who speaks")
    if went_on:
        what = f"{_lines(len(went_on))} without a name as said by whoever spoke before"
        yield Remark(Deed.READ, what, _places(went_on))
    if bare:
        what = f"{_lines(len(bare))} without a name, where nearly every line has one, without a voice"
        yield Remark(Deed.READ, what, _places(bare))
    if unsure:
        what = f"{_lines(len(unsure))} in which somebody else may begin to speak, from there on without a voice"
        yield Remark(Deed.READ, what, _places(unsure))


def _left(found: Sequence[Found], taken: Mapping[str, str | None], speakers: Speakers) -> Iterator[Remark]:
    """Say which names stay in the words, but for those of which that was said."""
    left = [each for each in found if each.name not in taken and each.name not in speakers.names]
    once = [each for each in left if each.count == 1 and not each.is_speaker]
    for each in left:
        if each in once and len(once) > 1:
            continue
        times = "once" if each.count == 1 else f"{each.count} times"
        where = () if each.line is None else (each.line,)
        how = "yes" if each.is_speaker else f'"{each.name}=…"'
        what = f'"{each.name}", {times} at the head of a line, as words (--speakers {how} if that is who speaks)'
        yield Remark(Deed.READ, what, where)
    if len(once) > 1:
        named = [f'"{each.name}"' for each in once[:FEW]]
        more = len(once) - FEW
        listed = ", ".join(named) + f" and {more} more" if more > 0 else f"{', '.join(named[:-1])} and {named[-1]}"
        what = f'{listed}, once each at the head of a line, as words (--speakers "NAME=…" if that is who speaks)'
        yield Remark(Deed.READ, what, tuple(each.line for each in once if each.line is not None))


def _places(lines: Sequence[ImportedLine]) -> tuple[int, ...]:
    return tuple(line.origin for line in lines if line.origin is not None)


def _lines(count: int) -> str:
    return f"{count} {'line' if count == 1 else 'lines'}"


def _renamed(line: ImportedLine, voices: Mapping[str, str]) -> ImportedLine:
    if not any(turn.speaker in voices for turn in line.turns):
        return line
    turns = tuple(Turn(voices.get(turn.speaker or "", turn.speaker), turn.text) for turn in line.turns)
    return replace(line, turns=turns)


def _divided(
    line: ImportedLine, taken: Mapping[str, str | None], others: frozenset[str], voice: str | None
) -> tuple[ImportedLine, str | None, bool, bool]:
    """Give a line without the names in it, in turns, who speaks at its end, whether it has a head, and an unsure one.

    ``voice`` is who speaks at its beginning where it has none. What ``others`` are called stays in the words, which are
    nobody's then.
    """
    turns: list[tuple[str | None, list[str]]] = [(voice, [])]
    removed: list[int] = []
    place = 0
    opens = line.opens_paragraph
    has_head = is_unsure = False
    for number, text in enumerate(line.text.split("\n")):
        found = _taken_head(text, taken, may_be_sign=not number)
        rest = text if found is None else found.rest
        if found is not None:
            has_head = True
            opens = opens or found.name == CHANGE
            turns.append((taken[found.name], []))
        elif others and (other := any_head(text)) is not None and other.name in others:
            has_head = True
            turns.append((None, []))
        elif turns[-1][0] is not None and may_be_head(text, taken):
            has_head = is_unsure = True
            turns.append((None, []))
        count = len(text.split())
        first = place + (0 if found is None else found.kept)
        removed += range(first, first + count - len(rest.split()))
        place += count
        turns[-1][1].append(rest)
    said = [(who, "\n".join(texts).strip()) for who, texts in turns]
    said = [(who, text) for who, text in said if text]
    gone = frozenset(removed)
    return (
        replace(
            line,
            text="\n".join(text for _, text in said),
            turns=_joined(said),
            words=_without(line.words, gone),
            word_confidences=_without(line.word_confidences, gone),
            opens_paragraph=opens,
            written=line.text if removed else line.written,
        ),
        turns[-1][0],
        has_head,
        is_unsure,
    )


def _taken_head(text: str, taken: Mapping[str, str | None], *, may_be_sign: bool) -> Head | None:
    """Give what is at the head of a line where that is taken as who speaks."""
    found = any_head(text)
    if found is None or found.name in taken:
        return found if found is None or may_be_sign or found.name != CHANGE else None
    is_sign = may_be_sign and found.sign.startswith(CHANGE) and CHANGE in taken
    return Head(CHANGE, found.unnamed) if is_sign else None


def _joined(said: Sequence[tuple[str | None, str]]) -> tuple[Turn, ...]:
    """Give turns, those of one voice one after the other as one; none where no voice is named."""
    turns: list[Turn] = []
    for who, text in said:
        if turns and turns[-1].speaker == who:
            turns[-1] = Turn(who, f"{turns[-1].text}\n{text}")
        else:
            turns.append(Turn(who, text))
    return tuple(turns) if any(turn.speaker is not None for turn in turns) else ()


def _without(values: Sequence[_Value], gone: frozenset[int]) -> tuple[_Value, ...]:
    if not values:
        return ()
    kept = tuple(value for place, value in enumerate(values) if place not in gone)
    return kept if any(value is not None for value in kept) else ()

"""Names voices of a transcript for ``player voices``: asks about what sounds alike, writes, and says what was done."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any, Final

import click

from player.commands.advised import option as named_archive
from player.commands.output import counted, marked_unless_open, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from player.align.like_lines import Alike, Found
    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.archive.transcript import Line, Transcript
    from player.intake.voices import Who

_WORDS: Final = 8
_NO_VOICE: Final = "no voice"
#: What stands at the end of a line that was checked, among others that were not.
_CHECKED: Final = "[checked]"
_WAYS: Final = ("ask", "yes", "none")
_SCALE: Final = "1 is the same, below 0.5 another voice"


def values_of(recording: Recording, line: Line) -> dict[str, Any]:
    """Give what JSON says of a line; ``access`` is why visitors may not read it, or ``open``."""
    from player.archive.machine import LABEL
    from player.archive.transcript import Cue
    from player.index import access

    span = line.span if isinstance(line, Cue) else None
    return {
        "line": line.id,
        "start": line.start / 1000 if isinstance(line, Cue) else None,
        "words": " ".join(line.text.split()),
        "access": access.of_line(recording.shown, span),
        "unchecked": LABEL if line.is_unchecked else None,
    }


def told_of_all(lines: Iterable[Line]) -> list[str]:
    """Say above lines that are listed what is so of their words: a machine wrote them, and nobody has checked them."""
    from player.archive.machine import LABEL

    unchecked = {line.is_unchecked for line in lines}
    return [LABEL + (f", but for lines marked {_CHECKED}" if False in unchecked else "")] if True in unchecked else []


def cited(recording: Recording, lines: Sequence[Line], before: Sequence[str], *, is_unchecked: bool) -> Iterator[str]:
    """Write lines as they are found again: name, time, first words, and why they may not be read; what stands before.

    Where ``is_unchecked`` of what is listed is said above, a line that was checked says so. As much is written of their
    words as the terminal has room for.
    """
    from player.errors import printable
    from player.timecode import display

    room = shutil.get_terminal_size().columns
    values = [values_of(recording, line) for line in lines]
    times = ["-" if each["start"] is None else display(round(each["start"] * 1000)) for each in values]
    name, time = (max(map(len, column), default=0) for column in ([line.id for line in lines], times))
    for line, said, at, first in zip(lines, values, times, before, strict=True):
        marks = marked_unless_open(said["access"]) + (f"  {_CHECKED}" if is_unchecked and not line.is_unchecked else "")
        start = f"{first}{line.id:<{name}}  {at:<{time}}  "
        yield f"{start}{_begun(printable(said['words']).split(), room - len(start) - len(marks))}{marks}"


def _begun(words: Sequence[str], room: int) -> str:
    """Give the first words of a line that there is room for, one at least."""
    count = min(len(words), _WORDS)
    while count > 1 and len(" ".join(words[:count])) + (count < len(words)) > room:
        count -= 1
    return " ".join(words[:count]) + ("…" if count < len(words) else "")


class Naming:
    """Gives voices of a recording a name."""

    def __init__(
        self, archive: Archive, recording: Recording, transcript: Transcript, who: Who, *, is_dry: bool, as_json: bool
    ) -> None:
        self._archive = archive
        self._recording = recording
        self._transcript = transcript
        self._who = who
        self._is_dry = is_dry
        self._as_json = as_json

    def name_voice(self, voice: str) -> None:
        """Name a voice wherever it speaks."""
        from player.errors import WriteError, quoted, shown
        from player.intake.voices import voices as voices_of

        found = {each.name: each for each in voices_of(self._transcript) if each.name is not None}
        if voice not in found:
            known = ", ".join(map(quoted, found)) or "none is named"
            path = shown(self._transcript.path)
            raise WriteError(f"{path}: no voice is called {quoted(voice)}; those that are there: {known}")
        self._write([(line, voice) for line in found[voice].lines], None, is_whole=True)

    def name_line(self, name: str, like: str) -> None:
        """Name the voice of a line, and of those that are like it, as ``like`` says."""
        from player.errors import WriteError, shown
        from player.intake.reviewing import no_line

        path = shown(self._transcript.path)
        line = next((each for each in self._transcript.lines if each.id == name), None)
        if line is None:
            raise WriteError(f"{path}: {no_line(self._transcript.path, name, 'player voices lists some of them')}")
        chosen = [self._with_voice(line)]
        if like not in _WAYS:
            self._write(chosen + self._meant(like, line), None)
            return
        found = None if like == "none" or self._is_no_one else self._found(line, is_needed=like == "yes")
        offered = () if found is None else found.alike
        if like == "yes":
            chosen += [(each.line, each.line.speaker) for each in offered]
        elif offered and not (self._is_dry or self._as_json) and _is_terminal():
            chosen += [(each.line, each.line.speaker) for each in self._chosen(offered)]
            offered = ()
        self._write(chosen, found)
        if like == "ask" and offered and not self._as_json:
            self._offer(line, offered)

    @property
    def _is_no_one(self) -> bool:
        """Tell whether the name is one that a machine gives: nothing can then be said of what is alike."""
        from player.intake.voices import is_unnamed

        return is_unnamed(self._who.name)

    def _with_voice(self, line: Line) -> tuple[Line, str | None]:
        """Give a line with its voice.

        :raise ArchiveError: where it has several.
        """
        from player.errors import ArchiveError, Fault, quoted
        from player.intake.voices import voices_of

        there = voices_of(line)
        if len(there) != 1:
            those = ", ".join(quoted(each) if each else _NO_VOICE for each in there)
            what = f"several voices speak in the line {line.id}: {those}"
            raise ArchiveError([Fault(self._transcript.path, line.line, what, "name one by --voice, or by hand")])
        return line, there[0]

    def _meant(self, like: str, named: Line) -> list[tuple[Line, str | None]]:
        """Give the lines that are named one by one, none of which a person has given another name.

        :raise PlayerError: where one is not there, or is another's.
        """
        from player.errors import ArchiveError, Fault, WriteError, quoted, shown
        from player.intake import reviewing
        from player.intake.voices import is_unnamed

        try:
            lines = reviewing.named(self._transcript, like)
        except reviewing.NoSuchLinesError as error:
            raise WriteError(f"{shown(self._transcript.path)}: {error}") from None
        found = [self._with_voice(line) for line in lines if line.id != named.id]
        faults = []
        for line, voice in found:
            if voice is not None and not is_unnamed(voice) and voice != self._who.name:
                what = f"a person has named the voice of {line.id} {quoted(voice)}"
                remedy = f'if that is wrong, name it by itself: --name {line.id} "…"'
                faults.append(Fault(self._transcript.path, line.line, what, remedy))
        if faults:
            raise ArchiveError(faults)
        return found

    def _found(self, line: Line, *, is_needed: bool) -> Found | None:
        """Find what sounds like a line; where that cannot be, say why, and give None.

        :raise PlayerError: where it cannot be and it ``is_needed``.
        """
        from player.align.extras import version
        from player.commands.steps import steps
        from player.errors import PlayerError

        try:
            version("numpy", "align", "Finding what sounds alike")
            media = self._sound(line)
            from player.align.like_lines import like
            from player.align.samples import forget, samples

            with steps() as step:
                with samples(media, lambda done: step("Decoding the sound", done)) as held:
                    found = like(
                        self._transcript.lines,
                        line.id,
                        self._who.name,
                        held.open(),
                        lambda done: step("Comparing voices", done),
                    )
                forget(media)
        except PlayerError as refusal:
            if is_needed:
                raise
            click.echo(f"nothing that sounds alike was looked for: {refusal}", err=True)
            return None
        return found

    def _sound(self, line: Line) -> Path:
        """Give the sound that the lines were timed to.

        :raise PlayerError: where it is not there, or is another.
        """
        from player.align.like_lines import can_be_compared
        from player.audio import cache
        from player.errors import ArchiveError, Fault, WriteError, shown

        recording, transcript = self._recording, self._transcript
        if recording.unread.media:
            raise ArchiveError(recording.unread.media)
        if recording.media is None or not recording.media.is_file():
            raise WriteError(f"{shown(recording.path)}: the sound of the recording is not here")
        if transcript.media_sha256 not in {None, cache.digest(recording.media)}:
            what = f"it was timed to another sound than {recording.media.name}"
            raise ArchiveError([Fault(transcript.path, None, what, f"look at player bind {recording.slug}")])
        if not can_be_compared(line):
            what = f"it is not known when the line {line.id} is said"
            raise ArchiveError([Fault(transcript.path, line.line, what, f"time it: player align {recording.slug}")])
        return recording.media

    def _chosen(self, offered: Sequence[Alike]) -> list[Alike]:
        """Ask on a terminal which of the offered lines have the same voice."""
        click.echo(f"{counted(len(offered), 'line')} may be {self._who.name} too, the likest first: {_SCALE}.")
        click.echo("".join(f"{each}\n" for each in told_of_all(each.line for each in offered)), nl=False)
        click.echo(
            "Hear each before you say yes: y yes, n no, a this and all that follow, q none of those that follow."
        )
        chosen = []
        answer = ""
        for each, told in zip(offered, self._told(offered), strict=True):
            if answer != "a":
                click.echo(told)
                answer = click.prompt("  the same voice?", type=click.Choice(["y", "n", "a", "q"]), show_choices=True)
            if answer == "q":
                break
            if answer in {"y", "a"}:
                chosen.append(each)
        return chosen

    def _told(self, offered: Sequence[Alike]) -> list[str]:
        voices = [f"{each.line.speaker}: " if each.line.speaker else "" for each in offered]
        width = max(map(len, voices), default=0)
        before = [f"  {each.likeness:.2f}  {voice:<{width}}" for each, voice in zip(offered, voices, strict=True)]
        lines = [each.line for each in offered]
        return list(cited(self._recording, lines, before, is_unchecked=bool(told_of_all(lines))))

    def _offer(self, line: Line, offered: Sequence[Alike]) -> None:
        """List the offered lines, with the command that names them."""
        import shlex

        from player.intake.reviewing import ranges

        click.echo(f"{counted(len(offered), 'line')} may be {self._who.name} too, the likest first: {_SCALE}.")
        click.echo("\n".join((*told_of_all(each.line for each in offered), *self._told(offered))))
        names = {each.line.id for each in offered}
        those = ",".join(ranges(self._transcript.lines, lambda each: each.id in names))
        called = shlex.quote(self._who.name)
        command = f"player voices {self._recording.slug} --name {line.id} {called} --like {those}{named_archive()}"
        click.echo(f"hear them, and name those that are: {command}")

    def _write(self, chosen: Sequence[tuple[Line, str | None]], found: Found | None, *, is_whole: bool = False) -> None:
        """Write the name into all files that have it, or none; and say what was done."""
        from player.errors import shown
        from player.intake.voices import renamed

        changes = {line.id: {voice: self._who.name} for line, voice in chosen if voice != self._who.name}
        made = renamed(self._recording, changes, self._who, is_whole=is_whole)
        if not self._is_dry:
            made.write(self._archive)
        if self._as_json:
            print_json(
                {
                    "name": self._who.name,
                    "person": self._who.person and self._who.person.id,
                    "named": list(changes),
                    "alike": [
                        {"likeness": round(each.likeness, 2), **values_of(self._recording, each.line)}
                        for each in (found.alike if found else ())
                        if each.line.id not in changes
                    ],
                    "files": [shown(path) for path, _, _ in made.files],
                    "written": not (self._is_dry or made.is_nothing),
                }
            )
            return
        click.echo(self._done(changes, is_nothing=made.is_nothing))
        if not made.is_nothing:
            where = ", ".join(path.name for path, _, _ in made.files)
            click.echo(f"{'would write' if self._is_dry else 'written'}: {where}")
        if changes and self._is_unidentified:
            click.echo(self._how_to_identify())
        if found is not None:
            click.echo("\n".join(_of_found(found, chosen[0][0])), nl=bool(_of_found(found, chosen[0][0])))

    @property
    def _is_unidentified(self) -> bool:
        """Tell whether readers are told that nobody has identified whoever has the name now."""
        if self._who.person is not None or self._who.identified_by is not None or self._is_no_one:
            return False
        return all(each.kind == "unidentified" for each in self._recording.speaker if each.name == self._who.name)

    def _how_to_identify(self) -> str:
        import shlex

        from player.errors import printable

        name = shlex.quote(self._who.name)
        command = f"player voices {self._recording.slug} --voice {name} --name {name} --by WHO{named_archive()}"
        stands = f'so "{printable(self._who.name)}: Unidentified" stands on the page'
        return f"people.toml knows nobody of this name, {stands}; to say who has identified the voice: {command}"

    def _done(self, changes: dict[str, dict[str | None, str]], *, is_nothing: bool) -> str:
        from player.intake.reviewing import ranges

        if not changes:
            return f"it is {self._who.name} already" + ("" if is_nothing else "; recording.toml now says who that is")
        those = ", ".join(ranges(self._transcript.lines, lambda line: line.id in changes))
        verb = "would be" if self._is_dry else "is now"
        return f"{those}: the voice {verb} {self._who.name} ({counted(len(changes), 'line')})"


def _of_found(found: Found, line: Line) -> list[str]:
    """Say what the sound does not tell."""
    if found.is_voiceless:
        return [f"no voice is heard in {line.id}, so nothing can be said of what sounds like it"]
    if found.is_unknown and not found.alike:
        return [f"nothing sounds surely like {line.id}: it is too short, or like no other line"]
    if found.unknown:
        why = "too short, without a voice, or like no other"
        return [f"of {counted(found.unknown, 'line')} the sound does not tell whose they are: {why}"]
    return [] if found.alike else ["no other line that nobody has named sounds like it"]


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()

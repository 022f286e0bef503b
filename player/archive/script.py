"""Reads ``script.toml``: the lines of a reading, who says each, when, and on what authority."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player import timecode
from player.archive.toml.declared import Table, declared, key, tables, tables_by
from player.archive.toml.tables import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from player.archive.references import Citation
    from player.errors import Fault

FILE: Final = "script.toml"

# A listener hears lines run together below a quarter of a second, and hesitation above half a second.
_PAUSE: Final = 350
# Beyond these a voice is no longer understood.
_QUICKEST, _SLOWEST = 0.5, 2.0


@declared
class Voice(Table):
    """A voice of the reading, and the flite voice that speaks it."""

    name: str = key("text", "as in the transcript's `<v name>`", said=False)
    flite: str = key("choice", "the flite voice", choices=("rms", "kal16", "awb", "slt", "kal"))
    stretch: float = key("number", "the pace: 1.0 is the voice's own, 1.1 is a tenth slower", default=1.0)


@declared
class ScriptLine(Table):
    """One line of the transcript that is to be made."""

    id: str = key("id", "the line's identifier; do not change it once it is published")
    voice: str = key("text", "who reads it", said=False)
    text: str = key("text", "what is read and printed")
    citations: tuple[Citation, ...] = key("sources", "what it rests on", name="sources")
    #: In milliseconds.
    at: int | None = key("time", "the moment at which it starts; silence fills the time before", default=None)
    #: In milliseconds.
    pause: int = key("seconds", "the silence before it; 0.35 if left out", default=_PAUSE)
    opens_paragraph: bool = key(
        "flag", "whether it begins a paragraph in the reader's view", name="paragraph", default=False
    )

    def refusal(self, what: str, remedy: str) -> Fault:
        """Make a fault that names the line by its identifier."""
        return self.fault(None, f'line "{self.id}": {what}', remedy)


@declared
class Script(Table):
    """The lines of a reading, and the voices that read them."""

    voices: dict[str, Voice] = tables_by("name", Voice, "voice")
    say: Mapping[str, str] = key(
        "spellings", "how a word or phrase is spoken; the printed text stays as it is", default_factory=dict
    )
    lines: tuple[ScriptLine, ...] = tables(ScriptLine, "line", unique="id")


def read_script(path: Path) -> Script:
    """Read a script.toml.

    :raise ArchiveError: naming every fault: those of any TOML file, and voices and lines that are repeated, unknown or
        out of order.
    """
    script = read_file(path, Script, _faults)
    return replace(script, lines=tuple(replace(line, text=" ".join(line.text.split())) for line in script.lines))


def _faults(script: Script) -> Iterator[Fault]:
    for voice in script.voices.values():
        if not _QUICKEST <= voice.stretch <= _SLOWEST:
            what = f"a voice with a stretch of {voice.stretch:g} cannot be understood"
            yield voice.fault("stretch", what, "write one from 0.5 to 2")
    latest = -1
    for line in script.lines:
        if line.at is not None:
            if line.at <= latest:
                what = f"it starts at {timecode.display(line.at)}, but an earlier line at {timecode.display(latest)}"
                yield line.fault("at", what, "put the lines in the order of their times")
            latest = max(latest, line.at)
        if line.voice not in script.voices:
            known = ", ".join(script.voices)
            yield line.fault("voice", f'no [[voice]] is named "{line.voice}"', f"name one of the voices: {known}")

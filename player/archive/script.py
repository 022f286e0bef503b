"""script.toml into the lines of a reading: who says what, when, and on what authority."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player import timecode
from player.archive.keys import SCRIPT
from player.archive.toml.tables import Table, read_table, repeated
from player.errors import ArchiveError, Fault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from player.archive.citations import Citation

FILE: Final = "script.toml"

# A listener hears lines run together below a quarter of a second, and hesitation above half a second.
_PAUSE: Final = 0.35
# Beyond these a voice is no longer understood.
_QUICKEST, _SLOWEST = 0.5, 2.0


@dataclass(frozen=True)
class Voice:
    """A voice of the script: its name in the transcript, the flite voice that speaks it, and how slow it is."""

    name: str
    flite: str
    stretch: float = 1.0


@dataclass(frozen=True)
class Line:
    """One cue to be. ``at`` and ``pause`` are milliseconds; ``line`` is where it stands in the file."""

    id: str
    voice: Voice
    text: str
    citations: tuple[Citation, ...]
    at: int | None
    pause: int
    line: int | None
    opens_paragraph: bool = False


@dataclass(frozen=True)
class Script:
    """What voices are to read: its lines in order, and how words are spoken that a voice would read wrongly."""

    path: Path
    voices: tuple[Voice, ...]
    say: Mapping[str, str]
    lines: tuple[Line, ...]

    def fault(self, line: Line, what: str, remedy: str) -> Fault:
        """Make a fault that names where ``line`` stands."""
        return Fault(self.path, line.line, f'line "{line.id}": {what}', remedy)


def read_script(path: Path) -> Script:
    """Read a script.toml.

    :raise ArchiveError: naming every fault: those of any TOML file, and voices and lines that are repeated, unknown or
        out of order.
    """
    table = read_table(path, SCRIPT)
    faults: list[Fault] = []
    voices = _voices(table, faults)
    lines = _lines(table, {voice.name: voice for voice in voices}, faults)
    if not lines and not faults:
        faults.append(table.fault(None, "the script has no line", "write [[voice]] and [[line]] tables"))
    if faults:
        raise ArchiveError(faults)
    return Script(path, voices, dict(table.get("say", {})), lines)


def _voices(table: Table, faults: list[Fault]) -> tuple[Voice, ...]:
    entries: tuple[Table, ...] = table.get("voice", ())
    faults += repeated(entries, "name", "voice")
    for entry in entries:
        if not _QUICKEST <= entry.get("stretch", 1.0) <= _SLOWEST:
            faults.append(
                entry.fault(
                    "stretch", f"a stretch of {entry.get('stretch'):g} cannot be understood", "write one from 0.5 to 2"
                )
            )
    return tuple(Voice(entry.get("name"), entry.get("flite"), entry.get("stretch", 1.0)) for entry in entries)


def _lines(table: Table, voices: Mapping[str, Voice], faults: list[Fault]) -> tuple[Line, ...]:
    entries: tuple[Table, ...] = table.get("line", ())
    faults += repeated(entries, "id", "line")
    lines: list[Line] = []
    latest = -1
    for entry in entries:
        voice, at = voices.get(entry.get("voice")), entry.get("at")
        if at is not None:
            if at <= latest:
                what = f"it is to start at {timecode.display(at)}, and an earlier line at {timecode.display(latest)}"
                faults.append(entry.fault("at", what, "put the lines in the order of their times"))
            latest = max(latest, at)
        if voice is None:
            known = ", ".join(voices) or "none is given"
            faults.append(
                entry.fault(
                    "voice", f'no [[voice]] is named "{entry.get("voice")}"', f"name one of the voices: {known}"
                )
            )
            continue
        lines.append(
            Line(
                entry.get("id"),
                voice,
                " ".join(entry.get("text").split()),
                entry.get("sources"),
                at,
                round(entry.get("pause", _PAUSE) * timecode.SECOND),
                entry.line,
                entry.get("paragraph", False),
            )
        )
    return tuple(lines)

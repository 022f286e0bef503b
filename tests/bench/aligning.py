"""How well ``player align`` places lines whose words have known times, clean and in noise, and what an hour costs.

Whole processes, as a user starts them. Beside each figure stands its limit, and the control, which spreads words by
their letters over the sound. ``tests/placed_score.py`` prints the same, and sounds that mislead, for any function.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import dialogues
import hard_sounds
from bench._watched import watched
from placed_score import LIMITS, MOST_WRONG, Score, Typed, score, spread, typed
from spoken_archive import command, place, placed, write_archive

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAMES: Final[tuple[dialogues.Name, ...]] = ("reading", "harbour")
#: Of an hour: time beside its length, and megabytes of all processes together.
TIME, MEMORY = 0.1, 600


def measure() -> Iterator[str]:
    """Align two dialogues in clean and noisy sounds, then what is not there, then an hour: a line for each."""
    if not dialogues.available():
        yield "align: not measured, since flite, which speaks the dialogues, is not installed"
        return
    yield "align: lines of known times, whole processes; limits in brackets; the control spreads words by their letters"
    yield (
        f"  {'':16}{'word start off, mean':>22}{'median':>9}{'lines placed':>18}{'wrong by 300 ms':>18}{'time':>8}"
        "   control: mean, wrong"
    )
    for name in NAMES:
        for snr in LIMITS:
            sound = dialogues.dialogue(name, snr)
            begun = time.perf_counter()
            found = score(sound.lines, place(typed(sound.lines), sound.path))
            took = (time.perf_counter() - begun) * 1000 / sound.duration
            control = score(sound.lines, spread(sound.lines, sound.duration))
            yield _row(f"{name} {_told(snr)}", found, snr, took, control)
    yield from _nothing()
    yield from _misled()
    yield from _hour()


def _row(name: str, found: Score, snr: float | None, took: float, control: Score) -> str:
    mean, share = LIMITS[snr]
    return (
        f"  {name:16}{found.mean:13.1f} ms ({mean:3}){found.median:6.1f} ms{found.share_placed:9.1f} % ({share:>3})"
        f"{found.share_wrong:10.1f} % ({MOST_WRONG}){took:8.3f}{control.mean:12.0f} ms{control.share_wrong:7.1f} %"
    )


def _nothing() -> Iterator[str]:
    """Count the lines placed where nobody says them: in noise, and in the sound of the other dialogue."""
    yield f"  {'lines placed that are not said':52}{'of':>5}  limit"
    for name, other in zip(NAMES, reversed(NAMES), strict=True):
        lines = typed(dialogues.dialogue(name).lines)
        for told, sound in (
            ("noise alone, 5 min", dialogues.noise_alone(300)),
            (f"{other}, clean", dialogues.dialogue(other)),
            (f"{other}, 10 dB", dialogues.dialogue(other, 10)),
        ):
            count = sum(each is not None for each in place(lines, sound.path))
            yield f"  {f'text of {name}, sound of {told}':52}{count:3}{len(lines):5}  none"


def _misled() -> Iterator[str]:
    """Align sounds that mislead: of what is placed nothing may be wrong, or in a place where nobody says it."""
    yield f"  {'sounds that mislead':28}{'off, mean':>11}{'lines placed':>18}{'wrong':>14}{'never said':>18}{'time':>8}"
    for name, make in hard_sounds.CASES.items():
        for snr in (None, 10):
            case = make(snr)
            begun = time.perf_counter()
            found = case.score(place(typed(case.lines), case.sound.path))
            took = (time.perf_counter() - begun) * 1000 / case.sound.duration
            least = hard_sounds.FEWER.get(name, hard_sounds.LEAST)
            yield (
                f"  {f'{name} {_told(snr)}':28}{found.mean:8.1f} ms{found.share_placed:10.1f} % ({least:>3})"
                f"{len(found.wrong):7} (none){len(found.unsaid):11} (none){took:8.3f}"
            )


def _hour() -> Iterator[str]:
    """Align an hour, and say what that took of time and memory."""
    yield (
        f"  {'one hour':16}{'time / length':>16}{'peak of all processes':>26}{'off, mean':>12}{'placed':>10}"
        f"{'wrong':>9}"
    )
    for snr in (None, 10):
        sound = dialogues.hour(snr)
        with tempfile.TemporaryDirectory() as folder:
            lines: Sequence[Typed] = typed(sound.lines)
            root = write_archive(Path(folder) / "archive", sound.path, lines)
            took = watched(command(root, "align"), PLAYER_CACHE=str(Path(folder) / "cache"))
            found = score(sound.lines, placed(root, lines))
        yield (
            f"  {_told(snr):16}{took.wall * 1000 / sound.duration:10.3f} ({TIME}){took.peak:15.0f} MB ({MEMORY} MB)"
            f"{found.mean:9.1f} ms{found.share_placed:8.1f} %{found.share_wrong:7.2f} %"
        )


def _told(snr: float | None) -> str:
    return "clean" if snr is None else f"{snr:g} dB"

"""A media file into the outline of its loudness, and that outline into a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.audio import cache, stream
from player.audio.probe import probe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_WIDTH: Final = 1000
_HEIGHT: Final = 48
# A bar every three units leaves a gap that still shows where the drawing is 330 pixels wide.
_STEP: Final = 3
_BAR: Final = 1.8


def peaks(path: Path, points: int = 1000) -> tuple[float, ...]:
    """Give the loudest sample of each of ``points`` equal stretches of the sound, from 0 to 1 (full scale).

    Fewer where the sound has fewer samples. It is read a stretch at a time, and the result is cached.

    :raise AudioError: where the sound cannot be decoded.
    """
    return tuple(cache.derived(path, f"peaks-1-{points}", lambda: _peaks(path, points)))


def svg(outline: Sequence[float]) -> str:
    """Draw the outline as an SVG document: bars about the middle, in one path, ``#wave``, for pages to ``use``.

    The loudest bar is as high as the drawing, 48 units; the softest has half a height of 1, so that silence is a line.
    """
    bars = min(-(-_WIDTH // _STEP), len(outline))
    full = max(outline, default=0) or 1
    middle = _HEIGHT / 2
    drawn = []
    for bar in range(bars):
        stretch = outline[bar * len(outline) // bars : (bar + 1) * len(outline) // bars]
        half = max(1.0, max(stretch) / full * middle)
        drawn.append(f"M{bar * _WIDTH / bars:.5g} {middle - half:.3g}h{_BAR}v{2 * half:.3g}h-{_BAR}z")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}">'
        f'<path id="wave" d="{"".join(drawn)}"/></svg>\n'
    )


def _peaks(path: Path, points: int) -> list[float]:
    # pydub takes 40 ms to import; what is cached does without.
    from player.audio import segment  # noqa: PLC0415

    header = stream.header(path)
    length = probe(path).length
    count = min(points, length)
    full = 1 << 8 * header.width - 1
    found = []
    with stream.linear(path) as read:
        for point in range(count):
            samples = (point + 1) * length // count - point * length // count
            loudest = segment.loudest(read(samples * header.frame), header.width)
            found.append(round(min(1.0, loudest / full), 4))
    return found

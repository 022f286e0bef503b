"""Which players honour the tag of a copied passage, or its edit list, and by how many samples the others are off.

Each player decodes the same copies, and what it gives is laid beside the recording's linear decode: "exact" is all of
these samples and no others, but for how a decoder rounds. ``PLAYER_BENCH_BROWSERS`` chooses browsers.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aac_tapes
import mp3_tapes
import numpy as np
from bench import _browsers
from browser.decoding import decoded_by
from browser.empty_page import served_page
from programs import find
from tones import EXECUTABLE, ffmpeg

from player.audio.copied_kinds import kind_of
from player.audio.decode.stream import header
from player.audio.formats import FORMATS
from player.clips.write import write_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

BROWSERS: Final = os.environ.get("PLAYER_BENCH_BROWSERS", "Chromium Firefox WebKitGTK").split()
#: Kinds of tapes: the two versions, and the one of the lowest rates; constant bitrate and variable.
_OF: Final = (
    *("128 kbit/s, joint stereo", "variable, MPEG-1 mono"),
    *("64 kbit/s, MPEG-2 mono", "variable, MPEG-2 stereo", "16 kbit/s, MPEG-2.5"),
    # Of AAC.
    *("128 kbit/s, stereo", "variable, 22.05 kHz", "8 kHz", "a later beginning"),
)
#: No player begins so many samples off.
_FAR: Final = 8000
_WINDOW: Final = 4096
# Of 32768: Firefox makes 16 bits of its own of what it decodes.
_ROUNDED: Final = 2
_PASSAGES: Final = ((0.0, 2.5), (1.1, 4.7), (3.03, 9.0))
# VLC refuses to run as root.
_NOBODY: Final = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "HOME=/tmp")
_COMMANDS: Final[Mapping[str, Sequence[str]]] = {
    "ffmpeg": (EXECUTABLE, "-v", "error", "-y", "-i", "{copy}", "{wav}"),
    "/usr/bin/ffmpeg": ("/usr/bin/ffmpeg", "-v", "error", "-y", "-i", "{copy}", "{wav}"),
    "mpv": ("mpv", "--no-config", "--no-video", "--really-quiet", "--ao=pcm", "--ao-pcm-file={wav}", "{copy}"),
    "vlc": ("cvlc", "-q", "-I", "dummy", "--aout", "afile", "--audiofile-file", "{wav}", "{copy}", "vlc://quit"),
    "mpg123": ("mpg123", "-q", "-w", "{wav}", "{copy}"),
    "sox": ("sox", "{copy}", "{wav}"),
}


def measure() -> Iterator[str]:
    """Give a line for each player."""
    yield "players: copied passages, in samples: begins early (+), ends late (+); by kind of recording"
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o777)
        copies = {kind: list(_copies(folder, kind)) for kind in _OF}
        yield f"  {'':16}" + "".join(f"{kind:>27}" for kind in _OF)
        for player, command in _COMMANDS.items():
            if find(command[0]) or Path(command[0]).is_file():
                found = {
                    kind: [_placed(_played(folder, command, *each), each[1]) for each in copies[kind]] for kind in _OF
                }
                yield _line(player, found)
        address = stack.enter_context(served_page())
        for browser in _browsers.started(stack, folder, BROWSERS):
            with browser.opened(address) as page:
                found = {
                    kind: [
                        _placed(decoded_by(page, copy.read_bytes(), _rate(kind)) * 32_768, wanted)
                        for copy, wanted in copies[kind]
                    ]
                    for kind in _OF
                }
            yield _line(browser.name, found)


def _copies(folder: Path, kind: str) -> Iterator[tuple[Path, NDArray[Any]]]:
    path, whole = (aac_tapes if kind in aac_tapes.KINDS else mp3_tapes).tape(folder, kind)
    copied = kind_of(header(path))
    if copied is None:
        raise RuntimeError(kind)
    for start, end in _PASSAGES:
        first, last = (round(each * _rate(kind)) for each in (start, end))
        copy = folder / f"{path.stem} {start}{copied.suffix}"
        with copy.open("wb") as file:
            copied.find(path, first, last).write(file)
        write_title(copy, FORMATS[copy.suffix], "A ferry")
        copy.chmod(0o644)
        yield copy, whole[first:last].astype(float)


def _rate(kind: str) -> int:
    return aac_tapes.KINDS[kind].rate if kind in aac_tapes.KINDS else mp3_tapes.KINDS[kind].rate


def _played(folder: Path, command: Sequence[str], copy: Path, wanted: NDArray[Any]) -> NDArray[Any]:
    wav = folder / "played.wav"
    wav.unlink(missing_ok=True)
    before = _NOBODY if command[0] == "cvlc" and os.geteuid() == 0 else ()
    asked = [*before, *(each.format(copy=copy, wav=wav) for each in command)]
    subprocess.run(asked, check=False, capture_output=True, timeout=120)
    # Whatever kind of WAV a player writes, its samples are read as they are; VLC may write one channel twice.
    only = ("-af", "pan=mono|c0=c0") if wanted.shape[1] == 1 else ()
    samples = ffmpeg("-i", str(wav), *only, "-f", "s16le", "-") if wav.is_file() else b""
    return np.frombuffer(samples, "<i2").reshape(-1, wanted.shape[1]).astype(float)


def _placed(found: NDArray[Any], wanted: NDArray[Any]) -> tuple[int, int, float] | None:
    """Tell how many samples come before the first and after the last, and how much the others differ at most."""
    if len(found) < len(wanted) // 2 or found.shape[1] != wanted.shape[1]:
        return None
    # There is noise in it that repeats nowhere: where it is, is certain.
    middle = len(wanted) // 2
    window = wanted[middle : middle + _WINDOW, 0]
    offsets = [each for each in range(-_FAR, _FAR) if 0 <= middle + each <= len(found) - _WINDOW]
    apart = [np.abs(found[middle + each : middle + each + _WINDOW, 0] - window).sum() for each in offsets]
    early = offsets[int(np.argmin(apart))]
    begin, end = max(0, -early), min(len(wanted), len(found) - early)
    most = float(np.abs(found[begin + early : end + early] - wanted[begin:end]).max())
    return early, len(found) - early - len(wanted), most


def _cell(each: Sequence[tuple[int, int, float] | None]) -> str:
    """Say in a few signs what became of the copies of a kind."""
    told = [place for place in each if place is not None]
    if len(told) < len(each):
        return "not played"
    earlies, lates, most = zip(*told, strict=True)
    if not any((*earlies, *lates)) and max(most) < _ROUNDED:
        return "exact"
    return ", ".join(f"{min(one):+}..{max(one):+}" for one in (earlies, lates)) + (
        " differs" if max(most) >= _ROUNDED else ""
    )


def _line(player: str, found: Mapping[str, Sequence[tuple[int, int, float] | None]]) -> str:
    return f"  {player:16}" + "".join(f"{_cell(each):>27}" for each in found.values())

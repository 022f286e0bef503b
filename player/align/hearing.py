"""Hears what is said in a sound: where there are voices, and which words, by faster-whisper, on the processor alone.

Whisper is A. Radford and others, "Robust Speech Recognition via Large-Scale Weak Supervision" (2022), arXiv:2212.04356;
voices are told from noise by Silero VAD, which comes with faster-whisper. Both work on 16,000 samples a second. Nothing
is fetched here.
"""

from __future__ import annotations

import importlib.metadata
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from player.align.samples import RATE
from player.align.windows import Heard
from player.errors import TranscribeError, shown
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: How sure the detector of voices is at least, from 0 to 1: of hiss, hum and tones it is never as sure, and of speech
#: that is as loud as the noise around it, in nine tenths of it.
_VOICE: Final = 0.35
_NO_VOICE: Final = 0.2
#: In milliseconds: what is shorter is a click, and no voice; and no pause.
_SHORTEST: Final = 100
_PAUSE: Final = 160
#: What the detector hears before and after a passage that it is asked about, so that it knows what goes on.
_BEFORE: Final = 2 * SECOND
#: Where the likeliest words are as unlikely as noise, or repeat themselves, others are tried.
_TEMPERATURES: Final = (0.0, 0.2, 0.4)
_BEAM: Final = 5
_FULL: Final = 32768.0


class Segment(NamedTuple):
    """What a recogniser heard at once, with what tells whether it was said.

    ``logprob`` is the mean logarithm of the probability of its tokens; ``no_speech``, how probable it is that nobody
    spoke; ``compression``, by how much it can be compressed, which is much where it repeats itself.
    """

    words: tuple[Heard, ...]
    logprob: float
    no_speech: float
    compression: float


def version() -> str:
    """Give the version of faster-whisper."""
    return importlib.metadata.version("faster-whisper")


def languages() -> tuple[str, ...]:
    """Give the codes of the languages that Whisper knows."""
    from faster_whisper.tokenizer import _LANGUAGE_CODES  # noqa: PLC0415  # an extra; it has no other name

    return tuple(_LANGUAGE_CODES)


def voiced(samples: Any, _settings: Mapping[str, Any]) -> Callable[[list[int]], list[list[int]]]:
    """Make the function that gives where there are voices in a passage: start and end of each, in milliseconds."""
    import numpy as np  # noqa: PLC0415  # an extra
    from faster_whisper.vad import VadOptions, get_speech_timestamps  # noqa: PLC0415  # as above

    options = VadOptions(
        threshold=_VOICE,
        neg_threshold=_NO_VOICE,
        min_speech_duration_ms=_SHORTEST,
        min_silence_duration_ms=_PAUSE,
        speech_pad_ms=0,
    )

    def found(passage: list[int]) -> list[list[int]]:
        start, end = passage
        begin = max(0, start - _BEFORE)
        sound = _sound(np, samples, begin, end + _BEFORE)
        spans = (
            (begin + each["start"] * SECOND // RATE, begin + each["end"] * SECOND // RATE)
            for each in get_speech_timestamps(sound, options)
        )
        return [[max(start, first), min(end, last)] for first, last in spans if first < end and last > start]

    return found


def recogniser(samples: Any, settings: Mapping[str, Any]) -> Callable[[list[int]], list[Any]]:
    """Make the function that gives the segments that are heard in a window, as ``segments`` reads them.

    ``settings`` have the folder of the model and the code of the language, ``en``.
    """
    import ctranslate2  # noqa: PLC0415  # an extra
    import numpy as np  # noqa: PLC0415  # as above
    from tqdm import tqdm  # noqa: PLC0415  # as above; faster-whisper has it make a bar that nobody sees

    # Its own lock is one between processes, of which the system complains where the process is ended.
    tqdm.set_lock(threading.RLock())

    model = opened(Path(settings["folder"]))

    def heard(window: list[int]) -> list[Any]:
        start, end = window
        # Words that are tried where the likeliest are wrong are drawn by lot; of one window, always the same lot.
        ctranslate2.set_random_seed(start)
        found, _ = model.transcribe(
            _sound(np, samples, start, end),
            language=settings["language"],
            beam_size=_BEAM,
            temperature=list(_TEMPERATURES),
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=False,
        )
        return [
            [
                [[word.word, *_times(word, start), round(float(word.probability), 4)] for word in each.words or ()],
                round(float(each.avg_logprob), 4),
                round(float(each.no_speech_prob), 4),
                round(float(each.compression_ratio), 4),
            ]
            for each in found
        ]

    return heard


def segments(value: list[Any]) -> list[Segment]:
    """Read the segments of a window."""
    return [Segment(tuple(Heard(*word) for word in words), *rest) for words, *rest in value]


def language_of(samples: Any, settings: Mapping[str, Any]) -> Callable[[list[int]], list[Any]]:
    """Make the function that gives the code of the language that a window seems to be in, and how sure that is."""
    import numpy as np  # noqa: PLC0415  # an extra

    model = opened(Path(settings["folder"]))

    def detected(window: list[int]) -> list[Any]:
        code, sure, _ = model.detect_language(_sound(np, samples, *window))
        return [code, round(float(sure), 4)]

    return detected


def opened(folder: Path) -> Any:
    """Open the model in a folder.

    :raise TranscribeError: where it is none.
    """
    from faster_whisper import WhisperModel  # noqa: PLC0415  # an extra

    try:
        return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)
    except Exception as error:  # noqa: BLE001  # what CTranslate2 and tokenizers raise has no class of its own
        raise TranscribeError(
            f"{shown(folder)}: this model cannot be read ({_first_line(error)}); "
            "name a folder with a Whisper model for CTranslate2: config.json, model.bin, tokenizer.json, vocabulary"
        ) from None


def _sound(np: Any, samples: Any, start: int, end: int) -> Any:
    part = samples[start * RATE // SECOND : end * RATE // SECOND]
    return np.asarray(part, dtype=np.float32) / _FULL


def _times(word: Any, start: int) -> tuple[int, int]:
    first = start + round(float(word.start) * SECOND)
    return first, max(first, start + round(float(word.end) * SECOND))


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)

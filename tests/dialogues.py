"""Speech whose words have known times: two dialogues that flite speaks, an hour made of their parts, and noise.

``dialogue("reading")`` is the shipped reading, spoken again from its script; ``dialogue("harbour")`` is longer, with
other voices, dates and surnames that no dictionary has. The synthesiser says when each word begins, so that nothing
here is judged by ear. A sound is made once for each change of what makes it, and kept in a folder of its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import tempfile
import wave
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from player.archive.script import read_script
from player.reading import spoken
from player.reading.flite import installed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from player.archive.script import Script

RATE: Final = spoken.RATE
SECOND: Final = 1000
HOUR: Final = 3600
#: The decibels of speech over noise that a recording may have; ``CLEAN`` is without any noise, and not filtered.
CLEAN: Final = None

Name = Literal["reading", "harbour"]
_HERE: Final = Path(__file__).resolve().parent
_READING: Final = _HERE.parent / "transcripts" / "1963-11-05-attwood-reading" / "script.toml"
_HARBOUR: Final = _HERE / "data" / "spoken" / "harbour.txt"
_VOICES: Final = {"KEEPER": "awb", "VRANEK": "slt", "QUERROWBY": "kal16"}

# What a telephone lets through, in Hz (ITU-T G.712), each edge as wide as ``_EDGE``.
_BAND: Final = (300.0, 3400.0)
_EDGE: Final = 80.0
# Of the noise: the power of hum, and how that falls from each of its harmonics to the next.
_HUM_SHARE, _HUM_FALL = 0.1, 0.5
# The speech's level at which tape begins to saturate gently, of full scale.
_LEVEL, _DRIVE = 0.1, 1.5
# Noise is made by the block, so that an hour takes little memory.
_BLOCK: Final = 60 * RATE
# Of a frame that counts as speech: its length in samples, and its least power beside the loudest.
_FRAME, _GATE = RATE // 20, 10**-3


@dataclass(frozen=True)
class Line:
    """A line as a typescript has it, and the truth: when each token of ``text.split()`` begins, and the last ends.

    Times are milliseconds from the beginning of the sound.
    """

    id: str
    speaker: str
    text: str
    starts: tuple[int, ...]
    end: int

    @property
    def start(self) -> int:
        return self.starts[0]


@dataclass(frozen=True)
class Sound:
    """A WAV of one channel and 16 bits, and the lines that are said in it."""

    path: Path
    rate: int
    duration: int
    lines: tuple[Line, ...]

    def samples(self) -> NDArray[np.int16]:
        return read_samples(self.path)


@dataclass(frozen=True)
class Spoken:
    """A line and the sound of it alone; the times of the line count from the beginning of this."""

    line: Line
    samples: NDArray[np.int16]


#: What a sound may be made of: a line, silence in milliseconds, or any other sound.
Piece = Spoken | int | NDArray[np.int16]

# What there is.


def available() -> bool:
    """Tell whether this machine has flite, without which no sound of speech can be made."""
    return installed()


def dialogue(name: Name, snr: float | None = CLEAN, *, rate: int = RATE, seed: int = 1) -> Sound:
    """Give a dialogue, clean, or over a telephone with ``snr`` decibels of speech over noise."""
    lines = _spoken(name)
    return _kept(
        f"{name}-{_told(snr)}-{rate}-{seed}",
        lambda: _with_noise(*_laid_out(_in_order(name, lines)), snr, rate, seed),
        rate,
    )


def hour(snr: float | None = CLEAN, *, seconds: int = HOUR, seed: int = 1) -> Sound:
    """Give an hour of the parts of both dialogues, in orders that change, with pauses; lines have identifiers anew."""
    return _kept(
        f"hour-{seconds}-{_told(snr)}-{seed}",
        lambda: _with_noise(*_laid_out(_shuffled(seconds, seed)), snr, RATE, seed),
        RATE,
    )


def noise_alone(seconds: int = 60, *, rate: int = RATE, seed: int = 1) -> Sound:
    """Give noise without any speech: that of ``dialogue(…, 0)``."""
    length = seconds * RATE
    return _kept(
        f"noise-{seconds}-{rate}-{seed}", lambda: _with_noise((), np.zeros(length, np.int16), 0.0, rate, seed), rate
    )


def hiss_and_silence(seconds: int = HOUR, *, seed: int = 1) -> Sound:
    """Give hiss of a tape, louder and softer, hum, and silence by turns, without any speech."""
    return _kept(f"hiss-{seconds}-{seed}", lambda: ((), _hiss_and_silence(seconds, seed)), RATE)


def arranged(
    pieces: Iterable[Piece], snr: float | None = CLEAN, *, seed: int = 1, name: str, rate: int = RATE
) -> Sound:
    """Lay out spoken lines, as ``spoken_lines`` gives them, other sounds, and silences, one after another.

    A silence is a number of milliseconds; a negative one has the next piece begin before the last has ended. ``name``
    is that of the sound's file: one for each arrangement.
    """
    lines, samples = _laid_out(pieces)
    # What is arranged is not this module's, so that the folder's name says nothing of it.
    digest = hashlib.sha256(samples.tobytes() + repr(lines).encode()).hexdigest()[:12]
    return _kept(
        f"{name}-{_told(snr)}-{rate}-{seed}-{digest}", lambda: _with_noise(lines, samples, snr, rate, seed), rate
    )


def spoken_lines(name: Name) -> tuple[Spoken, ...]:
    """Give each line of a dialogue with its own sound, to be arranged."""
    return _spoken(name)


def read_samples(path: Path) -> NDArray[np.int16]:
    """Read a WAV of one channel and 16 bits."""
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


# Speaking.


@cache
def _spoken(name: Name) -> tuple[Spoken, ...]:
    script = read_script(_READING) if name == "reading" else _harbour()
    made = []
    for line in script.lines:
        sound = spoken.speak(script, line)
        samples = np.frombuffer(sound.sound.raw_data, "<i2")
        made.append(Spoken(Line(line.id, line.voice, line.text, sound.starts, sound.duration), samples))
    return tuple(made)


def _harbour() -> Script:
    """Make a script of the second dialogue, whose file has lines as typists write them: ``SPEAKER: words``."""
    tables = [f"[[voice]]\nname = {json.dumps(who)}\nflite = {json.dumps(voice)}\n" for who, voice in _VOICES.items()]
    for number, row in enumerate(_HARBOUR.read_text(encoding="utf-8").splitlines(), 1):
        who, _, text = row.partition(": ")
        fields = {"id": f"h{number}", "voice": who, "text": text, "sources": ["project"]}
        tables.append("[[line]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in fields.items()))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "script.toml"
        path.write_text("\n".join(tables), encoding="utf-8")
        return read_script(path)


# Laying out.


def _in_order(name: str, lines: Sequence[Spoken]) -> Iterator[Spoken | int]:
    chance = random.Random(name)  # noqa: S311  # lengths of pauses
    yield 500
    for line in lines:
        yield line
        yield chance.choice((250, 350, 500, 700, 1200))


def _shuffled(seconds: int, seed: int) -> Iterator[Spoken | int]:
    """Give parts of both dialogues, of five to nine lines, until so many seconds are full."""
    chance = random.Random(seed)  # noqa: S311  # an order of parts
    left = seconds * SECOND
    number = 0
    while True:
        parts = [part for name in ("reading", "harbour") for part in _parts(_spoken(name), chance)]
        chance.shuffle(parts)
        for part in parts:
            for piece in part:
                pause = chance.choice((250, 350, 600, 1000))
                left -= piece.line.end + pause
                if left < 0:
                    yield left + piece.line.end + pause
                    return
                number += 1
                yield pause
                yield Spoken(_renamed(piece.line, f"n{number}"), piece.samples)
            rest = min(left, chance.choice((1500, 3000, 8000)))
            left -= rest
            yield rest


def _parts(lines: Sequence[Spoken], chance: random.Random) -> list[Sequence[Spoken]]:
    parts: list[Sequence[Spoken]] = []
    while lines:
        length = chance.randint(5, 9)
        parts.append(lines[:length])
        lines = lines[length:]
    return parts


def _renamed(line: Line, name: str) -> Line:
    return Line(name, line.speaker, line.text, line.starts, line.end)


def _laid_out(pieces: Iterable[Piece]) -> tuple[tuple[Line, ...], NDArray[np.int16]]:
    lines: list[Line] = []
    parts: list[tuple[int, NDArray[np.int16]]] = []
    position = 0  # in samples
    for piece in pieces:
        if isinstance(piece, int):
            position += piece * RATE // SECOND
            continue
        samples = piece.samples if isinstance(piece, Spoken) else piece
        if isinstance(piece, Spoken):
            begins = position * SECOND // RATE
            line = piece.line
            starts = tuple(begins + start for start in line.starts)
            lines.append(Line(line.id, line.speaker, line.text, starts, begins + line.end))
        parts.append((position, samples))
        position += samples.size
    whole = np.zeros(max([position, *(at + samples.size for at, samples in parts)]), np.int32)
    for at, samples in parts:
        whole[at : at + samples.size] += samples
    return tuple(lines), np.clip(whole, -32768, 32767).astype(np.int16)


# Noise.


def _with_noise(
    lines: tuple[Line, ...], samples: NDArray[np.int16], snr: float | None, rate: int, seed: int
) -> tuple[tuple[Line, ...], NDArray[np.int16]]:
    if snr is not None:
        samples = over_a_telephone(samples, snr, seed)
    return lines, samples if rate == RATE else _resampled(samples, rate)


def over_a_telephone(samples: NDArray[np.int16], snr: float, seed: int) -> NDArray[np.int16]:
    """Pass speech through a telephone's band, add noise of that band and hum, and saturate it a little.

    ``snr`` is the power of the speech, in the band, where anybody speaks, over that of all that is added, in decibels.
    Where nobody speaks at all the noise is as loud as if somebody did.
    """
    level = _level_of_speech(samples)
    wanted = _LEVEL / level if level else 1.0
    added = _LEVEL * 10 ** (-snr / 20)
    done = np.empty(samples.size, np.int16)
    for number, begins in enumerate(range(0, samples.size, _BLOCK)):
        # A block is filtered with a second more on either side, so that its edges are not heard.
        before = max(0, begins - RATE)
        block = samples[before : begins + _BLOCK + RATE].astype(np.float64)
        speech = _in_band(block)[begins - before :][:_BLOCK] * wanted
        mixed = speech + added * _noise(speech.size, begins, np.random.default_rng([seed, number]))
        done[begins : begins + _BLOCK] = _as_16_bits(np.tanh(_DRIVE * mixed) / _DRIVE)
    return done


def _level_of_speech(samples: NDArray[np.int16]) -> float:
    """Give the root mean square, in the band, of the frames within 30 dB of the loudest."""
    powers = []
    for begins in range(0, samples.size, _BLOCK):
        block = _in_band(samples[begins : begins + _BLOCK].astype(np.float64))
        frames = block[: block.size // _FRAME * _FRAME].reshape(-1, _FRAME)
        powers.append(np.mean(frames**2, axis=1))
    power = np.concatenate(powers)
    loud = power[power > power.max() * _GATE]
    return float(np.sqrt(loud.mean())) if loud.size else 0.0


def _noise(length: int, begins: int, chance: np.random.Generator) -> NDArray[np.float64]:
    """Make noise of power 1: white and pink in equal parts in the band, and hum of 50 Hz with its harmonics."""
    spectrum = np.fft.rfft(chance.normal(size=length))
    pink = np.fft.rfft(chance.normal(size=length)) / np.sqrt(np.maximum(_frequencies(length), 20.0))
    parts = [np.fft.irfft(each * _passed(length), length) for each in (spectrum, pink)]
    hiss = sum(part / _root_mean_square(part) for part in parts)
    time = (begins + np.arange(length)) / RATE
    hum = sum(_HUM_FALL**order * np.sin(2 * np.pi * 50 * (order + 1) * time + order) for order in range(6))
    return np.asarray(
        hiss / _root_mean_square(hiss) * np.sqrt(1 - _HUM_SHARE) + hum / _root_mean_square(hum) * np.sqrt(_HUM_SHARE)
    )


def _in_band(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.fft.irfft(np.fft.rfft(samples) * _passed(samples.size), samples.size)


def _passed(length: int) -> NDArray[np.float64]:
    """Give what a telephone passes of each frequency of a spectrum, 0 to 1."""
    heard = _frequencies(length)
    low, high = _BAND
    rising = np.clip((heard - low) / _EDGE + 0.5, 0, 1)
    falling = np.clip((high - heard) / _EDGE + 0.5, 0, 1)
    return np.asarray(np.sin(np.pi / 2 * rising) * np.sin(np.pi / 2 * falling))


def _frequencies(length: int) -> NDArray[np.float64]:
    return np.asarray(np.fft.rfftfreq(length, 1 / RATE), np.float64)


def hiss(seconds: float, level: float = 0.05, *, seed: int = 1) -> NDArray[np.int16]:
    """Make noise of a telephone at a level of full scale, to be arranged."""
    return _as_16_bits(level * _noise(round(seconds * RATE), 0, np.random.default_rng([seed, 0x4155])))


def music(seconds: float, *, seed: int = 1) -> NDArray[np.int16]:
    """Make chords of three tones with harmonics, one a second, that swell and fade as loud as speech."""
    chance = np.random.default_rng([seed, 0xA4])
    time = np.arange(round(seconds * RATE)) / RATE
    roots = 110 * 2 ** (chance.integers(0, 24, int(seconds) + 1) / 12)
    root = roots[time.astype(int)]
    tones = (
        np.sin(2 * np.pi * root * ratio * order * time) / order for ratio in (1, 1.25, 1.5) for order in (1, 2, 3, 5)
    )
    swell = np.sin(np.pi * (time % 1)) ** 0.5
    return _as_16_bits(0.03 * swell * sum(tones))


def _hiss_and_silence(seconds: int, seed: int) -> NDArray[np.int16]:
    """Give by turns, 5 to 90 s of each: hiss at some loudness, hum, a click now and then, and silence."""
    chance = np.random.default_rng([seed, 0x415])
    parts: list[NDArray[np.int16]] = []
    length = 0
    while length < seconds * RATE:
        size = int(chance.integers(5, 90)) * RATE
        kind = chance.choice(["hiss", "soft hiss", "hum", "silence"], p=[0.35, 0.25, 0.15, 0.25])
        level = {"hiss": 0.05, "soft hiss": 0.004, "hum": 0.03, "silence": 0.0}[str(kind)]
        time = np.arange(size) / RATE
        sound = np.sin(2 * np.pi * 50 * time) if kind == "hum" else _noise(size, length, chance)
        sound = sound * level
        for place in chance.integers(0, size, size // (20 * RATE)) if level else ():
            sound[place : place + 8] += 0.3
        parts.append(_as_16_bits(sound))
        length += size
    return np.concatenate(parts)[: seconds * RATE]


def _root_mean_square(samples: Any) -> float:
    return float(np.sqrt(np.mean(np.square(samples)))) or 1.0


def _as_16_bits(samples: NDArray[np.float64]) -> NDArray[np.int16]:
    return np.clip(np.round(samples * 32767), -32768, 32767).astype(np.int16)


def _resampled(samples: NDArray[np.int16], rate: int) -> NDArray[np.int16]:
    """Give the same sound at another rate, by its spectrum: what was at a second stays at that second."""
    whole = np.pad(samples, (0, -samples.size % RATE)).astype(np.float64)  # whole seconds, so that no length is rounded
    length = whole.size // RATE * rate
    sound = np.fft.irfft(np.fft.rfft(whole), length) * (length / whole.size)
    return np.clip(np.round(sound[: -(-samples.size * rate // RATE)]), -32768, 32767).astype(np.int16)


# Keeping.


def _told(snr: float | None) -> str:
    return "clean" if snr is None else f"{snr:g}dB"


def _kept(name: str, make: Callable[[], tuple[tuple[Line, ...], NDArray[np.int16]]], rate: int) -> Sound:
    """Give a sound that was made before, or make it."""
    path = _folder() / f"{name}.wav"
    beside = path.with_suffix(".json")
    if not beside.exists():
        lines, samples = make()
        scratch = path.with_suffix(f".{os.getpid()}")
        with wave.open(str(scratch), "wb") as file:
            file.setparams((1, 2, rate, samples.size, "NONE", "not compressed"))
            file.writeframes(samples.astype("<i2").tobytes())
        scratch.replace(path)
        told = {"duration": samples.size * SECOND // rate, "lines": [asdict(line) for line in lines]}
        scratch.write_text(json.dumps(told), encoding="utf-8")
        scratch.replace(beside)
    told = json.loads(beside.read_text(encoding="utf-8"))
    lines = tuple(Line(**{**line, "starts": tuple(line["starts"])}) for line in told["lines"])
    return Sound(path, rate, told["duration"], lines)


@cache
def _folder() -> Path:
    """Give the folder in which sounds are kept: another one after any change of what makes them."""
    made_by = (Path(__file__), _READING, _HARBOUR, Path(spoken.__file__))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in made_by)).hexdigest()[:12]
    owner = os.getuid() if hasattr(os, "getuid") else ""
    folder = Path(tempfile.gettempdir()) / f"tape-player-dialogues-{owner}" / digest
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder

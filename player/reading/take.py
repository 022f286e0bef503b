"""A line of a script into its sound, trimmed and levelled, and the moments at which its printed words begin."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from player.audio.segment import AudioSegment
from player.errors import ReadingError
from player.reading.flite import synthesise
from player.reading.spoken import spoken
from player.timecode import SECOND

if TYPE_CHECKING:
    from player.archive.script import Script, ScriptLine

#: flite's own rate. It has 16 samples to the millisecond, so that what starts on a millisecond starts on a sample.
RATE: Final = 16_000

# Of the silence that flite leaves around a line, in milliseconds: enough for a soft onset and a last echo.
_LEAD, _ECHO = 20, 60
_FADE: Final = 5

# In dBFS. At this level every voice measures -22 LUFS within 1; kal16 has peaks 20 dB above it.
_LEVEL, _PEAK = -21.0, -1.0
# Loudness is that of the 50 ms frames within 30 dB of the loudest: pauses do not count (cf. the gate of EBU R 128).
_FRAME, _GATE = 50, 10**-3


@dataclass(frozen=True)
class Take:
    """One line, spoken: a pydub segment at ``RATE``, one channel, 16 bits, and when each printed word begins, in ms."""

    sound: Any
    starts: tuple[int, ...]

    @property
    def duration(self) -> int:
        """How long it is, in milliseconds, exactly."""
        return len(self.sound)


def take(script: Script, line: ScriptLine) -> Take:
    """Speak one line; whole, so that its melody is that of a sentence.

    :raise ReadingError: naming the line, where nothing in it can be spoken or a sign cannot; where flite is missing.
    """
    try:
        said = spoken(line.text, script.say)
    except ReadingError as error:
        what, _, remedy = str(error).partition("; ")
        raise ReadingError(str(line.refusal(what, remedy))) from None
    voice = script.voices[line.voice]
    speech = synthesise(said.text, voice.flite, voice.stretch)
    if not speech.tokens:
        raise ReadingError(str(line.refusal("nothing in it can be spoken", "write words")))
    starts = [round(start * SECOND / speech.frame_rate) for start in said.starts(speech.tokens)]
    begins = max(0, starts[0] - _LEAD)
    ends = math.ceil(speech.tokens[-1].end * SECOND / speech.frame_rate) + _ECHO
    sound = AudioSegment(data=speech.samples, sample_width=2, frame_rate=speech.frame_rate, channels=1)
    sound = sound.set_frame_rate(RATE)[begins : min(ends, len(sound))]
    return Take(_levelled(sound).fade_in(_FADE).fade_out(_FADE), tuple(start - begins for start in starts))


def _levelled(sound: Any) -> Any:
    """Bring speech to the common loudness, as far as its peaks allow."""
    powers = [sound[start : start + _FRAME].rms ** 2 for start in range(0, len(sound), _FRAME)]
    loud = [power for power in powers if power > max(powers) * _GATE]
    if not loud:
        return sound
    level = 10 * math.log10(sum(loud) / len(loud) / sound.max_possible_amplitude**2)
    return sound.apply_gain(min(_LEVEL - level, _PEAK - sound.max_dBFS))

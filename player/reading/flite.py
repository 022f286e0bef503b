"""Speaks text with the flite synthesiser, through its C library, and gives the times of each token it spoke.

Bound to flite 2.2 (http://cmuflite.org). An utterance is a graph of relations: *Token* holds what white space parts,
each with its words as daughters; *SylStructure* leads from a word to its segments, and *Segment* has their end times.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from dataclasses import dataclass
from functools import cache
from typing import Final

from player.errors import ReadingError

_MISSING: Final = (
    "flite, which gives a script its voices, is not installed; "
    "install the package flite (on Debian: apt-get install flite) and run this again"
)
_WORD_START: Final = b"R:SylStructure.daughter1.daughter1.R:Segment.p.end"
_WORD_END: Final = b"R:SylStructure.daughtern.daughtern.R:Segment.end"
_SEGMENT: Final = b"R:SylStructure.daughter1.daughter1"


class _Wave(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_char_p),
        ("frame_rate", ctypes.c_int),
        ("count", ctypes.c_int),
        ("channels", ctypes.c_int),
        ("samples", ctypes.c_void_p),
    )


class _VoiceHead(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char_p), ("features", ctypes.c_void_p))


@dataclass(frozen=True)
class Token:
    """What flite spoke between two white spaces, its punctuation left out. ``start`` and ``end`` count samples."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Speech:
    """A text, spoken: one channel of signed 16-bit samples in the machine's byte order, and its spoken tokens."""

    samples: bytes
    frame_rate: int
    tokens: tuple[Token, ...]


def installed() -> bool:
    """Tell whether this machine has flite."""
    try:
        _library()
    except ReadingError:
        return False
    return True


def synthesise(text: str, voice: str, stretch: float = 1.0) -> Speech:
    """Speak a text of ASCII characters with one of flite's voices (``rms``, ``kal16`` …), ``stretch`` times as long.

    The same text gives the same samples, whatever was spoken before it.

    :raise ReadingError: where flite or the voice is not installed.
    """
    flite, speaker = _library(), _voice(voice)
    features = ctypes.cast(speaker, ctypes.POINTER(_VoiceHead)).contents.features
    flite.feat_set_float(features, b"duration_stretch", stretch)
    # The statistical voices take their noise from the C library's rand(), which otherwise goes on from the last text.
    ctypes.CDLL(None).srand(1)
    utterance = flite.flite_synth_text(text.encode("ascii"), speaker)
    if not utterance:
        raise ReadingError(f'flite could not speak "{text}"; change the words, or give them a spelling in [say]')
    try:
        wave = flite.utt_wave(utterance).contents
        samples = ctypes.string_at(wave.samples, wave.count * wave.channels * 2)
        return Speech(samples, wave.frame_rate, tuple(_tokens(flite, utterance, wave.frame_rate)))
    finally:
        flite.delete_utterance(utterance)


def _tokens(flite: ctypes.CDLL, utterance: int, frame_rate: int) -> list[Token]:
    """List the tokens of which anything was spoken, in order."""
    tokens = []
    item = flite.relation_head(flite.utt_relation(utterance, b"Token"))
    while item:
        words = _words(flite, item)
        if words:
            start = flite.ffeature_float(words[0], _WORD_START)
            end = flite.ffeature_float(words[-1], _WORD_END)
            name = flite.ffeature_string(item, b"name").decode("ascii", "replace")
            tokens.append(Token(name, round(start * frame_rate), round(end * frame_rate)))
        item = flite.item_next(item)
    return tokens


def _words(flite: ctypes.CDLL, token: int) -> list[int]:
    """List the words of a token that have a sound."""
    words = []
    word = flite.item_daughter(token)
    while word:
        if flite.path_to_item(word, _SEGMENT):
            words.append(word)
        word = flite.item_next(word)
    return words


@cache
def _library() -> ctypes.CDLL:
    flite = _load("flite")
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    signatures = {
        "flite_init": (ctypes.c_int, ()),
        "flite_synth_text": (pointer, (text, pointer)),
        "delete_utterance": (None, (pointer,)),
        "utt_wave": (ctypes.POINTER(_Wave), (pointer,)),
        "utt_relation": (pointer, (pointer, text)),
        "relation_head": (pointer, (pointer,)),
        "item_next": (pointer, (pointer,)),
        "item_daughter": (pointer, (pointer,)),
        "path_to_item": (pointer, (pointer, text)),
        "ffeature_string": (text, (pointer, text)),
        "ffeature_float": (ctypes.c_float, (pointer, text)),
        "feat_set_float": (None, (pointer, text, ctypes.c_float)),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(flite, name)
        function.restype, function.argtypes = result, arguments
    flite.flite_init()
    return flite


@cache
def _voice(name: str) -> int:
    _library()
    register = getattr(_load(f"flite_cmu_us_{name}"), f"register_cmu_us_{name}")
    register.restype, register.argtypes = ctypes.c_void_p, (ctypes.c_char_p,)
    voice: int = register(None)
    return voice


def _load(name: str) -> ctypes.CDLL:
    known = f"lib{name}.1.dylib" if sys.platform == "darwin" else f"lib{name}.so.1"
    for candidate in (known, ctypes.util.find_library(name)):
        try:
            if candidate is not None:
                return ctypes.CDLL(candidate)
        except OSError:
            continue
    raise ReadingError(_MISSING)

"""Makes an access copy: the sound decoded once, encoded as browsers play it exactly, and proven to have its times.

It is AAC-LC in M4A with an edit list, or FLAC where there are more than two channels. In AAC, perceptual noise
substitution is off: it would draw random numbers since the first frame, and no jump would give the samples that playing
on does. Beside the copy lies what it is and what it was made from, with the SHA-256 of both: put in place first, it
vouches for no copy but the one that follows. Passages that are to be silent in a copy are so before it is encoded, and
what is encoded is proven to be so.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player import files
from player.audio import cache, exact, ffmpeg, probe, silence
from player.audio.access_encode import encode
from player.audio.access_proof import Windows, prove
from player.audio.decode import mp4_edits, stream
from player.audio.decode.samples import Samples
from player.errors import AudioError, UnprovenError, WriteError, reason, shown
from player.files import new_files
from player.timecode import SECOND, display

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from player.audio.access_proof import Proof
    from player.timecode import Span

#: The kinds of copy, by what ``--format`` calls them: the type that a page names for it.
KINDS: Final = {"m4a": 'audio/mp4; codecs="mp4a.40.2"', "flac": "audio/flac"}
_LOSSLESS: Final = "flac"
#: Version of the sidecar's keys.
VERSION: Final = 1

# The rates that AAC has (ISO/IEC 14496-3, table 1.18) and browsers play, up to that of most sound cards.
_AAC_RATES: Final = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_PACKET: Final = 1024  # samples
# Of more, an AAC encoder takes one for that of low frequencies, and leaves out what else it has.
_AAC_CHANNELS: Final = 2
# FLAC ends with 7.1.
_MOST_CHANNELS: Final = 8
# How much of the work is done once the copy is written; the rest is its proof.
_WRITTEN: Final = 0.75


@dataclass(frozen=True)
class Made:
    """A copy that was made: where it and its sidecar lie, and how it is sampled.

    ``length`` is in samples of one channel and ``size`` in bytes. ``compared`` is the number of places at which it was
    found to be in step with what it was made from.
    """

    path: Path
    sidecar: Path
    kind: str
    rate: int
    channels: int
    length: int
    size: int
    compared: int
    #: Whether it is FLAC since AAC could not be proven to have the times of the sound.
    is_instead: bool = False

    @property
    def remark(self) -> str:
        """What could not be proven of it; empty where all was."""
        return "" if self.compared else "too short, too quiet or too uniform to compare: only its length was checked"


def or_flac(kind: str, make: Callable[[str], Made]) -> Made:
    """Make a copy of a ``kind``, or in FLAC where it cannot be proven in AAC: encoders pad what some decoders hand on.

    :raise AudioError: as what makes it does, which is given the kind.
    """
    try:
        return make(kind)
    except UnprovenError:
        if kind == _LOSSLESS:
            raise
        return replace(make(_LOSSLESS), is_instead=True)


@dataclass(frozen=True)
class Names:
    """What a sound and its copy are called in an archive, and the SHA-256 of the sound, where that is known already."""

    held: str
    copy: str
    digest: str | None = None


def refusal(path: Path) -> str | None:
    """Say what to do with a sound of which no copy can be made; None where one can.

    :raise AudioError: where it cannot be read.
    """
    if stream.header(path).channels <= _MOST_CHANNELS:
        return None
    return f"mix its channels into {_MOST_CHANNELS} or fewer, and name the mix in the record"


def kind_for(path: Path) -> str:
    """Choose the kind of a copy that holds all channels of the sound at ``path``, the smaller if both do.

    :raise AudioError: where it cannot be read.
    """
    return "m4a" if stream.header(path).channels <= _AAC_CHANNELS else "flac"


def sidecar_of(copy: Path) -> Path:
    """Give the place of what is said about a copy."""
    return copy.with_suffix(".json")


def make(
    path: Path,
    target: Path,
    *,
    kind: str = "m4a",
    progress: Callable[[float], object] | None = None,
    force: bool = False,
    silent: Sequence[Span] = (),
) -> Made:
    """Make a copy of the sound at ``path`` for browsers, at ``target``, and its sidecar; both or neither.

    ``kind`` is ``"m4a"`` or ``"flac"``. ``progress`` is called with how much is done, from 0 to 1. What is at
    ``target`` is replaced only with ``force``. The passages in ``silent``, in order of time, are silent in the copy.

    :raise AudioError: where the sound cannot be read or decoded to its end, or a passage that is to be silent is not
        in it.
    :raise WriteError: where the format cannot hold it, the copy cannot be written, or does not have the sound's times.
    """
    heard = progress or (lambda _: None)
    sidecar = sidecar_of(target)
    for each in (target, sidecar):
        if each.is_dir() and not each.is_symlink():
            raise WriteError(f"{shown(each)}: there is a folder of this name; move it elsewhere, and try again")
    try:
        # Where a file is in the way of the folder, opening what would be in it says so.
        with contextlib.suppress(FileExistsError):
            target.parent.mkdir(parents=True, exist_ok=True)
        with new_files([sidecar, target], force=force) as (beside, copy):
            made = write(path, copy, beside, Names(path.name, target.name), kind=kind, progress=heard, silent=silent)
    except FileExistsError as error:
        raise WriteError(f"{shown(Path(error.filename))}: there is a file already; use --force to replace it") from None
    except WriteError as error:
        raise type(error)(f"{shown(target)}: {error}") from None
    except OSError as error:
        raise WriteError(
            f"{shown(target)}: the copy cannot be written ({reason(error)}); "
            "check the permissions of the folder and the free space"
        ) from None
    heard(1.0)
    return replace(made, path=target, sidecar=sidecar)


def write(
    path: Path,
    copy: Path,
    sidecar: Path,
    names: Names,
    *,
    kind: str,
    progress: Callable[[float], object],
    silent: Sequence[Span] = (),
) -> Made:
    """Write a copy of the sound at ``path`` to the file ``copy``, and what is told of it to ``sidecar``.

    :raise AudioError: as ``make`` does.
    :raise OSError: where they cannot be written; what was written until then is the caller's to remove.
    """
    seen = cache.stamp_of(path)
    if silent and (counted := probe.counted(path)):
        _refuse_past_end(path, silent, counted)
    shape, length = _shape(path, kind)
    hush = silence.ranges(silent, shape.rate, stream.header(path).rate if length else None)
    windows = Windows(shape)
    count = encode(path, shape, length, kind, copy, hush, windows, lambda done: progress(_WRITTEN * done))
    _refuse_past_end(path, silent, probe.Sound(shape.rate, shape.channels, count))
    proof = _proof(path, copy, kind, shape, count, hush, windows, progress)
    if cache.stamp_of(path) != seen:
        raise AudioError(f"{shown(path)}: the file changed while it was copied; try again")
    told = _described(path, names, copy, kind, shape, count, silent)
    sidecar.write_text(told, encoding="utf-8")
    return Made(copy, sidecar, kind, shape.rate, shape.channels, count, copy.stat().st_size, proof.compared)


def _shape(path: Path, kind: str) -> tuple[Samples, int | None]:
    """Give how a copy is sampled, as samples without any; and its length, where that is not the sound's own.

    :raise WriteError: where the format cannot hold it.
    """
    header = stream.header(path)
    if (remedy := refusal(path)) is not None:
        raise WriteError(f"{shown(path)}: no copy can have its {header.channels} channels; {remedy}")
    if kind == "m4a" and header.channels > _AAC_CHANNELS:
        raise WriteError(
            f"{shown(path)}: in M4A, a copy may lose one of its {header.channels} channels; use --format flac"
        )
    if header.rate in _AAC_RATES or (kind != "m4a" and header.rate >= exact.LEAST_RATE):
        return Samples(b"", header.rate, header.channels, header.width), None
    highest = _AAC_RATES[-1] if header.rate % 44_100 else 44_100
    rate = min((each for each in _AAC_RATES if each > header.rate), default=highest)
    length = probe.probe(path).length
    # A sound of one sample has one, at any rate.
    resampled = max(min(length, 1), round(length * rate / header.rate))
    return Samples(b"", rate, header.channels, header.width), resampled


def _proof(
    path: Path,
    copy: Path,
    kind: str,
    shape: Samples,
    count: int,
    hush: Sequence[range],
    windows: Windows,
    progress: Callable[[float], object],
) -> Proof:
    """Decode a copy and compare it with what it was made from, which has ``count`` samples.

    :raise WriteError: where it cannot be decoded, does not have the same times, or is not silent where it should be.
    """
    # Frames of AAC overlap, and those at the edges of a silence hold what is beside it.
    inner = [range(each.start + 2 * _PACKET, each.stop - 2 * _PACKET) for each in hush] if kind == "m4a" else hush
    still = silence.Heard(inner, 2 * shape.channels)
    try:
        with ffmpeg.decoding(copy, "-af", stream.HANDED, "-c:a", "pcm_s16le", "-f", "s16le", "pipe:1") as running:
            proof = prove(windows.end(), shape, _followed(running.read, shape, count, still, progress))
        listed = mp4_edits.read(copy) if kind == "m4a" else None
    except AudioError:
        raise WriteError("what ffmpeg wrote cannot be decoded, so it was not kept; try again") from None
    what = ""
    # Decoders older than ffmpeg 7 give the last packet whole; what browsers go by is the edit list.
    is_listed = listed is not None and (listed.lengths, listed.unit) == ((count,), shape.rate)
    extra = proof.length - count
    if still.at is not None:
        what = f"is not silent at {_moment(still.at, shape)}, where it is closed"
    elif extra and not (is_listed and 0 < extra < _PACKET):
        what = f"is too {'long' if extra > 0 else 'short'} by {abs(extra):,} of its samples"
    elif proof.is_lost:
        what = f"does not sound like it at {_moment(proof.at, shape)}"
    elif proof.lag:
        by = f"{abs(proof.lag) * SECOND / shape.rate:.2f} ms"
        what = f"is {by} {'late' if proof.lag > 0 else 'early'} at {_moment(proof.at, shape)}"
    if what:
        remedy = "make it in FLAC" if kind == "m4a" else "use the ffmpeg that comes with imageio-ffmpeg"
        raise UnprovenError(f"what ffmpeg made of {path.name} {what}, so it was not kept; {remedy}")
    return proof


def _moment(sample: int, shape: Samples) -> str:
    return display(sample * SECOND // shape.rate)


def _followed(
    read: Callable[[int], bytes],
    shape: Samples,
    count: int,
    still: silence.Heard,
    progress: Callable[[float], object],
) -> Callable[[int], bytes]:
    """Report the proof, which reads a copy of ``count`` samples, as the rest of the work; ``still`` listens to it."""
    taken = 0

    def follow(size: int) -> bytes:
        nonlocal taken
        samples = read(size)
        taken += len(samples)
        still.listen(samples)
        progress(min(1.0, _WRITTEN + (1 - _WRITTEN) * taken / (2 * shape.channels * count)))
        return samples

    return follow


def _refuse_past_end(path: Path, silent: Sequence[Span], sound: probe.Sound) -> None:
    """Refuse passages that are not in the sound.

    :raise AudioError: naming the first.
    """
    if (span := silence.past_end(silent, sound.duration)) is not None:
        raise AudioError(
            f"{shown(path)}: the record closes the passage {span}, but the sound ends at {display(sound.duration)}; "
            "correct the times in recording.toml: until then none of the recording is played"
        )


def _described(
    path: Path, names: Names, copy: Path, kind: str, shape: Samples, count: int, silent: Sequence[Span]
) -> str:
    """Say what a copy is and what it was made from, as JSON."""
    with files.opened(copy) as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    told = {
        "version": VERSION,
        "what": "access copy, made for browsers; clips are cut from the sound that it was made from",
        "copy": {"name": names.copy, "type": KINDS[kind], "bytes": size, "sha256": digest},
        "made_from": {"name": names.held, "sha256": names.digest or cache.digest(path)},
        "rate": shape.rate,
        "channels": shape.channels,
        "samples": count,
        # Where a copy has no such key, all of it is heard.
        **({"silent": silence.as_json(silent)} if silent else {}),
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"

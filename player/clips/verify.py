"""A clip, the sidecar beside it, and the archive into what is wrong with the clip's claims."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from player import files
from player.audio import cache
from player.audio.probe import probe
from player.clips import compare, provenance
from player.clips import cut as cutting
from player.clips.cut import Cut
from player.errors import ArchiveError, PlayerError, VerifyError, shown
from player.timecode import SECOND, Span, display

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.clips.compare import Distance

# The sidecar of a year of speech would fit.
_LARGEST: Final = 16_000_000
# By how many milliseconds a lossy file may be longer or shorter than what was put into it; no codec's frame is longer.
_SLACK: Final = 200
# What a sidecar may say otherwise than the archive: by what, and under which names, a clip was made.
_FREE: Final = ("made_by", "encoder", "clip", "transcript")


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a clip, in sentences, and how its sound differs from the recording's, where that was told."""

    cut: Cut
    recording: str
    problems: tuple[str, ...]
    distance: Distance | None


def read_sidecar(clip: Path) -> dict[str, Any]:
    """Read the sidecar beside a clip.

    :raise VerifyError: where there is none, or it is something else.
    """
    path = provenance.sidecars(clip)[0]
    try:
        if path.stat().st_size > _LARGEST:
            raise VerifyError(
                f"{shown(path)}: the file is too large to be the sidecar of a clip; put the right one there"
            )
        sidecar = json.loads(files.content(path))
    except FileNotFoundError:
        raise VerifyError(
            f"{shown(path)}: the sidecar of the clip is not there; put it beside the clip, or cut the clip again"
        ) from None
    except OSError as error:
        raise VerifyError(f"{shown(path)}: the file cannot be read ({error.strerror}); let it be read") from None
    except (ValueError, RecursionError):
        sidecar = None
    if not isinstance(sidecar, dict) or sidecar.get(provenance.KEY) != provenance.VERSION:
        raise VerifyError(f"{shown(path)}: this is not the sidecar of a clip; put the right one there, or cut again")
    return sidecar


def cut_of(sidecar: Mapping[str, Any], clip: Path) -> Cut:
    """Give what the sidecar of ``clip`` says was cut.

    :raise VerifyError: where that is nothing that can be cut.
    """
    try:
        settings = sidecar["settings"]
        spans = tuple(Span(_whole(part["start"]), _whole(part["end"])) for part in sidecar["cut"])
        bitrate = settings["bitrate"]
        cut = Cut(
            spans,
            f".{settings['format']}",
            _whole(settings["fade_in"]),
            _whole(settings["fade_out"]),
            _whole(settings["gap"]),
            None if bitrate is None else _whole(bitrate),
        )
        _ = cut.format  # KeyError where there is none
        cut.check()
    except (KeyError, TypeError, ValueError, PlayerError):
        path = provenance.sidecars(clip)[0]
        raise VerifyError(
            f"{shown(path)}: what the sidecar says of the cut cannot be; put back the sidecar that was made"
        ) from None
    return cut


def verify(clip: Path, archive: Archive) -> Verdict:
    """Cut the clip again as its sidecar says, and tell what is wrong with it, if anything.

    :raise VerifyError: where it has no sidecar that can be read.
    :raise PlayerError: where the archive does not have the recording, or the clip is no sound.
    """
    if not clip.is_file():
        raise VerifyError(f"{shown(clip)}: there is no such file; name a clip")
    sidecar = read_sidecar(clip)
    cut = cut_of(sidecar, clip)
    recording = archive.recording(_slug(sidecar, clip))
    # What a clip says of its words cannot be held against words that cannot be read.
    if unread := (*recording.unread.media, *recording.unread.transcript):
        raise ArchiveError(unread)
    if cache.digest(cutting.held(recording)) != sidecar.get("media_sha256"):
        problem = (
            f"the sound of {recording.slug} is not the one that the clip says it was cut from (its SHA-256 is another)"
        )
        return Verdict(cut, recording.slug, (problem,), None)
    problems = list(_file_problems(clip, sidecar))
    if (wrong := _length_problem(clip, recording.slug, cut)) is not None:
        return Verdict(cut, recording.slug, (*problems, wrong), None)
    sound = cutting.sound(recording, cut)
    told = provenance.of_clip(recording, cut, archive.sources)
    expected = json.loads(json.dumps(provenance.sidecar(told, cut, sound, {})))
    differing = [name for name in expected if name not in _FREE and expected[name] != sidecar.get(name)]
    if differing:
        problems.append(f"its sidecar differs from what the archive says now: {', '.join(differing)}")
    if sidecar.keys() - expected.keys() - set(_FREE):
        problems.append("its sidecar says more than was written into it")
    apart = compare.distance(clip, sound.passage, cut)
    if not apart.is_within:
        problems.append(_sound_problem(apart))
    return Verdict(cut, recording.slug, tuple(problems), apart)


def _slug(sidecar: Mapping[str, Any], clip: Path) -> str:
    slug = sidecar.get("recording")
    if not isinstance(slug, str) or not slug.isprintable():
        path = provenance.sidecars(clip)[0]
        raise VerifyError(f"{shown(path)}: the sidecar names no recording; put back the sidecar that was made")
    return slug


def _file_problems(clip: Path, sidecar: Mapping[str, Any]) -> Iterator[str]:
    if _told(sidecar, "clip") != cache.digest(clip):
        yield "the file is not the one that was made (its SHA-256 is another)"
    words = provenance.sidecars(clip)[1]
    if _told(sidecar, "transcript") is not None and words.is_file():
        if _told(sidecar, "transcript") != cache.digest(words):
            yield f"{words.name} is not the file that was made (its SHA-256 is another)"
    elif _told(sidecar, "transcript") is not None:
        yield f"{words.name} is not there"


def _length_problem(clip: Path, recording: str, cut: Cut) -> str | None:
    """Tell of a length that is not the cut's, before anything is decoded that a sidecar may ask for in excess."""
    told = sum(span.duration for span in cut.spans) + cut.gap * (len(cut.spans) - 1)
    found = probe(clip)
    there = found.length * SECOND // found.rate
    if abs(there - told) <= _SLACK:
        return None
    return f"it is {display(there)} long, and what it says it is of {recording} is {display(told)} long"


def _sound_problem(apart: Distance) -> str:
    found, wanted = apart.lengths
    if found != wanted:
        return f"it has {found} samples, and cut again it has {wanted}"
    if apart.worst == float("inf"):
        return "its rate, channels or sample size are not those of the clip when it is cut again"
    if apart.tolerance is None:
        return f"its sound is not the recording's: samples differ, most at {display(apart.moment)}"
    return (
        f"its sound is not the recording's: at {display(apart.moment)} it differs by {apart.worst:.1f} dB of what "
        f"the codec changes, {apart.tolerance:g} dB being its tolerance"
    )


def _told(sidecar: Mapping[str, Any], name: str) -> str | None:
    """Give the digest of a file that the sidecar vouches for; None where it names none."""
    entry = sidecar.get(name)
    digest = entry.get("sha256") if isinstance(entry, dict) else None
    return digest if isinstance(digest, str) else None


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return value


def is_current(clip: Path, recording: Recording, cut: Cut) -> bool:
    """Tell whether ``clip`` is there, untouched, and was cut from the recording's sound as ``cut`` says."""
    try:
        sidecar = read_sidecar(clip)
        return (
            cut_of(sidecar, clip) == cut
            and sidecar.get("media_sha256") == cache.digest(cutting.held(recording))
            and not list(_file_problems(clip, sidecar))
        )
    except PlayerError:
        return False

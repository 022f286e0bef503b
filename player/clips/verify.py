"""Checks a clip against the archive: cuts it again as its sidecar says, and lists what differs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from player import files
from player.audio import cache
from player.audio.probe import probe
from player.clips import compare, copying, provenance
from player.clips.closed import HandedOn, closed_in
from player.clips.cut import Cut, clip_sound, sound_file
from player.clips.defaults import COPY
from player.clips.machine_words import is_heard_since, without_label
from player.clips.signed import is_signed
from player.clips.versions import as_cut, stated_version
from player.errors import ArchiveError, PlayerError, VerifyError, shown, unreadable
from player.timecode import SECOND, Span, display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.clips.compare import Distance
    from player.clips.cut import ClipSound
    from player.clips.signer import Signer
    from player.clips.versions import WordsVersion

# The sidecar of a year of speech would fit.
_LARGEST: Final = 16_000_000
# By how many milliseconds a lossy file may be longer or shorter than what was put into it; no codec's frame is longer.
_SLACK: Final = 200
#: Where a sidecar may differ from the archive: what made the clip, and its file names.
FREE: Final = ("made_by", "encoder", "clip", "transcript", provenance.SIGNED)


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a clip, in sentences; ``distance`` is None where its sound was not compared.

    ``remarks`` are what is true of it no longer, and was when it was cut.
    """

    cut: Cut
    recording: str
    problems: tuple[str, ...]
    distance: Distance | None
    remarks: tuple[str, ...] = ()
    #: Whether it is a copy, of which the bytes were compared.
    is_copy: bool = False
    #: The passages and their recordings, where the clip is of several.
    joined: str = ""

    @property
    def what(self) -> str:
        """What the clip is cut of, in words."""
        return self.joined or f"{provenance.in_words(self.cut.spans)} of {self.recording}"


def read_sidecar(clip: Path) -> dict[str, Any]:
    """Read the sidecar beside a clip.

    :raise VerifyError: where there is none, or it is something else.
    """
    path = provenance.sidecars(clip)[0]
    try:
        if path.stat().st_size > _LARGEST:
            raise VerifyError(
                f"{shown(path)}: the file is too large to be the sidecar of a clip; put the right file there"
            )
        sidecar = json.loads(files.content(path))
    except FileNotFoundError:
        raise VerifyError(
            f"{shown(path)}: the sidecar of the clip is missing; put it beside the clip, or cut the clip again"
        ) from None
    except OSError as error:
        raise VerifyError(unreadable(path, error)) from None
    except (ValueError, RecursionError):
        sidecar = None
    if not isinstance(sidecar, dict) or sidecar.get(provenance.KEY) != provenance.VERSION:
        raise VerifyError(
            f"{shown(path)}: this is not the sidecar of a clip; put the right file there, or cut the clip again"
        )
    return sidecar


def cut_of(sidecar: Mapping[str, Any], clip: Path) -> Cut:
    """Read the cut that the sidecar of ``clip`` describes.

    :raise VerifyError: where it is impossible.
    """
    try:
        settings = sidecar["settings"]
        is_copy = settings["format"] == COPY
        spans = tuple(Span(_whole(part["start"]), _whole(part["end"])) for part in sidecar["cut"])
        bitrate = settings["bitrate"]
        cut = Cut(
            spans,
            clip.suffix.lower() if is_copy else f".{settings['format']}",
            _whole(settings["fade_in"]),
            _whole(settings["fade_out"]),
            _whole(settings["gap"]),
            None if bitrate is None else _whole(bitrate),
            is_copy,
        )
        _ = cut.format  # KeyError where there is no such format
        cut.check()
    except (KeyError, TypeError, ValueError, PlayerError):
        raise impossible(clip) from None
    return cut


def _cut_of_one(sidecar: Mapping[str, Any], clip: Path) -> Cut:
    # A copy of several passages says of each where it is.
    if (cut := cut_of(sidecar, clip)).is_copy and len(cut.spans) > 1:
        raise impossible(clip)
    return cut


def impossible(clip: Path) -> VerifyError:
    """Say that the sidecar of a clip describes what cannot be cut."""
    path = shown(provenance.sidecars(clip)[0])
    return VerifyError(f"{path}: the cut that the sidecar describes is impossible; restore the original sidecar")


def verify(clip: Path, archive: Archive) -> Verdict:
    """Cut the clip again as its sidecar says, and list what is wrong with it, if anything.

    :raise VerifyError: where it has no sidecar that can be read.
    :raise PlayerError: where the archive does not have the recording, or the clip holds no sound.
    """
    if not clip.is_file():
        raise VerifyError(f"{shown(clip)}: there is no such file; give the name of a clip")
    if clip.suffix == ".json":
        raise VerifyError(f"{shown(clip)}: this is not a clip; name the clip, not its sidecar")
    sidecar = read_sidecar(clip)
    cut = _cut_of_one(sidecar, clip)
    closed = closed_stated(sidecar, clip)
    recording = archive.recording(slug_stated(sidecar, clip))
    # What a clip says of its words cannot be compared with words that cannot be read.
    if unread := (*recording.unread.media, *recording.unread.transcript):
        raise ArchiveError(unread)
    if cache.digest(sound_file(recording)) != sidecar.get("media_sha256"):
        problem = (
            f"the clip was cut from a different sound from the one that {recording.slug} has now (their SHA-256 differ)"
        )
        return Verdict(cut, recording.slug, (problem,), None)
    problems = list(file_problems(clip, sidecar))
    if (wrong := length_problem(clip, recording.slug, cut)) is not None:
        return Verdict(cut, recording.slug, (*problems, wrong), None)
    sound = clip_sound(recording, cut)
    # What was open when it was cut may be closed by now: it is what it was all the same.
    seen = recording if closed else HandedOn(archive, include_closed=True).recording(recording, cut.spans)

    def expect(said: Recording, version: WordsVersion | None) -> dict[str, Any]:
        account = provenance.of_clip(said, cut, archive.sources, closed, version)
        copied = copying.what_is_copied(recording, sound.ranges[0]) if cut.is_copy else None
        account = replace(account, copied=copied, not_copied=_not_copied(sidecar))
        made: dict[str, Any] = json.loads(json.dumps(provenance.sidecar(account, cut, sound, {})))
        return made

    told = compared(sidecar, archive, recording, seen, expect)
    if told is None:
        what = "the version of the transcript that its sidecar names cannot be found in the archive"
        return Verdict(cut, recording.slug, (*problems, what), None)
    expected, differing, remarks = told
    problems += _sidecar_problems(sidecar, expected, differing)
    if cut.is_copy:
        problems += _copy_problems(clip, recording, sound)
        return Verdict(cut, recording.slug, tuple(problems), None, tuple(remarks), is_copy=True)
    apart = compare.distance(clip, sound.decoding, cut)
    if not apart.is_within:
        problems.append(sound_problem(apart))
    return Verdict(cut, recording.slug, tuple(problems), apart, tuple(remarks))


def _sidecar_problems(
    sidecar: Mapping[str, Any], expected: Mapping[str, Any], differing: Sequence[str]
) -> Iterator[str]:
    if differing:
        yield f"its sidecar differs from the archive in: {', '.join(differing)}"
    if sidecar.keys() - expected.keys() - set(FREE):
        yield "its sidecar has keys that were not written into it"


def compared(
    sidecar: Mapping[str, Any],
    archive: Archive,
    whole: Recording,
    seen: Recording,
    expect: Callable[[Recording, WordsVersion | None], dict[str, Any]],
) -> tuple[dict[str, Any], list[str], list[str]] | None:
    """Compare a sidecar with what the archive says: what is to be in it, in which keys it differs, and what to remark.

    None where it names a version of the words that there is not.
    """
    stated = {**sidecar, "words": _words_in(sidecar)}
    version = stated_version(whole, sidecar.get("words_version"))
    found: list[tuple[dict[str, Any], list[str], list[str]]] = []
    for said in as_cut(archive, whole, seen, sidecar.get("words_version")):
        expected = expect(said, version)
        differing = [name for name in expected if name not in FREE and expected[name] != stated.get(name)]
        remarks = []
        if "machine" in differing and is_heard_since(sidecar.get("machine"), expected["machine"]):
            # The citation has that label too.
            is_same = without_label(sidecar.get("citation")) == without_label(expected["citation"])
            differing = [name for name in differing if name != "machine" and not (is_same and name == "citation")]
            remarks.append("people have heard or reviewed its words since it was cut, and its label does not say so")
        if said is not seen:
            remarks.append("the transcript was changed since it was cut, and its words are those of before")
        found.append((expected, differing, remarks))
        if not differing:
            return found[-1]
    return found[0] if found else None


def slug_stated(sidecar: Mapping[str, Any], clip: Path) -> str:
    """Give the recording that a sidecar names.

    :raise VerifyError: where it names none.
    """
    slug = sidecar.get("recording")
    if not isinstance(slug, str) or not slug.isprintable():
        path = provenance.sidecars(clip)[0]
        raise VerifyError(f"{shown(path)}: the sidecar names no recording; restore the original sidecar")
    return slug


def closed_stated(sidecar: Mapping[str, Any], clip: Path) -> tuple[str, ...]:
    """Give what a sidecar says is closed in the clip.

    :raise VerifyError: where it does not say it in texts.
    """
    closed = sidecar.get("closed") or []
    if not isinstance(closed, list) or not all(isinstance(each, str) for each in closed):
        path = provenance.sidecars(clip)[0]
        raise VerifyError(f"{shown(path)}: the sidecar says wrongly what is closed; restore the original sidecar")
    return tuple(closed)


def _not_copied(sidecar: Mapping[str, Any]) -> str | None:
    """Give why a clip was not copied, which the archive does not say; it tells only of how the clip was made."""
    why = sidecar.get("not_copied")
    return why if isinstance(why, str) else None


def _words_in(sidecar: Mapping[str, Any]) -> Any:
    """Give the words that a sidecar has: older ones have empty texts where no line is heard."""
    words = sidecar.get("words")
    return words if not isinstance(words, list) or any(words) else []


def file_problems(clip: Path, sidecar: Mapping[str, Any]) -> Iterator[str]:
    """List what of a clip's files is not what its sidecar says."""
    if _digest_in(sidecar, "clip") != cache.digest(clip):
        yield "the file has changed since it was made (its SHA-256 differs)"
        if sidecar.get(provenance.SIGNED) is not None and not is_signed(clip):
            yield "its Content Credentials were taken out"
    words = provenance.sidecars(clip)[1]
    if _digest_in(sidecar, "transcript") is not None and words.is_file():
        if _digest_in(sidecar, "transcript") != cache.digest(words):
            yield f"{words.name} has changed since it was made (its SHA-256 differs)"
    elif _digest_in(sidecar, "transcript") is not None:
        yield f"{words.name} is missing"


def length_problem(clip: Path, recording: str, cut: Cut, slack: int = 0) -> str | None:
    """Report a length that is not the cut's, before decoding the excess that a sidecar may ask for.

    It may be ``slack`` milliseconds longer or shorter.
    """
    stated = sum(span.duration for span in cut.spans) + cut.gap * (len(cut.spans) - 1)
    found = probe(clip)
    there = found.length * SECOND // found.rate
    if abs(there - stated) <= _SLACK + slack:
        return None
    return f"it is {display(there)} long, but the passage of {recording} that it names is {display(stated)} long"


def _copy_problems(clip: Path, recording: Recording, sound: ClipSound) -> Iterator[str]:
    if not copying.is_copy_of(clip, recording, sound.ranges[0]):
        yield "its coded bytes are not those of the recording's file"


def sound_problem(apart: Distance) -> str:
    """Say how a sound differs from what it should be."""
    found, wanted = apart.lengths
    if found != wanted:
        return f"it has {found} samples, but {wanted} when it is cut again"
    if apart.worst == float("inf"):
        return "its rate, channels or sample size differ from the clip cut again"
    if apart.tolerance is None:
        return f"its sound differs from the recording, most at {display(apart.moment)}"
    return (
        f"its sound differs from the recording: at {display(apart.moment)} by {apart.worst:.1f} dB over what the codec "
        f"changes (the tolerance is {apart.tolerance:g} dB)"
    )


def _digest_in(sidecar: Mapping[str, Any], name: str) -> str | None:
    """Give the digest that the sidecar has of a file; None where it has none."""
    entry = sidecar.get(name)
    digest = entry.get("sha256") if isinstance(entry, dict) else None
    return digest if isinstance(digest, str) else None


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return value


def is_current(clip: Path, recording: Recording, cut: Cut, signer: Signer | None = None) -> bool:
    """Tell whether ``clip`` exists, is unchanged, was cut from the recording's sound as ``cut`` says, and so signed."""
    try:
        sidecar = read_sidecar(clip)
        made = cut_of(sidecar, clip)
        return (
            (made == cut or (cut.is_copy and _not_copied(sidecar) is not None and made == cut.encoded))
            and sidecar.get("media_sha256") == cache.digest(sound_file(recording))
            and sidecar.get(provenance.SIGNED) == (None if signer is None else signer.settled)
            and not list(file_problems(clip, sidecar))
            and (_needs_no_look(recording) or says_as_much(sidecar, recording, cut))
        )
    except PlayerError:
        return False


def _needs_no_look(recording: Recording) -> bool:
    """Tell whether what a clip says of a recording could only be wrong of its own words."""
    is_by_machine = recording.transcript is not None and recording.transcript.machine is not None
    return recording.shown.is_everything and not is_by_machine


def says_as_much(sidecar: Mapping[str, Any], recording: Recording, cut: Cut) -> bool:
    """Tell whether a clip has the names and words that its recording has now, and says what is closed in it.

    It also has to say whether a machine wrote them, and whether anybody has checked that.
    """
    account = provenance.of_clip(recording, cut, {}, closed_in(recording, cut.spans))
    wanted = (account.title, list(account.words), list(account.speakers), list(account.closed or ()))
    machine = None if account.machine is None else asdict(account.machine)
    if sidecar.get("machine") != machine:
        return False
    stated = (sidecar.get("title"), _words_in(sidecar), sidecar.get("speakers"), sidecar.get("closed") or [])
    return wanted == stated

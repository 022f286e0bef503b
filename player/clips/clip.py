"""Makes a clip: cuts passages of a recording into a file, whole or not at all, and records where it comes from."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeAlias, cast

from player.archive.recording import Record
from player.archive.webvtt.writing import write_transcript
from player.audio.decode.samples import PastEndError
from player.clips import provenance as accounts
from player.clips.closed import closed_in, refuse_closed
from player.clips.credentials import manifest_of, sign, signed_by
from player.clips.cut import ChangedError, Cut, clip_sound, sound_file, sound_stamp, suffix_of
from player.clips.defaults import FADE
from player.clips.provenance import SIGNED, clip_title, in_words
from player.clips.versions import words_version
from player.clips.write import encode, wav_fields, write_tags, write_title
from player.errors import ClipError, WriteError, legible, reason, shown
from player.files import new_files
from player.timecode import Span
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.audio.copied_sound import Claim
    from player.clips.copied import Copied
    from player.clips.cut import ClipSound, Recorded
    from player.clips.signer import Signer

#: What makes a clip, and claims meanwhile what a copy is; it is sent whether that is so, or None: then it finds out.
Making: TypeAlias = "Generator[Claim, bool | None, Clip]"
_P = ParamSpec("_P")


@value
class Clip:
    """The file at ``path``, cut from the passages ``spans`` of ``recording`` (its slug); ``length`` is in samples.

    ``sidecar`` is what the file beside it says; None where a clip was made without one.
    """

    path: Path
    recording: str
    spans: tuple[Span, ...]
    title: str
    rate: int
    channels: int
    length: int
    sidecar: Mapping[str, Any] | None = None
    copied: Copied | None = None
    #: Why it is no copy, where one was asked for.
    not_copied: str | None = None

    @property
    def span(self) -> Span:
        """From the first start to the last end of its passages."""
        return Span(min(span.start for span in self.spans), max(span.end for span in self.spans))

    def as_json(self) -> dict[str, Any]:
        """Describe it in what JSON can hold."""
        return {
            "path": str(self.path),
            "recording": self.recording,
            "title": self.title,
            "start": self.span.start,
            "end": self.span.end,
            "rate": self.rate,
            "channels": self.channels,
            "length": self.length,
            "is_copy": self.copied is not None,
            "sidecar": self.sidecar,
        }

    @property
    def unchecked(self) -> str | None:
        """The label of its words, where a machine wrote them and nobody has heard them all; None elsewhere."""
        machine = (self.sidecar or {}).get("machine")
        return machine["label"] if machine else None

    def __str__(self) -> str:
        label = f" [{self.unchecked}]" if self.unchecked else ""
        how = ", copied without encoding it again" if self.copied else ""
        signed = signed_by(self.path, self.sidecar or {})
        return f"{shown(self.path)}: {in_words(self.spans)} of {self.recording}{how}{label}{signed}"


def clip(
    recording: Recorded,
    span: Span,
    target: Path | str,
    *,
    fade_in: int = FADE,
    fade_out: int = FADE,
    force: bool = False,
    bitrate: int | None = None,
) -> Clip:
    """Cut ``span`` of the recording into the file ``target``, in the format that its suffix names, with a title only.

    Fades are in milliseconds; with 0 no sample is touched. ``bitrate`` is in kbit/s. An existing ``target`` is replaced
    only with ``force``.

    :raise ClipError: where it cannot be cut as asked; nothing is left behind.
    :raise AudioError: where the recording's sound cannot be read.
    """
    target = Path(target)
    cut = Cut((span,), suffix_of(target), fade_in, fade_out, bitrate=bitrate)
    cut.check()
    if isinstance(recording, Record):
        refuse_closed(recording, cut.spans)
    return _at_once(_making)(recording, cut, target, None, force=force)


def _at_once(making: Callable[_P, Making]) -> Callable[_P, Clip]:
    """Let what makes a clip make it by itself, so that whatever it claims is proved there and then."""

    def made(*arguments: _P.args, **options: _P.kwargs) -> Clip:
        making_one = making(*arguments, **options)
        while True:
            try:
                next(making_one)
            except StopIteration as done:
                return cast("Clip", done.value)

    return made


def making(
    recording: Recording,
    cut: Cut,
    target: Path,
    sources: Mapping[str, Source] | None,
    *,
    beside: bool = True,
    force: bool = False,
    include_closed: bool = False,
    signer: Signer | None = None,
) -> Making:
    """Make the clip ``target`` as ``cut`` says, with its provenance in its tags and in two files ``beside`` it.

    These are ``<target>.json``, its sidecar, and ``<target>.vtt``, its words, where there is a transcript. If one of
    the three exists, it is replaced only with ``force``; all are put in place, or none. ``sources`` is the
    bibliography; where it is None, the clip has a title and no other provenance. What is closed is cut only where
    ``include_closed`` is set, and then the clip says so. Where there is a ``signer``, all this is signed, last.

    :raise ClosedError: where something in it is closed.
    :raise ClipError: where it cannot be cut as asked; nothing is left behind.
    :raise AudioError: where the recording's sound cannot be read.
    """
    cut.check()
    if cut.is_copy and len(cut.spans) > 1:
        raise ClipError("a copy of several passages has an account of each of them; join them with player clips --join")
    if not include_closed:
        refuse_closed(recording, cut.spans)
    closed = closed_in(recording, cut.spans) if include_closed else ()
    account = None if sources is None else _Account(recording, cut, sources, closed, signer, beside=beside)
    return (yield from _making(recording, cut, target, account, closed, force=force))


make: Final = _at_once(making)


def check_targets(targets: list[Path], *, force: bool, what: str = "clip") -> None:
    """Refuse files that cannot be written, before anything is cut; ``what`` says what they are to be.

    :raise ClipError: naming the first.
    """
    for target in targets:
        try:
            _check_target(target, force=force)
        except OSError as error:
            raise ClipError(_unwritable(target, error, what)) from None


@contextlib.contextmanager
def told(target: Path, what: str = "clip") -> Iterator[None]:
    """Say in words why ``target``, a clip or what else it is to be, cannot be made in the block.

    :raise ClipError: for whatever the system, ffmpeg or the end of a recording refuses.
    """
    try:
        yield
    except FileExistsError as error:
        raise ClipError(_in_the_way(Path(error.filename))) from None
    except (PastEndError, WriteError) as error:
        raise ClipError(f"{shown(target)}: {error}" if isinstance(error, WriteError) else str(error)) from None
    except OSError as error:
        raise ClipError(_unwritable(target, error, what)) from None


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file that was just written."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Account:
    """What says where a clip comes from: its tags, its sidecar and its words."""

    def __init__(
        self,
        recording: Recording,
        cut: Cut,
        sources: Mapping[str, Source],
        closed: tuple[str, ...],
        signer: Signer | None,
        *,
        beside: bool,
    ) -> None:
        self._recording, self._cut, self._beside, self._signer = recording, cut, beside, signer
        self._stamp = sound_stamp(recording)
        self._provenance = accounts.of_clip(recording, cut, sources, closed, words_version(recording))

    def targets(self, target: Path) -> list[Path]:
        """List the files that go beside the clip ``target``, its sidecar the last."""
        if not self._beside:
            return []
        sidecar, words = accounts.sidecars(target)
        return [words, sidecar] if accounts.follows(self._recording) else [sidecar]

    def wav_fields(self) -> dict[str, str]:
        """Give the tags of a WAV, which are written with its sound; none for other formats."""
        return {} if self._cut.format.is_encoded else wav_fields(self._provenance)

    def finish(self, sound: ClipSound, target: Path, place: Path, beside: list[Path], done: _Done) -> dict[str, Any]:
        """Write everything else for the clip at ``place``, which will be ``target``, and give its sidecar."""
        if self._stamp != sound_stamp(self._recording):
            raise ChangedError(f"the sound of {self._recording.slug} changed while it was cut; cut the clip again")
        self._cut = done.cut
        self._provenance = replace(self._provenance, copied=done.copied, not_copied=done.not_copied)
        write_tags(place, self._cut.format, self._provenance)
        if self._signer is not None:
            manifest = manifest_of(self._provenance, self._cut, sound, self._signer)
            sign(place, self._cut.suffix, manifest, self._signer)
        digest = digest_of(place)
        files = {"clip": (target.name, digest)}
        if len(beside) > 1:
            lines = accounts.words(self._recording, self._cut, sound)
            header = accounts.words_header(self._recording, self._provenance, target, digest)
            write_transcript(beside[0], lines, header)
            files["transcript"] = (accounts.sidecars(target)[1].name, digest_of(beside[0]))
        sidecar = accounts.sidecar(self._provenance, self._cut, sound, files)
        if self._signer is not None:
            sidecar[SIGNED] = self._signer.settled
        if beside:
            beside[-1].write_text(json.dumps(sidecar, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return sidecar


@value
class _Done:
    """How a clip was cut in the end: copied, or encoded, as ``cut`` says, and then why it was not copied."""

    cut: Cut
    copied: Copied | None = None
    not_copied: str | None = None


def _making(
    recording: Recorded,
    cut: Cut,
    target: Path,
    account: _Account | None,
    closed: tuple[str, ...] = (),
    *,
    force: bool,
) -> Making:
    others = [] if account is None else account.targets(target)
    check_targets([target, *others], force=force)
    if target.exists() and target.samefile(sound_file(recording)):
        raise ClipError(f"{shown(target)}: this is the recording itself; give the clip another name")
    sound = clip_sound(recording, cut)
    title = clip_title(recording, *cut.spans, closed=closed)
    sidecar = None
    fields = {} if account is None else account.wav_fields()
    # The sidecar is put in place last: if the process is killed before, nothing vouches for the clip.
    targets = [*others[:-1], target, *others[-1:]]
    with told(target), new_files(targets, force=force) as besides:
        places = dict(zip(targets, besides, strict=True))
        place = places[target]
        done = yield from _copied(recording, cut, sound, place)
        if done.copied is None:
            sound = _encoded(recording, cut, done, sound, place, title, fields)
        elif account is None:
            write_title(place, cut.format, title)
        if account is not None:
            sidecar = account.finish(sound, target, place, [places[other] for other in others], done)
    decoding = sound.decoding
    sampled = decoding.rate, decoding.channels, decoding.length
    return Clip(target, recording.slug, cut.spans, title, *sampled, sidecar, done.copied, done.not_copied)


def _encoded(
    recording: Recorded, asked: Cut, done: _Done, sound: ClipSound, place: Path, title: str, fields: Mapping[str, str]
) -> ClipSound:
    """Encode the passages into the file ``place``, and give the sound that was encoded; ``sound`` is what was asked."""
    cut = done.cut
    if cut != asked:
        sound = clip_sound(recording, cut)
    try:
        encode(sound.decoding, place, cut.format, title=title, bitrate=cut.bitrate, fields=fields)
    except PastEndError:
        # Its file did not state how long the sound is; now it is known.
        sound = clip_sound(recording, cut)
        encode(sound.decoding, place, cut.format, title=title, bitrate=cut.bitrate, fields=fields)
    return sound


def _copied(recording: Recorded, cut: Cut, sound: ClipSound, place: Path) -> Generator[Claim, bool | None, _Done]:
    """Copy the passage where that is asked for; where it cannot be copied, say how it is cut instead, and why."""
    if not cut.is_copy:
        return _Done(cut)
    from player.clips import copying  # noqa: PLC0415  # only copies need it

    try:
        return _Done(cut, (yield from copying.copy(recording, cut, sound.ranges[0], place)))
    except copying.NotCopiedError as refusal:
        return _Done(cut.encoded, not_copied=str(refusal))


def _check_target(target: Path, *, force: bool) -> None:
    if target.name != legible(target.name):
        raise ClipError(f"{shown(target)}: the account of a clip cannot hold this name; give one that is UTF-8")
    if target.is_dir():
        raise ClipError(f"{shown(target)}: this is a folder; give the name of a file in it")
    if not target.parent.is_dir():
        raise ClipError(f"{shown(target)}: there is no folder {shown(target.parent)}; make it, or write elsewhere")
    if target.exists() and not target.is_file():
        raise ClipError(f"{shown(target)}: this is a device, not a file; write to a file, or to a pipe with -o -")
    if os.path.lexists(target) and not force:
        raise ClipError(_in_the_way(target))


def _in_the_way(target: Path) -> str:
    return f"{shown(target)}: a file of that name exists; give another name, or --force to replace it"


def _unwritable(target: Path, error: OSError, what: str) -> str:
    return (
        f"{shown(target)}: the {what} cannot be written ({reason(error)}); "
        "choose a folder that you can write to, on a disk with free space"
    )

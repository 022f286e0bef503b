"""Makes a clip of passages of several recordings, whole or not at all, with one account of all its sources.

Where their loudness is made even, each passage is measured first, and the finished clip last: an encoder moves peaks,
and where one of them is then too high, passages are made softer by so much, and encoded again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from player.archive.webvtt.writing import write_transcript
from player.audio.decode.samples import PastEndError
from player.audio.loudness import measure_file
from player.clips import joined_account as accounts
from player.clips.chapters import cue_points, given_to_encoder, write_chapters
from player.clips.clip import check_targets, digest_of, told
from player.clips.closed import closed_in, refuse_closed
from player.clips.copied import CopiedJoin
from player.clips.credentials import manifest_of_joined, sign
from player.clips.cut import sound_file
from player.clips.joined import CEILING, Evened, Joined, JoinedSound, evened, gained, joined_sound
from player.clips.mp4_chapters import write_mp4_chapters
from player.clips.provenance import SIGNED, follows, sidecars
from player.clips.versions import words_version
from player.clips.write import encode, wav_fields, write_tags
from player.errors import ClipError, shown
from player.files import new_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from player.archive.sources import Source
    from player.audio.decode.samples import Decoding
    from player.audio.loudness import Loudness
    from player.clips.signer import Signer

# How often a clip is encoded at most until it is as loud as it should be, and no peak is too high.
_ROUNDS: Final = 4
# How far from what was asked for a clip may be, in LU, before it is encoded again.
_OFF: Final = 0.2
# How much of the work it is to measure the passages.
_MEASURED: Final = 0.4


@dataclass(frozen=True)
class JoinedClip:
    """A clip that was joined: its file, what it is made of, and how loud it is, where that was made even.

    ``copied`` is what it has of its recordings' files, where it is a copy; ``not_copied`` why it is none, where one was
    asked for.
    """

    path: Path
    joined: Joined
    title: str
    sound: JoinedSound
    evened: tuple[Evened, ...]
    loudness: Loudness | None
    sidecar: Mapping[str, Any]
    copied: CopiedJoin | None = None
    not_copied: str | None = None

    @property
    def unchecked(self) -> str | None:
        """The label of its words, where a machine wrote some and nobody has heard them all; None elsewhere."""
        said = (each["machine"] for each in self.sidecar[accounts.PASSAGES] if each["machine"])
        return next((each["label"] for each in said if each["label"]), None)

    def as_json(self) -> dict[str, Any]:
        """Describe it in what JSON can hold."""
        whole = self.sound.decoding
        return {
            "path": str(self.path),
            "recordings": list(self.joined.recordings),
            "title": self.title,
            "rate": whole.rate,
            "channels": whole.channels,
            "length": whole.length,
            "is_copy": self.copied is not None,
            "sidecar": self.sidecar,
        }


def make_joined(
    joined: Joined,
    target: Path,
    sources: Mapping[str, Source],
    *,
    force: bool = False,
    include_closed: bool = False,
    signer: Signer | None = None,
    progress: Callable[[float], object] = lambda _: None,
) -> JoinedClip:
    """Join passages into the file ``target``, with its provenance in its tags, its chapters, and two files beside it.

    ``sources`` is the bibliography; a ``signer`` signs all this, last. What is closed is cut only where
    ``include_closed`` is set, and then the clip says so. ``progress`` is called with how much is done, from 0 to 1.
    Existing files are replaced only with ``force``.

    :raise ClosedError: where something in it is closed.
    :raise ClipError: where it cannot be made as asked; nothing is left behind.
    :raise AudioError: where the sound of a recording cannot be read.
    """
    joined.check()
    for piece in joined.pieces:
        if not include_closed:
            refuse_closed(piece.recording, [piece.span])
        if target.exists() and target.samefile(sound_file(piece.recording)):
            raise ClipError(f"{shown(target)}: this is the recording itself; give the clip another name")
    closed = [closed_in(piece.recording, [piece.span]) if include_closed else () for piece in joined.pieces]
    versions = {slug: words_version(recording) for slug, recording in joined.recordings.items()}
    account = accounts.account(joined, sources, closed, versions)
    sidecar, words = sidecars(target)
    # The sidecar is put in place last: if the process is killed before, nothing vouches for the clip.
    has_words = any(follows(recording) for recording in joined.recordings.values())
    targets = [*([words] if has_words else []), target, sidecar]
    check_targets(targets, force=force)
    with told(target), new_files(targets, force=force) as besides:
        places = dict(zip(targets, besides, strict=True))
        making = _Making(joined, account, target, places[target], progress)
        try:
            done = making.made()
        except PastEndError:
            # A file did not state how long its sound is; now it is known.
            done = making.made()
        account = done.account
        if signer is not None:
            manifest = manifest_of_joined(done.joined, account, done.sound, signer)
            sign(places[target], joined.cut.suffix, manifest, signer)
        digest = digest_of(places[target])
        files = {"clip": (target.name, digest)}
        if has_words:
            header = accounts.words_header(done.joined, account, target, digest)
            write_transcript(places[words], accounts.words(done.joined, done.sound), header)
            files["transcript"] = (words.name, digest_of(places[words]))
        said = accounts.sidecar(done.joined, account, done.sound, done.evened, done.loudness, files)
        if signer is not None:
            said[SIGNED] = signer.settled
        places[sidecar].write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    progress(1.0)
    has, why = account.whole.copied, account.whole.not_copied
    copied = has if isinstance(has, CopiedJoin) else None
    title = account.whole.title
    return JoinedClip(target, done.joined, title, done.sound, done.evened, done.loudness, said, copied, why)


@dataclass(frozen=True)
class _Done:
    joined: Joined
    sound: JoinedSound
    account: accounts.Account
    evened: tuple[Evened, ...] = ()
    loudness: Loudness | None = None


@dataclass(frozen=True)
class _Making:
    """Writes the sound of a joined clip to ``place``; it will be ``target``."""

    joined: Joined
    account: accounts.Account
    target: Path
    place: Path
    progress: Callable[[float], object]

    def made(self) -> _Done:
        """Write it, as loud as was asked for, or as a copy where that can be."""
        if self.joined.cut.is_copy:
            return self._copied()
        if self.joined.loudness is None:
            return self._written(self.joined, ())
        wanted, ceiling = self.joined.loudness, CEILING
        measured = [each.measured for each in evened(self.joined, joined_sound(self.joined), self._measured)]
        for _ in range(_ROUNDS):
            changes = tuple(gained(each, wanted, ceiling) for each in measured)
            pieces = zip(self.joined.pieces, changes, strict=True)
            done = self._written(
                replace(self.joined, pieces=tuple(replace(piece, gain=each.gain) for piece, each in pieces)), changes
            )
            heard = measure_file(self.place)
            over = 0.0 if heard.true_peak is None else max(0.0, heard.true_peak - CEILING)
            # The silences between passages, and what an encoder leaves out, make the whole softer than each of them.
            is_off = heard.integrated is not None and abs(heard.integrated - self.joined.loudness) > _OFF
            if heard.integrated is None or not (over or (is_off and not any(each.is_limited for each in changes))):
                break
            ceiling -= over
            wanted += 0.0 if over else self.joined.loudness - heard.integrated
        return replace(done, loudness=heard)

    def _copied(self) -> _Done:
        from player.clips import copying, copying_joined  # noqa: PLC0415  # only copies need them

        try:
            has, sound = copying_joined.copy_joined(self.joined, joined_sound(self.joined), self.place)
        except copying.NotCopiedError as refusal:
            whole = replace(self.account.whole, not_copied=str(refusal))
            encoded = replace(self.joined, cut=self.joined.cut.encoded)
            return replace(self, joined=encoded, account=replace(self.account, whole=whole)).made()
        account, chapters = self.account.of_copy(has), sound.chapters(self.joined.pieces)
        if self.joined.cut.format.tags == "MP4":
            write_mp4_chapters(self.place, chapters)
        write_tags(self.place, self.joined.cut.format, account.whole)
        write_chapters(self.place, self.joined.cut.format, chapters)
        return _Done(self.joined, sound, account)

    def _measured(self, done: float) -> None:
        self.progress(_MEASURED * done)

    def _written(self, joined: Joined, changes: tuple[Evened, ...]) -> _Done:
        cut, whole = joined.cut, self.account.whole
        sound = joined_sound(joined)
        chapters = sound.chapters(joined.pieces)
        fields = {} if cut.format.is_encoded else wav_fields(whole)
        heard = _heard(sound.decoding, self._encoded)
        chunks = cue_points([(first, each.title) for first, each in zip(sound.begins, chapters, strict=True)])
        with given_to_encoder(cut.format, chapters) as beside:
            encode(
                heard,
                self.place,
                cut.format,
                title=whole.title,
                bitrate=cut.bitrate,
                fields=fields,
                beside=beside,
                chunks=chunks,
            )
        write_tags(self.place, cut.format, whole)
        write_chapters(self.place, cut.format, chapters)
        return _Done(joined, sound, self.account, changes)

    def _encoded(self, done: float) -> None:
        begun = 0.0 if self.joined.loudness is None else _MEASURED
        self.progress(begun + (0.99 - begun) * done)


def _heard(sound: Decoding, progress: Callable[[float], object]) -> Decoding:
    """Give a sound that tells how much of it has gone by."""

    def pieces() -> Any:
        there, whole = 0, max(1, sound.length * sound.frame)
        for samples in sound.pieces():
            yield samples
            there += len(samples)
            progress(there / whole)

    return replace(sound, _begin=pieces)

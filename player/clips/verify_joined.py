"""Checks a clip that was joined from several recordings: each of its passages as a clip of its own, then the whole."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from player.audio import cache
from player.clips import compare, copying_joined, verify
from player.clips import joined_account as accounts
from player.clips.closed import HandedOn
from player.clips.cut import sound_file
from player.clips.joined import Joined, Piece, joined_sound
from player.clips.provenance import KEY, SIGNED, of_clip
from player.errors import ArchiveError, PlayerError, quoted
from player.publish.citation import NOTICE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.clips.copied import CopiedJoin
    from player.clips.cut import Cut
    from player.clips.joined import JoinedSound
    from player.clips.signer import Signer
    from player.clips.verify import Verdict
    from player.clips.versions import WordsVersion

# No gain of a joined clip is larger, in dB.
_MOST_GAIN = 100
# What a sidecar has of a passage beside what it would have of a clip.
_OF_JOINED = ("chapter", "gain", "measured", accounts.PLACED)
# By how much, in milliseconds, a copy of passages may be longer than they are, for each: a few frames at low rates.
_OF_FRAMES = 400


def verify_any(clip: Path, archive: Archive) -> Verdict:
    """Check a clip, of one recording or joined from several, as ``verify.verify`` does.

    :raise VerifyError: where it has no sidecar that can be read.
    :raise PlayerError: where the archive does not have a recording, or the clip holds no sound.
    """
    is_there = clip.is_file() and clip.suffix != ".json"
    if not is_there or accounts.PASSAGES not in (sidecar := verify.read_sidecar(clip)):
        return verify.verify(clip, archive)
    return _verdict(sidecar, clip, archive)


def is_joined_current(clip: Path, joined: Joined, signer: Signer | None = None) -> bool:
    """Tell whether ``clip`` exists, is unchanged, and is what would be joined now, from the same sounds, so signed."""
    try:
        sidecar = verify.read_sidecar(clip)
        stated = sidecar[accounts.PASSAGES]
        made = verify.cut_of({**sidecar, "cut": [part for said in stated for part in said["cut"]]}, clip)
        is_encoded = joined.cut.is_copy and sidecar.get(accounts.NOT_COPIED) is not None
        return (
            (made == joined.cut or (is_encoded and made == joined.cut.encoded))
            and sidecar["settings"]["loudness"] == joined.loudness
            and sidecar.get(SIGNED) == (None if signer is None else signer.settled)
            and not list(verify.file_problems(clip, sidecar))
            and all(_is_current(said, piece, joined) for said, piece in zip(stated, joined.pieces, strict=True))
        )
    except (KeyError, TypeError, ValueError, PlayerError):
        return False


def _is_current(said: Mapping[str, Any], piece: Piece, joined: Joined) -> bool:
    return (
        said["recording"] == piece.recording.slug
        and said["media_sha256"] == cache.digest(sound_file(piece.recording))
        and said["chapter"]["title"] == piece.title
        and verify.says_as_much(said, piece.recording, joined.part(piece))
    )


def _verdict(sidecar: Mapping[str, Any], clip: Path, archive: Archive) -> Verdict:
    joined, stated = _stated(sidecar, clip, archive)
    verdict = verify.Verdict(
        joined.cut, "; ".join(joined.recordings), (), None, joined=accounts.cut_text(joined.cut, joined.pieces)
    )
    problems = [
        f"{piece.place} was cut from a different sound from the one that {piece.recording.slug} has now"
        " (their SHA-256 differ)"
        for piece, said in zip(joined.pieces, stated, strict=True)
        if cache.digest(sound_file(piece.recording)) != said.get("media_sha256")
    ]
    if problems:
        return replace(verdict, problems=tuple(problems))
    problems += verify.file_problems(clip, sidecar)
    slack = _OF_FRAMES * len(joined.pieces) if joined.cut.is_copy else 0
    if (wrong := verify.length_problem(clip, verdict.recording, joined.cut, slack)) is not None:
        return replace(verdict, problems=(*problems, wrong))
    sound, has = joined_sound(joined), None
    if joined.cut.is_copy:
        has = copying_joined.what_is_copied(joined, sound)
        if has is None or not copying_joined.is_copy_of(clip, joined, sound):
            problems.append("its coded bytes are not those of the recordings' files")
        sound = sound if has is None else copying_joined.placed_sound(sound, has)
    remarks: list[str] = []
    handed_on = HandedOn(archive, include_closed=True)
    seen = []
    for number, (piece, said) in enumerate(zip(joined.pieces, stated, strict=True)):
        # What was open when it was cut may be closed by now: it is what it was all the same.
        is_own = bool(verify.closed_stated(said, clip))
        shown_now = piece.recording if is_own else handed_on.recording(piece.recording, [piece.span])
        seen.append(replace(piece, recording=shown_now))
        wrong, more = _passage_problem(archive, joined, number, shown_now, said, sound, has, clip)
        problems += [] if wrong is None else [wrong]
        remarks += more
    problems += _whole_problems(sidecar, replace(joined, pieces=tuple(seen)), stated, sound, clip)
    if joined.cut.is_copy:
        return replace(verdict, problems=tuple(problems), remarks=tuple(dict.fromkeys(remarks)), is_copy=True)
    apart = compare.distance(clip, sound.decoding, joined.cut)
    if not apart.is_within:
        problems.append(verify.sound_problem(apart))
    return replace(verdict, problems=tuple(problems), distance=apart, remarks=tuple(dict.fromkeys(remarks)))


def _stated(sidecar: Mapping[str, Any], clip: Path, archive: Archive) -> tuple[Joined, list[dict[str, Any]]]:
    """Read what a sidecar says of the passages.

    :raise VerifyError: where it is impossible.
    """
    refusal = verify.impossible(clip)
    stated = sidecar[accounts.PASSAGES]
    if not isinstance(stated, list) or not all(isinstance(each, dict) for each in stated):
        raise refusal
    pieces = []
    try:
        spans = [part for each in stated for part in each["cut"]]
        cut = verify.cut_of({**sidecar, "cut": spans}, clip)
        loudness = sidecar["settings"]["loudness"]
        gains = [float(each["gain"]) for each in stated]
        names = [str(each["chapter"]["title"]) for each in stated]
        joined = Joined((), cut, None if loudness is None else float(loudness))
        joined.check()
    except (KeyError, TypeError, ValueError, PlayerError):
        raise refusal from None
    if len(cut.spans) != len(stated) or not all(abs(gain) <= _MOST_GAIN and math.isfinite(gain) for gain in gains):
        raise refusal
    opened: dict[str, Recording] = {}
    for number, (said, span, gain, name) in enumerate(zip(stated, cut.spans, gains, names, strict=True), 1):
        slug = verify.slug_stated(said, clip)
        recording = opened[slug] = opened.get(slug) or archive.recording(slug)
        # What a clip says of its words cannot be compared with words that cannot be read.
        if unread := (*recording.unread.media, *recording.unread.transcript):
            raise ArchiveError(unread)
        pieces.append(Piece(recording, span, name, f"its passage {number}, {span} of {slug},", gain))
    return replace(joined, pieces=tuple(pieces)), stated


def _passage_problem(
    archive: Archive,
    joined: Joined,
    number: int,
    seen: Recording,
    said: Mapping[str, Any],
    sound: JoinedSound,
    has: CopiedJoin | None,
    clip: Path,
) -> tuple[str | None, list[str]]:
    """Say what is wrong with what a sidecar says of one passage, and what is to be remarked."""
    piece = joined.pieces[number]
    closed = verify.closed_stated(said, clip)
    cut: Cut = joined.part(piece)

    def expect(recording: Recording, version: WordsVersion | None) -> dict[str, Any]:
        account = of_clip(recording, cut, archive.sources, closed, version)
        account = account if has is None else replace(account, copied=has.copied[number])
        made: dict[str, Any] = json.loads(
            json.dumps(accounts.passage(account, replace(piece, recording=recording), sound.ranges[number]))
        )
        return made

    told = verify.compared(said, archive, piece.recording, seen, expect)
    if told is None:
        return f"the version of the transcript that {piece.place} names cannot be found in the archive", []
    expected, differing, remarks = told
    if said.keys() - expected.keys() - set(_OF_JOINED):
        return f"{piece.place} has keys that were not written into it", remarks
    if differing:
        return f"{piece.place} differs from the archive in: {', '.join(differing)}", remarks
    place = None if has is None else json.loads(json.dumps(asdict(has.placed[number])))
    if said.get(accounts.PLACED) != place:
        return f"{piece.place} is not where its sidecar says", remarks
    return None, remarks


def _whole_problems(
    sidecar: Mapping[str, Any], joined: Joined, stated: list[dict[str, Any]], sound: JoinedSound, clip: Path
) -> Iterator[str]:
    """List what is wrong with what a sidecar says of the whole."""
    closed = tuple(dict.fromkeys(label for said in stated for label in verify.closed_stated(said, clip)))
    readings = [said.get("notice") for said in stated if said.get("notice")]
    whole = sound.decoding
    shape = {name: getattr(whole, name) for name in ("rate", "channels", "width", "length")}
    # The titles of recordings are compared with each passage.
    expected = {"title": accounts.title_of(joined, closed), "notice": readings[0] if readings else None, "sound": shape}
    if differing := [name for name, value in expected.items() if sidecar.get(name) != value]:
        yield f"its sidecar differs from the archive in: {', '.join(differing)}"
    known = {KEY, accounts.PASSAGES, "settings", "loudness", *expected, *verify.FREE, accounts.NOT_COPIED}
    if sidecar.keys() - known:
        yield "its sidecar has keys that were not written into it"
    for said, chapter in zip(stated, sound.chapters(joined.pieces), strict=True):
        if (said["chapter"].get("start"), said["chapter"].get("end")) != (chapter.start, chapter.end):
            yield f"the chapter {quoted(said['chapter']['title'])} is not where its sidecar says"
    for piece, said in zip(joined.pieces, stated, strict=True):
        if piece.recording.is_reading and not said["chapter"]["title"].startswith(NOTICE):
            yield f"the chapter {quoted(said['chapter']['title'])} does not say that it is of a reading"

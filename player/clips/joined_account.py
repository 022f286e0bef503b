"""Says what a clip is that is joined from several recordings: in its tags, and in one account of all its sources.

Each passage has in it what it would have as a clip of its own: its recording, the digest of that, its words, whose they
are, on what terms, and how it is cited. The tags have what all of them have together.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from player.archive.transcript import retimed
from player.archive.webvtt.fadgi import CAPTION, TYPE
from player.archive.webvtt.header import BINDING, USAGE
from player.audio import ffmpeg
from player.clips import provenance as accounts
from player.clips.copied import CopiedJoin
from player.clips.machine_words import MachineWords, items, labelled
from player.clips.provenance import KEY, VERSION, Provenance, clip_title, in_words, made_by
from player.publish.citation import NOTICE
from player.publish.transcripts.fadgi import kind_and_language
from player.timecode import SECOND, display

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from player.archive.sources import Source
    from player.archive.transcript import Cue
    from player.audio.loudness import Loudness
    from player.clips.cut import Cut
    from player.clips.joined import Evened, Joined, JoinedSound, Piece
    from player.clips.versions import WordsVersion

#: The key of a sidecar under which the passages are that were joined.
PASSAGES: Final = "joined"
#: The key under which each of these says where it is in a copy, and what is heard around it.
PLACED: Final = "placed"
#: The key that says why a clip is no copy which was to be one.
NOT_COPIED: Final = "not_copied"
# So many citations stand in a tag; of more, the account beside the clip has each.
_CITED: Final = 20
# A title names so many recordings.
_NAMED: Final = 3


@dataclass(frozen=True)
class Account:
    """What each piece says of itself, in the order of the pieces, and what all say together."""

    passages: tuple[Provenance, ...]
    whole: Provenance

    def of_copy(self, has: CopiedJoin) -> Account:
        """Give what they say where the clip is a copy."""
        passages = zip(self.passages, has.copied, strict=True)
        return Account(
            tuple(replace(said, copied=copied) for said, copied in passages), replace(self.whole, copied=has)
        )


def title_of(joined: Joined, closed: Sequence[str] = ()) -> str:
    """Give the title of a joined clip; it says that there is a reading in it, and what is closed in it."""
    recordings = list(joined.recordings.values())
    if len(recordings) == 1:
        return clip_title(recordings[0], *joined.cut.spans, closed=closed)
    names = [recording.title for recording in recordings[:_NAMED]]
    more = f" and {len(recordings) - _NAMED} more" if len(recordings) > _NAMED else ""
    not_open = f" [{'; '.join(closed)}]" if closed else ""
    notice = f"{NOTICE}: " if any(each.is_reading for each in recordings) else ""
    title = f"{notice}{len(joined.pieces)} passages of {'; '.join(names)}{more}{not_open}"
    return "".join(letter if letter.isprintable() else " " for letter in title)


def account(
    joined: Joined,
    sources: Mapping[str, Source],
    closed: Sequence[tuple[str, ...]],
    versions: Mapping[str, WordsVersion | None],
) -> Account:
    """Gather what a joined clip says of itself; ``closed`` is what is in each of its pieces, as labels.

    ``versions`` are those of the recordings' words, by their slugs.

    :raise PlayerError: as ``of_clip`` does.
    """
    passages = tuple(
        accounts.of_clip(piece.recording, joined.part(piece), sources, labels, versions.get(piece.recording.slug))
        for piece, labels in zip(joined.pieces, closed, strict=True)
    )
    return Account(passages, _together(joined, passages))


def sidecar(
    joined: Joined,
    account: Account,
    sound: JoinedSound,
    done: Sequence[Evened],
    result: Loudness | None,
    files: Mapping[str, tuple[str, str]],
) -> dict[str, Any]:
    """Give what the file beside the clip holds; ``files`` has the names and SHA-256 of ``clip`` and ``transcript``.

    ``done`` is what made each passage even, and ``result`` how loud the clip is, where that was asked for.
    """
    has, why = account.whole.copied, account.whole.not_copied
    passages = []
    chapters = sound.chapters(joined.pieces)
    for piece, said, samples, chapter in zip(joined.pieces, account.passages, sound.ranges, chapters, strict=True):
        stated = passage(said, piece, samples)
        passages.append({**stated, "chapter": asdict(chapter), "gain": piece.gain, "measured": None})
    for stated, each in zip(passages, done, strict=False):
        stated["measured"] = asdict(each.measured)
    if isinstance(has, CopiedJoin):
        for stated, place in zip(passages, has.placed, strict=True):
            stated[PLACED] = asdict(place)
    # Another one makes other samples of what it brings to one rate, and another file of all.
    is_encoded = has is None and (joined.cut.format.is_encoded or bool(sound.shapes))
    return {
        KEY: VERSION,
        "title": account.whole.title,
        "notice": account.whole.notice,
        PASSAGES: passages,
        "settings": {**accounts.settings(joined.cut), "loudness": joined.loudness},
        "loudness": None if result is None else asdict(result),
        "sound": accounts.sampled(sound.decoding),
        **{name: {"file": file, "sha256": digest} for name, (file, digest) in files.items()},
        "made_by": made_by(),
        "encoder": Path(ffmpeg.executable()).name if is_encoded else None,
        **({NOT_COPIED: why} if why else {}),
    }


def passage(said: Provenance, piece: Piece, samples: tuple[int, int]) -> dict[str, Any]:
    """Give what a sidecar has of a piece, as that of a clip of its own would have it."""
    span = piece.span
    cut = {
        "start": span.start,
        "end": span.end,
        "from": display(span.start),
        "to": display(span.end),
        "samples": list(samples),
        "words": "".join(said.words),
    }
    return {**asdict(said), "words": list(said.words), "cut": [cut]}


def words(joined: Joined, sound: JoinedSound) -> tuple[Cue, ...]:
    """Give the lines heard in the clip, from 0:00 on."""
    rate = sound.decoding.rate
    passages = [
        (accounts.lines_of(piece.recording), piece.span, begins * SECOND // rate)
        for piece, begins in zip(joined.pieces, sound.begins, strict=True)
    ]
    return labelled(retimed(passages))


def words_header(joined: Joined, account: Account, clip: Path, digest: str) -> list[tuple[str, str]]:
    """Give the header of the clip's words: what they are, and the sound that they are timed to, which is the clip's."""
    recordings = list(joined.recordings.values())
    languages = {recording.language for recording in recordings}
    said = list(zip(joined.pieces, account.passages, strict=True))
    # What the header says holds for every line: rather that nobody has heard one than that somebody has.
    written = sorted(
        (
            (each.machine.label is None, each.machine.reviewed is not None, n)
            for n, (_, each) in enumerate(said)
            if each.machine
        )
    )
    placed = [piece.recording for piece, each in said if each.aligned is not None]
    machine = [
        *(item for *_, n in written[:1] for item in items(said[n][0].recording, is_by_machine=True, is_placed=False)),
        *(item for recording in placed[:1] for item in items(recording, is_by_machine=False, is_placed=True)),
    ]
    history = f"Joined from {account.whole.passages}, by {made_by()}"
    return [
        *(kind_and_language(*languages) if len(languages) == 1 else [(TYPE, CAPTION)]),
        ("Title", account.whole.title),
        ("Originating File", clip.name),
        ("Origin History", ". ".join(filter(None, (history, account.whole.unchecked)))),
        *machine,
        (USAGE, f"{BINDING} {digest}"),
    ]


def _together(joined: Joined, passages: Sequence[Provenance]) -> Provenance:
    """Give what passages say together, each thing once."""
    several = len(joined.recordings) > 1
    closed = _each(label for said in passages for label in said.closed or ())
    dates = _each(said.date for said in passages)
    citations = _each(said.citation for said in passages)
    if len(citations) > _CITED:
        citations = (f"{len(passages)} passages; the file .json beside this one cites each.",)
    return Provenance(
        title=title_of(joined, closed),
        notice=next((said.notice for said in passages if said.notice), None),
        recording="; ".join(joined.recordings),
        recording_title="; ".join(_each(said.recording_title for said in passages)),
        # Of several days none is that of the clip.
        date=dates[0] if len(dates) == 1 else f"several: {'; '.join(dates)}",
        place="; ".join(_each(said.place for said in passages)) or None,
        media="; ".join(_each(said.media for said in passages)),
        media_sha256="; ".join(_each(said.media_sha256 for said in passages)),
        passages="; ".join(f"{said.passages} of {said.recording}" for said in passages),
        words=tuple(text for said in passages for text in said.words),
        speakers=_each(name for said in passages for name in said.speakers),
        sources=_each(source for said in passages for source in said.sources),
        rights=_each(f"{said.recording}: {text}" if several else text for said in passages for text in said.rights),
        citation=" ".join(citations),
        advice=" ".join(_each(said.advice for said in passages)) or None,
        labels=_each(label for said in passages for label in said.labels or ()) or None,
        closed=closed or None,
        parts=tuple(part for said in passages for part in said.parts or ()) or None,
        approximate=next((said.approximate for said in passages if said.approximate), None),
        machine=_machine([said.machine for said in passages if said.machine is not None]),
        aligned="; ".join(_each(said.aligned for said in passages)) or None,
    )


def _machine(found: Sequence[MachineWords]) -> MachineWords | None:
    """Say which machines wrote the words of passages, and whether any of these are to be heard yet."""
    if not found:
        return None
    reviewed = _each(each.reviewed for each in found) if all(each.reviewed for each in found) else ()
    return MachineWords(
        label=next((each.label for each in found if each.label), None),
        program="; ".join(_each(each.program for each in found)),
        model="; ".join(_each(each.model for each in found)) or None,
        date="; ".join(_each(each.date for each in found)) or None,
        reviewed="; ".join(reviewed) or None,
        lines=sum(each.lines for each in found),
        unchecked=sum(each.unchecked for each in found),
    )


def _each(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def cut_text(cut: Cut, pieces: Sequence[Piece]) -> str:
    """Write the passages of a joined clip as one text: ``0:25 to 1:20 of quay; 0:02 to 0:04 of mole``."""
    return "; ".join(
        f"{in_words([span])} of {piece.recording.slug}" for span, piece in zip(cut.spans, pieces, strict=True)
    )

"""A recording and what was cut from it into the clip's provenance: what it is, whose words, from where, on what terms.

It goes into the tags, and whole into the sidecar, ``<clip>.json``, from which the clip can be cut again. The words
go into ``<clip>.vtt``, from 0:00 on.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from player.archive.excerpt import excerpt, retimed
from player.audio import cache, ffmpeg
from player.clips.cut import held
from player.clips.names import clip_title, in_words
from player.publish.citation import NOTICE, sentence
from player.timecode import SECOND, display

if TYPE_CHECKING:
    from collections.abc import Mapping

    from player.archive.recording import Recording
    from player.archive.references import Citation
    from player.archive.sources import Source
    from player.archive.transcript import Cue
    from player.clips.cut import Cut, Sound

#: The version of the file beside a clip, under the key that says what the file is.
VERSION: Final = 1
KEY: Final = "tape-player clip"

# Notes and translations are not heard, so that their terms are not the clip's.
_UNHEARD: Final = frozenset({"annotations", "translation"})


@dataclass(frozen=True)
class Provenance:
    """What is known of a clip. ``words`` has one text for each passage; ``notice`` is a reading's."""

    title: str
    notice: str | None
    recording: str
    recording_title: str
    date: str
    place: str | None
    media: str
    media_sha256: str
    passages: str
    words: tuple[str, ...]
    speakers: tuple[str, ...]
    sources: tuple[str, ...]
    rights: tuple[str, ...]
    citation: str


def sidecars(target: Path) -> tuple[Path, Path]:
    """Give the files beside a clip: its sidecar and its words."""
    return target.with_name(f"{target.name}.json"), target.with_name(f"{target.name}.vtt")


def follows(recording: Recording) -> bool:
    """Tell whether the recording has a transcript that was not timed to another sound than the one it has now."""
    transcript = recording.transcript
    if transcript is None:
        return False
    return transcript.media_sha256 in {None, cache.digest(held(recording))}


def of_clip(recording: Recording, cut: Cut, sources: Mapping[str, Source]) -> Provenance:
    """Give the provenance of a clip.

    :raise ClipError: where the archive does not hold the recording's sound.
    :raise AudioError: where that cannot be read.
    """
    media = held(recording)
    digest = cache.digest(media)
    passages = [excerpt(_lines(recording), span) for span in cut.spans]
    heard = [cue for cues in passages for cue in cues]
    kinds = {speaker.name: speaker.kind for speaker in recording.speaker}
    speakers = dict.fromkeys(turn.speaker for cue in heard for turn in cue.turns if turn.speaker)
    citations = dict.fromkeys([*(citation for cue in heard for citation in cue.citations), *recording.citations])
    return Provenance(
        title=clip_title(recording, *cut.spans),
        notice=f"{NOTICE}." if recording.is_reading else None,
        recording=recording.slug,
        recording_title=recording.title,
        date=recording.date,
        place=recording.place,
        # As the record writes it: a copy of the archive elsewhere may have it in other letters.
        media=recording.media_name or media.name,
        media_sha256=digest,
        passages=in_words(cut.spans),
        words=tuple(" ".join(" ".join(cue.text.split()) for cue in cues) for cues in passages),
        speakers=tuple(f"{name} ({kinds[name]})" if name in kinds else name for name in speakers),
        sources=tuple(_called(citation, sources) for citation in citations),
        rights=tuple(
            f"{each.object}: {each.uri} ({each.basis})" for each in recording.rights if each.object not in _UNHEARD
        ),
        citation=sentence(recording, in_words(cut.spans), digest),
    )


def sidecar(told: Provenance, cut: Cut, sound: Sound, files: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Give what the file beside the clip holds; ``files`` has the names and SHA-256 of ``clip`` and ``transcript``."""
    passages = [
        {
            "start": span.start,
            "end": span.end,
            "from": display(span.start),
            "to": display(span.end),
            "samples": list(samples),
            "words": words,
        }
        for span, samples, words in zip(cut.spans, sound.samples, told.words, strict=True)
    ]
    passage = sound.passage
    return {
        KEY: VERSION,
        **{name: value for name, value in asdict(told).items() if name != "words"},
        "words": list(told.words),
        "cut": passages,
        "settings": settings(cut),
        "sound": {"rate": passage.rate, "channels": passage.channels, "width": passage.width, "length": passage.length},
        **{name: {"file": file, "sha256": digest} for name, (file, digest) in files.items()},
        "made_by": made_by(),
        # Another encoder makes another file of the same passage.
        "encoder": Path(ffmpeg.executable()).name if cut.format.is_encoded else None,
    }


def settings(cut: Cut) -> dict[str, Any]:
    """Give how a clip is written, as its sidecar has it; with the passages it is all that cutting again needs."""
    return {
        "format": cut.suffix.removeprefix("."),
        "bitrate": cut.bitrate,
        "fade_in": cut.fade_in,
        "fade_out": cut.fade_out,
        "gap": cut.gap,
    }


def words(recording: Recording, cut: Cut, sound: Sound) -> tuple[Cue, ...]:
    """Give the lines heard in the clip, from 0:00 on."""
    rate = sound.passage.rate
    passages = []
    begins = 0
    for span, (first, last) in zip(cut.spans, sound.samples, strict=True):
        passages.append((_lines(recording), span, begins))
        begins += (last - first) * SECOND // rate + cut.gap
    return retimed(passages)


def words_header(recording: Recording, told: Provenance, clip: Path, digest: str) -> list[tuple[str, str]]:
    """Give the header of the clip's words: what they are, and the sound that they are timed to, which is the clip's."""
    return [
        ("Type", "transcript"),
        ("Language", recording.language),
        ("Title", told.title),
        ("Originating File", clip.name),
        ("Origin History", f"Cut from {told.recording}, {told.passages}, by {made_by()}"),
        ("Local Usage Element", f"[Media SHA-256] {digest}"),
    ]


@lru_cache(maxsize=1)
def made_by() -> str:
    """Give the name and version of this program."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return f"tape-player {version('tape-player')}"
    except PackageNotFoundError:
        return "tape-player"


def _lines(recording: Recording) -> tuple[Cue, ...]:
    # Words that belong to another sound are not this clip's.
    return recording.transcript.cues if recording.transcript is not None and follows(recording) else ()


def _called(citation: Citation, sources: Mapping[str, Source]) -> str:
    source = sources.get(citation.source)
    called = source.called if source is not None else citation.source
    return called if citation.locator is None else f"{called}, {citation.locator}"

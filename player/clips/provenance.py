"""Says what a clip is: its name, its title, whose words it holds, where they come from, on what terms.

This goes into the tags, and whole into the sidecar, ``<clip>.json``, from which the clip can be cut again. The words
go into ``<clip>.vtt``, from 0:00 on. The name and the title of a reading's clip say that it is a reading, whatever else
is left out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import player
from player.archive.distant_sounds import name_of
from player.archive.transcript import excerpt, retimed
from player.archive.webvtt.header import BINDING, USAGE
from player.audio import cache, ffmpeg
from player.clips.cut import sound_file
from player.clips.defaults import COPY
from player.clips.machine_words import MachineWords, items, labelled, machine_words, placed_by_machine
from player.clips.of_parts import OfPart, of_parts, placed
from player.publish.citation import NOTICE
from player.publish.rights import heard as heard_rights
from player.publish.transcripts.fadgi import kind_and_language
from player.timecode import HOUR, MINUTE, SECOND, display
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from player.archive.labels import Label
    from player.archive.recording import Recording
    from player.archive.references import Citation
    from player.archive.sources import Source
    from player.archive.transcript import Cue
    from player.audio.decode.samples import Decoding
    from player.clips.copied import Copied, CopiedJoin
    from player.clips.cut import ClipSound, Cut, Recorded
    from player.clips.versions import WordsVersion
    from player.timecode import Span

#: The version of the file beside a clip, under the key that says what the file is.
VERSION: Final = 1
KEY: Final = "tape-player clip"
#: Where that file says who signed the clip.
SIGNED: Final = "signed"

#: What is said of a clip whose words are placed by rough times.
APPROXIMATE: Final = "Its words are placed by times that are only approximate."

_READING: Final = "reading"
_CONTROL: Final = re.compile(r"[\0-\x1f\x7f]+")
# What is left of a name that a person gave; a file's name may have 255 bytes, and the span stands before it.
_LONGEST: Final = 60


@value
class Provenance:
    """What is known about a clip. ``words`` has one text for each passage, or none where no line is heard;
    ``notice`` says that it is a reading.

    ``advice`` is what a listener should know first, and ``labels`` are the communities' that go with the recording;
    None where there is none, as in clips that were cut before there could be. ``closed`` says what of it is not to be
    handed on, in a few words each: ``closed until 2041``.
    """

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
    advice: str | None = None
    labels: tuple[str, ...] | None = None
    closed: tuple[str, ...] | None = None
    #: What the clip has of each part, where the recording was joined from several sounds.
    parts: tuple[OfPart, ...] | None = None
    #: Says that its words may not be quite those that are heard.
    approximate: str | None = None
    #: What a machine wrote of its words, where one did.
    machine: MachineWords | None = None
    #: Says that a machine placed some of its lines, and how sure it is: ``timed by a machine, confidence 0.93``.
    aligned: str | None = None
    #: Of which version of the transcript its words are, where there are several.
    words_version: WordsVersion | None = None
    #: Which bytes of the recording's file it has, and what of these is not to be heard, where it is a copy.
    copied: Copied | CopiedJoin | None = None
    #: Why it is none, where one was asked for.
    not_copied: str | None = None

    @property
    def unchecked(self) -> str | None:
        """The label of words that a machine wrote and nobody has heard; None where there are none."""
        return self.machine.label if self.machine is not None else None


def clip_name(recording: Recorded, span: Span, suffix: str = ".mp3") -> str:
    """Name a clip's file: ``<slug>_0m25s000-1m20s000.mp3``; a reading's name says that it is one."""
    return f"{_slug(recording)}_{_in_name(span.start)}-{_in_name(span.end)}{suffix}"


def sorted_name(recording: Recorded, span: Span, longest: int, name: str, suffix: str) -> str:
    """Name the file of one of many clips, so that names sort by time: ``<slug>_00m25s000-01m20s000_<name>.mp3``.

    ``longest`` is a moment, in milliseconds, that none of them passes.
    """
    times = f"{_padded(span.start, longest)}-{_padded(span.end, longest)}"
    return f"{_slug(recording)}_{times}{f'_{name}' if name else ''}{suffix}"


def safe(name: str) -> str:
    """Reduce a name to what any file name can hold: letters, digits, hyphens; empty where none is left."""
    plain = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", name)).strip("-")
    while len(plain.encode()) > _LONGEST:
        plain = plain[:-1].rstrip("-")
    return plain


def says_reading(recording: Recorded, target: Path) -> Path:
    """Give ``target``, with ``-reading`` put in where it is a clip of a reading and its name does not say so."""
    if not recording.is_reading or _READING in target.stem.casefold():
        return target
    return target.with_name(f"{target.stem}-{_READING}{target.suffix}")


def clip_title(recording: Recorded, *spans: Span, closed: Sequence[str] = ()) -> str:
    """Give the title of a clip; a reading's begins by saying that it is one, and it ends with what is closed in it."""
    not_open = f" [{'; '.join(closed)}]" if closed else ""
    title = _CONTROL.sub(" ", f"{recording.title}, {placed(recording, spans)}{not_open}")
    return f"{NOTICE}: {title}" if recording.is_reading else title


def in_words(spans: Sequence[Span]) -> str:
    """Write the spans of a clip as one text: ``0:25 to 1:20; 2:10 to 2:14``."""
    return "; ".join(map(str, spans))


def sidecars(target: Path) -> tuple[Path, Path]:
    """Give the paths of the two files beside a clip: its sidecar and its words."""
    return target.with_name(f"{target.name}.json"), target.with_name(f"{target.name}.vtt")


def follows(recording: Recording) -> bool:
    """Tell whether the recording has a transcript, and none that was timed to another sound than it has now."""
    transcript = recording.transcript
    if transcript is None:
        return False
    return transcript.media_sha256 in {None, cache.digest(sound_file(recording))}


def of_clip(
    recording: Recording,
    cut: Cut,
    sources: Mapping[str, Source],
    closed: tuple[str, ...] = (),
    version: WordsVersion | None = None,
) -> Provenance:
    """Gather the provenance of a clip, in which something is ``closed``, as these labels say.

    ``version`` is that of the recording's words, where there are several.

    :raise ClipError: where the archive does not hold the recording's sound.
    :raise AudioError: where that cannot be read.
    """
    media = sound_file(recording)
    digest = cache.digest(media)
    passages = [excerpt(lines_of(recording), span) for span in cut.spans]
    heard = [cue for cues in passages for cue in cues]
    kinds = {speaker.name: speaker.kind for speaker in recording.speaker}
    speakers = dict.fromkeys(turn.speaker for cue in heard for turn in cue.turns if turn.speaker)
    machine = machine_words(recording, heard)
    version = version if heard else None
    citations = dict.fromkeys([*(citation for cue in heard for citation in cue.citations), *recording.citations])
    return Provenance(
        title=clip_title(recording, *cut.spans, closed=closed),
        notice=f"{NOTICE}." if recording.is_reading else None,
        recording=recording.slug,
        recording_title=recording.title,
        date=recording.date,
        place=recording.place,
        # As the record writes it: a copy of the archive elsewhere may have it in other letters.
        media=name_of(recording) or media.name,
        media_sha256=digest,
        passages=in_words(cut.spans),
        words=tuple(" ".join(" ".join(cue.text.split()) for cue in cues) for cues in passages) if heard else (),
        speakers=tuple(f"{name} ({kinds[name]})" if name in kinds else name for name in speakers),
        sources=tuple(_called(citation, sources) for citation in citations),
        rights=tuple(f"{each.object}: {each.uri} ({each.basis})" for each in heard_rights(recording)),
        citation=_sentence(
            recording, placed(recording, cut.spans), digest, machine.label if machine else None, version
        ),
        advice=recording.advice,
        labels=tuple(_label(each) for each in recording.label) or None,
        closed=closed or None,
        parts=of_parts(recording, cut.spans) or None,
        approximate=APPROXIMATE if any(cue.is_approximate for cue in heard) else None,
        machine=machine,
        aligned=placed_by_machine(heard),
        words_version=version,
    )


def sidecar(provenance: Provenance, cut: Cut, sound: ClipSound, files: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Give what the file beside the clip holds; ``files`` has the names and SHA-256 of ``clip`` and ``transcript``."""
    passages = [
        {
            "start": span.start,
            "end": span.end,
            "from": display(span.start),
            "to": display(span.end),
            "samples": [first, last],
            "words": words,
        }
        for span, (first, last), words in zip(
            cut.spans, sound.ranges, provenance.words or [""] * len(cut.spans), strict=True
        )
    ]
    return {
        KEY: VERSION,
        **{name: value for name, value in asdict(provenance).items() if name != "words"},
        "words": list(provenance.words),
        "cut": passages,
        "settings": settings(cut),
        "sound": sampled(sound.decoding),
        **{name: {"file": file, "sha256": digest} for name, (file, digest) in files.items()},
        "made_by": made_by(),
        # Another encoder makes another file of the same passage.
        "encoder": Path(ffmpeg.executable()).name if cut.format.is_encoded and not cut.is_copy else None,
    }


def sampled(decoding: Decoding) -> dict[str, int]:
    """Describe the samples of which a clip was made, for its sidecar."""
    return {name: getattr(decoding, name) for name in ("rate", "channels", "width", "length")}


def settings(cut: Cut) -> dict[str, Any]:
    """Describe how a clip is written, for its sidecar; with the passages it is all that cutting it again needs."""
    return {
        "format": COPY if cut.is_copy else cut.suffix.removeprefix("."),
        "bitrate": cut.bitrate,
        "fade_in": cut.fade_in,
        "fade_out": cut.fade_out,
        "gap": cut.gap,
    }


def words(recording: Recording, cut: Cut, sound: ClipSound) -> tuple[Cue, ...]:
    """Give the lines heard in the clip, from 0:00 on."""
    rate = sound.decoding.rate
    passages = []
    begins = 0
    for span, (first, last) in zip(cut.spans, sound.ranges, strict=True):
        passages.append((lines_of(recording), span, begins))
        begins += (last - first) * SECOND // rate + cut.gap
    return labelled(retimed(passages))


def words_header(recording: Recording, provenance: Provenance, clip: Path, digest: str) -> list[tuple[str, str]]:
    """Give the header of the clip's words: what they are, and the sound that they are timed to, which is the clip's."""
    of_words = f", {provenance.words_version}" if provenance.words_version else ""
    history = f"Cut from {provenance.recording}, {provenance.passages}{of_words}, by {made_by()}"
    return [
        *kind_and_language(recording.language),
        ("Title", provenance.title),
        ("Originating File", clip.name),
        ("Origin History", ". ".join(filter(None, (history, provenance.unchecked)))),
        *items(recording, is_by_machine=provenance.machine is not None, is_placed=provenance.aligned is not None),
        (USAGE, f"{BINDING} {digest}"),
    ]


@lru_cache(maxsize=1)
def made_by() -> str:
    """Give the name and version of this program."""
    return f"tape-player {player.__version__}"


def _slug(recording: Recorded) -> str:
    says_so = not recording.is_reading or _READING in recording.slug
    return recording.slug if says_so else f"{recording.slug}-{_READING}"


def _in_name(moment: int) -> str:
    hours, rest = divmod(moment, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    text = f"{minutes}m{rest // SECOND:02d}s{rest % SECOND:03d}"
    return f"{hours}h{text:0>9}" if hours else text


def _padded(moment: int, longest: int) -> str:
    hours, rest = divmod(moment, HOUR)
    text = f"{rest // MINUTE:02d}m{rest % MINUTE // SECOND:02d}s{rest % SECOND:03d}"
    width = len(str(longest // HOUR))
    return f"{hours:0{width}d}h{text}" if longest >= HOUR else text


def lines_of(recording: Recording) -> tuple[Cue, ...]:
    """Give the lines that a clip's words are taken from; none where they were timed to another sound."""
    # Words of another sound are not this clip's.
    return recording.transcript.cues if recording.transcript is not None and follows(recording) else ()


def _called(citation: Citation, sources: Mapping[str, Source]) -> str:
    source = sources.get(citation.source)
    called = source.called if source is not None else citation.source
    return called if citation.locator is None else f"{called}, {citation.locator}"


def _label(label: Label) -> str:
    """Write a label in one text: its name, its community's own words, and where it stands."""
    return " ".join(part for part in (f"{label.name}:", label.text, label.address) if part)


def _sentence(recording: Recording, passages: str, digest: str, label: str | None, version: WordsVersion | None) -> str:
    """Write the sentence by which a clip's passages can be found again: what, when, where, and in which file.

    A ``label`` of the words goes with it, as with what the page of citations gives, and their ``version``.
    """
    original = recording.original
    kept = (original.repository, original.collection, original.identifier) if original is not None else ()
    parts = (
        f"“{recording.title}”",
        recording.date,
        recording.place,
        recording.identifier,
        *kept,
        passages,
        version and str(version),
    )
    notice = f" {NOTICE}." if recording.is_reading else ""
    notice += f" {label}." if label else ""
    return f"{', '.join(part for part in parts if part)}.{notice} Recording {recording.slug}, SHA-256 {digest}."

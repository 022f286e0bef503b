"""Says what ``player transcribe`` would do, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.commands.advised import with_archive
from player.commands.output import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.align.draft_files import Written
    from player.align.recognisers import Recogniser
    from player.align.transcribing import Draft
    from player.archive.recording import Record, Recording
    from player.timecode import Span

_TRANSCRIPT: Final = "transcript.vtt"
#: So many of the passages that were left out are each named.
_NAMED: Final = 5
#: From here on, a language that was heard is told of as another than the one that was asked for.
_SURE: Final = 0.5


def nothing(sound: Path, draft: Draft) -> str:
    """Say that no words were found, and what was too doubtful."""
    from player.errors import shown

    what = "no words were found"
    if draft.left_out:
        what += f"; what there is was too doubtful ({_passages(draft.left_out)})"
    elif not draft.voiced:
        what += ", for no voice is heard in it"
    return f"{shown(sound)}: {what}; nothing is written"


def language_heard(detected: tuple[str, float], code: str, tag: str, *, is_asked: bool) -> Iterator[tuple[str, bool]]:
    """Say which language the sound seems to be in, and whether that is a warning."""
    from player.archive import languages

    found, sure = detected
    name, heard = languages.language(tag).name, languages.language(found).name
    if found == code:
        yield f"the language is {name}, as far as the sound tells ({sure:.0%} sure)", False
    elif sure >= _SURE:
        whose = "--language says" if is_asked else "the record says"
        yield (
            (
                f"the language seems to be {heard} ({sure:.0%} sure), but {whose} {name}, and so it was transcribed; "
                f"if it is {heard}, use --again --language {found}"
            ),
            True,
        )


def planned(record: Record, sound: Path, recogniser: Recogniser, tag: str, code: str) -> Iterator[str]:
    """Say what would be done."""
    from player.align.transcribing import kept
    from player.archive import languages
    from player.audio.probe import probe
    from player.errors import shown
    from player.timecode import lasting

    length = lasting(probe(sound).duration)
    yield (
        f"{shown(sound)}: {length}, to be transcribed as {languages.language(tag).name} with "
        f"{recogniser.called} ({shown(recogniser.folder)})"
    )
    if count := kept(sound, recogniser, code):
        yield f"{counted(count, 'piece')} of it {'is' if count == 1 else 'are'} done already"
    yield f"nothing is written; without --dry-run, {shown(record.folder / _TRANSCRIPT)} would be"


def told(recording: Recording, written: Written, draft: Draft) -> Iterator[str]:
    """Say what was written, and what to do now."""
    from player.archive.gate.declared import DRAFT
    from player.archive.machine import LABEL
    from player.errors import shown
    from player.timecode import lasting

    words = sum(len(line.text.split()) for line in draft.lines)
    voiced = lasting(draft.voiced)
    yield (
        f"{shown(recording.folder / _TRANSCRIPT)} is written: {counted(len(draft.lines), 'line')}, "
        f"{counted(words, 'word')}, from {voiced} of speech"
    )
    if written.brought.before is not None:
        yield "the draft that was there is kept in history"
    for remark in written.brought.remarks:
        yield f"  {remark.deed.value}: {remark.what}"
    if draft.left_out:
        yield f"left out as too doubtful, or not made out: {_passages(draft.left_out)}"
    if written.tells_closed:
        yield "it says what visitors may not hear, so it is a draft until you publish it"
    elif written.is_closed_again:
        yield ('the transcript was "open" in recording.toml; that was said of the words before, and it is a draft now')
    withheld = recording.shown.transcript
    if withheld is None:
        yield f'A machine wrote this, and nobody has checked it. Visitors see it, with "{LABEL}".'
    else:
        yield "A machine wrote this, and nobody has checked it, so visitors do not see it."
    is_draft = withheld is not None and withheld.state == DRAFT
    yield with_archive(f"to see it: player serve{' --drafts' if is_draft else ''}")
    yield with_archive(f"to see which lines nobody has heard: player reviewed {recording.slug}")
    if is_draft:
        yield with_archive(f"to open it: player publish {recording.slug}")


def _passages(passages: Sequence[Span]) -> str:
    """Say how long passages are together, and where they are."""
    from player.timecode import SECOND, clock

    seconds = max(1, sum(each.duration for each in passages) // SECOND)
    where = ", ".join(clock(each.start) for each in passages[:_NAMED])
    more = f" and {len(passages) - _NAMED} more" if len(passages) > _NAMED else ""
    return f"{counted(seconds, 'second')}, at {where}{more}"

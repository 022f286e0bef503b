"""Says what adding a recording would do, and does none of it: what ``--dry-run`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.audio import access, joining, probe
from player.errors import AudioError
from player.files import content, temporary_folder
from player.intake import new_record, parts
from player.intake.held import Held, brought, read_written
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.archive import Archive
    from player.intake.planning import Plan
    from player.intake.wanted import Found, Wanted


def foreseen(archive: Archive, wanted: Wanted, found: Found, plan: Plan) -> Iterator[str]:
    """Give what would be told of a recording that was added as it is planned.

    :raise PlayerError: where its transcript cannot be brought to its sound.
    """
    yield from plan.remarks
    held = _held(archive, wanted, found, plan)
    if held.parts:
        yield parts.described(held.target.name, [str(part["title"]) for part in held.parts], held.starts, held.duration)
    elif (why := _needed(found)) is not None:
        yield f"{held.target.name}: {why}; a copy that they play exactly would be made"
    if found.transcripts:
        yield from _transcript(archive, wanted, found, plan, held)
    if plan.record is not None:
        yield from new_record.doubtful(plan.record)
    else:
        yield f"visitors {'would not see it: it would be a draft' if plan.is_draft else 'would see it'}"


def _held(archive: Archive, wanted: Wanted, found: Found, plan: Plan) -> Held:
    paths = [sound.path for sound in found.sounds]
    first = found.sounds[0]
    if len(paths) == 1:
        length = None
        if found.transcripts:
            try:
                length = probe.probe(first.path).duration
            except AudioError:
                length = first.header.stated
        return Held(first.path, archive.media / plan.media(first), None, length)
    shape = joining.shape_of(paths)
    lengths = [probe.probe(path).length for path in paths]
    titles = wanted.part_titles or found.part_titles
    target = archive.media / f"{plan.slug}{shape.suffix}"
    starts = joining.starts(lengths, shape.rate)
    return Held(first.path, target, None, sum(lengths) * SECOND // shape.rate, starts, [{"title": t} for t in titles])


def _needed(found: Found) -> str | None:
    try:
        return access.needed(found.sounds[0].path)
    except AudioError:
        return None  # player check will say what is wrong with it


def _transcript(archive: Archive, wanted: Wanted, found: Found, plan: Plan, held: Held) -> list[str]:
    """Give what would be told of the transcript, from a record that is written for a moment where it is new."""
    if plan.record is not None:
        text = content(plan.record.path).decode("utf-8")
        return brought(archive, wanted, found, plan.record, held, text)[1]
    holding = {"obtained_from": found.sounds[0].obtained_from}
    with temporary_folder("to try it in") as folder:
        text = new_record.new_record({**plan.values, "media": held.target.name}, holding, (), plan.like, None)
        (folder / "recording.toml").write_text(text, encoding="utf-8")
        return brought(archive, wanted, found, read_written(folder, archive, plan.slug), held, text)[1]

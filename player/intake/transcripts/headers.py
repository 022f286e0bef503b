"""Makes the header of a transcript that is brought in: what its file says, what is there, and who wrote its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.archive.machine import ALIGNED, REVIEWED, TRANSCRIBED, WRITTEN, with_item
from player.archive.webvtt.blocks import ARROW, is_comment
from player.archive.webvtt.header import BINDING, USAGE, local_usage
from player.errors import ArchiveError, Fault
from player.intake.transcripts.imported import Deed, Remark
from player.intake.transcripts.machines import OF_ORIGIN, SAME_WORDS, NoMachineError, are_mostly, with_machine
from player.intake.transcripts.made import clean
from player.intake.transcripts.own_names import has_account

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.archive.machine import MachineMade, Review
    from player.archive.transcript import Transcript
    from player.intake.transcripts.imported import Imported

_BINDING: Final = BINDING.strip("[]")


def by_machine(
    imported: Imported, old: Transcript | None, path: Path, machine: MachineMade | None, checked: Review | None
) -> tuple[Imported, list[Remark]]:
    """Give what was read with the machine that wrote it, where one did, and say so.

    A machine's words stay so where they come back in a form that cannot say who wrote them.

    :raise ArchiveError: where somebody has checked them, and no machine is known.
    """
    before = old.machine if old is not None and are_mostly(imported.lines, old.lines) else None
    try:
        found = with_machine(imported, machine, checked)
    except NoMachineError:
        if before is None:
            what = "nothing says that a machine wrote it, so there is nothing to be checked"
            remedy = "leave out --checked-by, or say which machine it was with --machine"
            raise ArchiveError([Fault(path, None, what, remedy)]) from None
        found = imported
    if found.machine is not None or before is None or old is None:
        return found, []
    return with_machine(imported, before, checked or old.review), [Remark(Deed.READ, SAME_WORDS)]


def header_of(
    imported: Imported, old: Transcript | None, path: Path, digest: str | None, *, keep_ids: bool, is_forced: bool
) -> list[tuple[str, str]]:
    """Give the header: what the file says, what the one that is there says beside it, and the sound it belongs to.

    :raise ArchiveError: where the file was timed to another sound.
    """
    own = local_usage(imported.header, _BINDING)
    if own is not None and digest is not None and own.lower() != digest and not is_forced:
        what = f"it says that it was timed to another sound (SHA-256 {own[:12]}…)"
        remedy = "bring in that which belongs to this sound; if its times are right all the same, use --force"
        raise ArchiveError([Fault(path, None, what, remedy)])
    pairs = [pair for pair in map(_unbound, imported.header) if pair and (keep_ids or not has_account(" ".join(pair)))]
    names = {name for name, _ in pairs}
    there = [pair for pair in map(_unbound, _lasting(imported, old)) if pair and pair not in pairs]
    pairs += [pair for pair in there if pair[0] == USAGE or pair[0] not in names]
    binding = digest or own
    return [*pairs, *([(USAGE, f"{BINDING} {binding.lower()}")] if binding else [])]


def _lasting(imported: Imported, old: Transcript | None) -> Sequence[tuple[str, str]]:
    """Give what the header that is there says beside who wrote the words and when they are said: these are new."""
    header: Sequence[tuple[str, str]] = old.header if old is not None else ()
    for item in (TRANSCRIBED, REVIEWED, ALIGNED, WRITTEN):
        header = with_item(header, item, None)
    if imported.machine is None and (old is None or old.machine is None):
        return header
    return [pair for pair in header if pair[0] not in OF_ORIGIN]


def _unbound(pair: tuple[str, str]) -> tuple[str, str] | None:
    """Give a line of a header as one can be, without what binds it to a sound; None where nothing is left."""
    name, value = (" ".join(clean(part).split()) for part in pair)
    if name == USAGE:
        items = [item.strip() for item in value.split(";")]
        value = "; ".join(item for item in items if not item.lower().startswith(BINDING.lower()))
        if not value:
            return None
    is_line = name and ":" not in name and ARROW not in f"{name}{value}" and not is_comment(name)
    return (name, value) if is_line else None

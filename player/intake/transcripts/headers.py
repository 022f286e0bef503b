"""Makes the header of a transcript that is brought in: what its file says, what is there, and who wrote its words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.machine import (
    ALIGNED,
    HEARD,
    LINES_WRITTEN,
    REVIEWED,
    TRANSCRIBED,
    UNREVIEWED,
    WRITTEN,
    reviewed,
    with_item,
)
from player.archive.machine_origin import ORIGIN
from player.archive.webvtt.blocks import ARROW, is_comment
from player.archive.webvtt.header import BINDING, USAGE, local_usage
from player.errors import ArchiveError, Fault
from player.intake.transcripts.imported import Deed, Remark
from player.intake.transcripts.machines import (
    BY_HAND,
    OF_ORIGIN,
    NoMachineError,
    reviewed_by,
    with_machine,
)
from player.intake.transcripts.made import clean
from player.intake.transcripts.own_names import has_account
from player.intake.transcripts.running_words import common

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.archive.machine import MachineMade, Review
    from player.archive.transcript import Line, Transcript
    from player.intake.transcripts.imported import Imported, ImportedLine
    from player.intake.transcripts.running_words import Common

_BINDING: Final = BINDING.strip("[]")


# A text is a machine's that has so much of what a machine wrote, or that so much of what a machine wrote is in.
_MOSTLY: Final = 0.5


def by_machine(
    imported: Imported, old: Transcript | None, path: Path, machine: MachineMade | None, checked: Review | None
) -> tuple[Imported, list[Remark]]:
    """Give what was read with the machine that wrote it, where one did, and say so.

    A machine's words stay so where they come back in a form that cannot say who wrote them, in whatever lines; unless
    ``machine`` is ``BY_HAND``.

    :raise ArchiveError: where somebody has checked them, and no machine is known; or typed them, and one is.
    """
    if machine == BY_HAND:
        return _by_hand(imported, path, checked), []
    before = old.machine if old is not None else None
    share = (
        common((line.text for line in imported.lines), (line.text for line in old.lines)) if before and old else None
    )
    is_of_machine = share is not None and max(share.of_new, share.of_old) >= _MOSTLY
    try:
        found = with_machine(imported, machine, checked)
    except NoMachineError:
        if not is_of_machine:
            what = "nothing says that a machine wrote it, so there is nothing to be checked"
            remedy = "leave out --checked-by, or say which machine it was with --machine"
            raise ArchiveError([Fault(path, None, what, remedy)]) from None
        found = imported
    if found.machine is not None or share is None or not imported.lines:
        return found, []
    if not is_of_machine:
        return found, [Remark(Deed.READ, _of_people(share))]
    return with_machine(imported, before, checked), [Remark(Deed.READ, _of_machine(share))]


def _by_hand(imported: Imported, path: Path, checked: Review | None) -> Imported:
    found = with_machine(imported, None, None)
    if found.machine is not None:
        what = f"it shows that a machine wrote it ({found.machine})"
        remedy = "leave out --by-hand; if somebody has corrected all of it, say --checked-by"
        raise ArchiveError([Fault(path, None, what, remedy)])
    if checked is not None:
        what = "--checked-by is said of what a machine wrote, and --by-hand that none did"
        raise ArchiveError([Fault(path, None, what, "leave out one of them")])
    return found


def _of_machine(share: Common) -> str:
    is_new = share.of_new >= share.of_old
    so = f"words of which {share.of_new:.0%} are" if is_new else f"{share.of_old:.0%} of"
    return (
        f"{so} those that a machine wrote before, so they still count as its; "
        "if people corrected them, say --checked-by; if they were typed from the sound, --by-hand"
    )


def _of_people(share: Common) -> str:
    return (
        f"words of which only {share.of_new:.0%} are those that a machine wrote before, so they count as people's; "
        "if a machine wrote them too, say --machine"
    )


def still_reviewed(
    imported: Imported, old: Transcript | None, said: Sequence[ImportedLine], checked: Review | None
) -> tuple[Imported, Review | None]:
    """Give what was read with the review of what is there, where that is of all these words, and of no others.

    Where it is not, it is given beside: of the lines that are the same, it says that somebody has heard them. ``said``
    are the lines as they are brought in. A review of its own stays, if it is not that very one.
    """
    if old is None or old.review is None or imported.machine is None or checked is not None:
        return imported, None
    own = reviewed(imported.header)
    if own is not None and own != old.review:
        return imported, None
    if _running(said) == _running(old.lines) and (own is not None or imported.machine == old.machine):
        return with_machine(imported, None, old.review), None
    header = with_item(imported.header, REVIEWED, None)
    mine = reviewed_by(old.review)
    header = tuple((name, value.replace(mine, UNREVIEWED) if name == ORIGIN else value) for name, value in header)
    return replace(imported, header=header), old.review


def as_heard(line: ImportedLine, known: Line | None, lapsed: Review | None) -> ImportedLine:
    """Give a line with who has reviewed its words, where the review is not of the whole any more."""
    if lapsed is None or known is None or line.text.split() != known.text.split():
        return line
    said = f"{HEARD} {lapsed}"
    return line if said in line.comments else replace(line, comments=(*line.comments, said))


def of_lapsed(lapsed: Review | None, lines: Sequence[Line]) -> list[Remark]:
    """Say what became of a review that is not of the whole any more."""
    if lapsed is None:
        return []
    count = sum(f"{HEARD} {lapsed}" in line.comments for line in lines)
    marked = "" if not count else f"; {count} {'line' if count == 1 else 'lines'} with the same words marked as heard"
    what = f"the review by {lapsed.name} on {lapsed.date}, which is of other words{marked}"
    return [Remark(Deed.LEFT_OUT, f"{what}; if somebody has heard all of it, say --checked-by")]


def _running(lines: Sequence[ImportedLine | Line]) -> list[str]:
    return [word for line in lines for word in line.text.split()]


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
    for item in (TRANSCRIBED, REVIEWED, ALIGNED, WRITTEN, LINES_WRITTEN):
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

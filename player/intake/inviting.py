"""Invites one person to a recording that is not public, and takes invitations back: all of a change or nothing."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from player.archive.archive import Archive
from player.archive.gate.declared import PARTS
from player.archive.gate.shown import Audience
from player.archive.invitations import Invitation, compared, digest_of, invitations, place_of
from player.archive.toml.editing import EditError, with_tables, without_tables
from player.archive.toml.values import WrongValueError, read_value
from player.errors import ArchiveError, Fault, InviteError, PlayerError, quoted
from player.files import content
from player.intake.transaction import transaction

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from player.archive.gate.shown import Shown

#: The most characters of a name: what is suggested is kept under it.
LONGEST_NAME: Final = 80
_BYTES: Final = 32  # of a secret
_TABLE: Final = "invitation"
_HEAD: Final = "# Written by player invite. Nobody but the file's owner is to read it.\n"


def invite(archive: Archive, slug: str, name: str, until: dt.date) -> str:
    """Let somebody hear and read a recording until the end of a day; give the secret of the link, kept nowhere else.

    An invitation of the same person that is over makes room for it.

    :raise PlayerError: where nobody can be invited so.
    """
    _refuse_useless(archive, slug)
    name = _name(name)
    if until < archive.day():
        raise InviteError(f"{until.isoformat()} is over; give a day that is yet to come, or today: --until YYYY-MM-DD")
    secret = secrets.token_urlsafe(_BYTES)
    with transaction(archive.root) as change:
        there = invitations(archive, slug)
        same = [number for number, each in enumerate(there) if compared(each.name) == compared(name)]
        if any(not there[number].is_over(archive.clock) for number in same):
            what = f"{there[same[0]].name} is invited to {slug} already, until {there[same[0]].until}"
            remedy = f'to give another link, end that one first: player invite {slug} --revoke "{there[same[0]].name}"'
            raise InviteError(f"{what}; {remedy}")
        table = {
            "for": name,
            "until": until.isoformat(),
            "made": archive.day().isoformat(),
            "digest": digest_of(secret),
        }
        path = place_of(archive, slug)
        before = content(path) if path.exists() else None
        after = _changed(archive, slug, before, same, [table])
        if before is None:
            change.write(path, after, is_private=True)
        else:
            change.replace(path, before, after, is_private=True)
    return secret


def revoke(archive: Archive, slug: str, name: str) -> Invitation:
    """End the invitation of somebody to a recording; give what it was.

    :raise PlayerError: where there is none.
    """
    archive.record(slug)
    with transaction(archive.root) as change:
        there = invitations(archive, slug)
        found = [number for number, each in enumerate(there) if compared(each.name) == compared(name)]
        if not found:
            names = ", ".join(each.name for each in there) or "nobody"
            raise InviteError(f"{quoted(name)} is not invited to {slug}; who is: {names}")
        path = place_of(archive, slug)
        if len(there) == 1:
            change.remove(path)
        else:
            before = content(path)
            change.replace(path, before, _changed(archive, slug, before, found, []), is_private=True)
    return there[found[0]]


def opened_by_it(archive: Archive, slug: str) -> Shown:
    """Say what of a recording is shown to who is invited to it.

    :raise PlayerError: where it is withdrawn, or is not there.
    """
    return Archive(archive.root, Audience.INVITED, slug).record(slug).shown


def _refuse_useless(archive: Archive, slug: str) -> None:
    """Refuse an invitation that would show nothing, or nothing that visitors are not shown.

    :raise PlayerError: where it is such.
    """
    before = archive.record(slug)
    if before.withdrawal is not None:
        raise InviteError(f"{slug} is withdrawn, and nobody is shown anything of it; remove [withdrawal] first")
    if before.shown.record is not None and not _is_there(archive, slug):
        label = before.shown.record.label
        raise InviteError(
            f"{slug} is {label}, and an invitation does not open what is closed; where somebody is to hear it, "
            'write record = "draft" or "on request" in its [access]'
        )
    after = opened_by_it(archive, slug)
    if all(getattr(after, part) == getattr(before.shown, part) for part in PARTS):
        raise InviteError(
            f"an invitation would open nothing of {slug} that visitors do not see already; "
            "give its own address to who is to hear it"
        )


def _is_there(archive: Archive, slug: str) -> bool:
    try:
        opened_by_it(archive, slug)
    except PlayerError:
        return False
    return True


def _name(name: str) -> str:
    """Give a name as it is kept.

    :raise InviteError: where it is none, or cannot stand in the history of a transcript.
    """
    key = next(key for key in Invitation.keys if key.name == "for")
    try:
        name.encode()
        said = str(read_value(name, key))
    except UnicodeEncodeError:
        raise InviteError("the name is not text in the encoding of this terminal; write it in UTF-8") from None
    except WrongValueError as wrong:
        raise InviteError(f"the name {'; '.join(wrong.args)}") from None
    if not said.isprintable() or "-->" in said:
        raise InviteError("the name has a line break, a control character or an arrow in it; write it in one line")
    if len(said) > LONGEST_NAME:
        raise InviteError(f"the name is longer than {LONGEST_NAME} characters; shorten it")
    return said


def _changed(
    archive: Archive, slug: str, before: bytes | None, without: Sequence[int], new: Sequence[dict[str, str]]
) -> bytes:
    text = _HEAD if before is None else before.decode("utf-8")
    try:
        text = without_tables(text, _TABLE, without) if without else text
        return with_tables(text, _TABLE, new).encode()
    except EditError:
        what = "this is written in a way that cannot be changed here"
        raise ArchiveError([Fault(place_of(archive, slug), None, what, "change it by hand")]) from None

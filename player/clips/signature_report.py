"""Says in sentences what the signature of a clip is worth, and whether the archive has what it was cut from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player import files
from player.audio import cache
from player.clips.c2pa_library import library
from player.clips.cut import sound_file
from player.clips.signed import elsewhere, is_signed, read
from player.clips.verify import read_sidecar
from player.errors import ClipError, CredentialsError, NotFoundError, VerifyError, quoted, shown, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.archive.archive import Archive
    from player.clips.signed import Credentials, CutFrom

# An authority's certificate is a kilobyte; a list of all that are trusted, a few hundred.
_LARGEST: Final = 10_000_000


@dataclass(frozen=True)
class Report:
    """What is wrong with what is signed of a clip, and what is to be said of it, in sentences."""

    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def report(clip: Path, archive: Archive, trusted: Path | None = None) -> Report:
    """Check the Content Credentials of a clip; nothing is said where it has none.

    ``trusted`` is a file of the authorities whose signers are trusted.

    :raise CredentialsError: where that cannot be read.
    :raise VerifyError: where the clip cannot.
    """
    authorities = None if trusted is None else _authorities(trusted)
    try:
        if not is_signed(clip):
            address = elsewhere(clip)
            told = f"its Content Credentials are said to lie at {address}, from where nothing is fetched"
            return Report() if address is None else Report(remarks=(told,))
    except FileNotFoundError:
        return Report()  # which is told of the clip itself
    except OSError as error:
        raise VerifyError(unreadable(clip, error)) from None
    try:
        library()
    except CredentialsError as missing:
        return Report(remarks=(f"signed, but that cannot be checked here: {missing}",))
    try:
        found = read(clip, authorities)
    except CredentialsError as wrong:
        return Report((str(wrong),))
    if found.wrong:
        return Report(tuple(f"signed, but {each}" for each in found.wrong))
    by = f"{found.state}; by {found.signer}"
    when = f"at {found.when}, by the signer's own clock" if found.when else "at a time that it does not say"
    held = [_held(each, archive) for each in found.recordings]
    what = "; ".join(
        f"cut from {quoted(each.title or '')}, SHA-256 {each.digest}, {where}"
        for each, where in zip(found.recordings, held, strict=True)
    )
    problems = list(_differences(found, clip))
    problems += [
        f"signed as cut from another sound than {each.slug} has now (their SHA-256 differ)"
        for each, where in zip(found.recordings, held, strict=True)
        if where == _OTHER
    ]
    return Report(tuple(problems), (f"{by}, {when}; {what or 'it does not say what it was cut from'}",))


_OTHER: Final = "which is not that of this archive"


def _held(cut_from: CutFrom, archive: Archive) -> str:
    """Say whether the archive has the sound that a signed clip was cut from."""
    if cut_from.slug is None:
        return "of a recording that it does not name"
    try:
        held = cache.digest(sound_file(archive.recording(cut_from.slug)))
    except NotFoundError:
        return f"of a recording {cut_from.slug}, which this archive does not have"
    except ClipError:
        return f"of the recording {cut_from.slug}, of which this archive holds no sound"
    return f"which is that of {cut_from.slug} in this archive" if held == cut_from.digest else _OTHER


def _differences(found: Credentials, clip: Path) -> Iterator[str]:
    try:
        sidecar = read_sidecar(clip)
    except VerifyError:
        return  # which is told of the clip itself
    differing = found.differs_from(sidecar)
    if differing:
        yield f"its sidecar differs from what was signed in: {', '.join(differing)}"


def _authorities(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise CredentialsError(
                f"{shown(path)}: the file is too large for a list of certificates; name the right one"
            )
        text = files.content(path).decode("utf-8", "replace")
    except OSError as error:
        raise CredentialsError(unreadable(path, error)) from None
    if "-BEGIN CERTIFICATE-" not in text or "\0" in text:
        raise CredentialsError(
            f"{shown(path)}: there is no certificate in PEM in it; name a file of those of the authorities you trust"
        )
    return text

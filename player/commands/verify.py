"""``player verify``: cuts a clip again and says whether it is what it claims to be."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.options import FILE, archive_option, open_archive

if TYPE_CHECKING:
    from pathlib import Path


@click.command(short_help="Check that a clip is what it claims to be.")
@click.argument("clip", type=FILE)
@click.option(
    "--trust",
    "trusted",
    type=FILE,
    metavar="FILE",
    help="Trust signers that the authorities in this file (PEM) vouch for. By default nobody is on a trust list.",
)
@archive_option
def verify(clip: Path, trusted: Path | None, root: Path) -> None:
    """Cut a clip again, as the .json file beside it says, and report whether it is what it claims to be.

    In a copy every byte must be the same, in a lossless format every sample. In the others the two may differ, in any
    tenth of a second, by up to 6 dB over what the codec itself changes there. A clip whose words people have heard or
    reviewed since is still what it claims; that its label is out of date is told. The exit code is 1 if the clip is
    not what it claims.

    If the clip is signed (Content Credentials), it is said by whom, when, and whether the archive has what it was cut
    from. That the signature fits does not say who the signer is: only a trust list does. Nothing is fetched.

    \b
    Example:
      player verify reading.mp3
    """
    from player.clips.signature_report import report
    from player.clips.verify_joined import verify_any
    from player.errors import shown

    archive = open_archive(root)
    signature = report(clip, archive, trusted)
    for remark in signature.remarks:
        click.echo(f"{shown(clip)}: {remark}")
    for problem in signature.problems:
        click.echo(f"{shown(clip)}: {problem}; do not rely on this clip, cut it again", err=True)
    verdict = verify_any(clip, archive)
    for problem in verdict.problems:
        click.echo(f"{shown(clip)}: {problem}; do not rely on this clip, cut it again", err=True)
    apart = verdict.distance
    if signature.problems or verdict.problems or not (apart or verdict.is_copy):
        sys.exit(1)
    how = (
        "the same, byte for byte: its frames are those of the archive's file"
        if apart is None
        else "identical, sample for sample"
        if apart.is_same
        else f"within {apart.worst:.1f} dB of what the codec changes (its tolerance is {apart.tolerance:g} dB)"
    )
    click.echo(f"{shown(clip)}: {verdict.what}; cut again, it is {how}")
    for remark in verdict.remarks:
        click.echo(f"  {remark}; cut it again to have a clip that does")

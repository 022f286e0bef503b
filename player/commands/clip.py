"""``player clip``: which passage of a recording, and how it is to be cut into a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from player.commands.options import FILE, archive_option, cutting_options

if TYPE_CHECKING:
    from pathlib import Path

_WAYS: Final = ("start", "cue", "annotation", "quote", "match")


@click.command()
@click.argument("slug")
@click.option("--from", "start", metavar="TIME", help="Where the clip begins: :25, 1:02.5, 1h2m3s.")
@click.option("--to", "end", metavar="TIME", help="Where it ends.")
@click.option("--for", "length", metavar="TIME", help="How long it is, in place of --to.")
@click.option("--cue", metavar="ID", help="A line of the transcript, or the lines from one to another: c12..c15.")
@click.option("--annotation", metavar="ID", help="The passage of an annotation.")
@click.option("--quote", metavar="WORDS", help="Where these words are said; case, accents and punctuation aside.")
@click.option("--match", metavar="REGEX", help="Wherever the transcript matches a regular expression of Python's.")
@click.option("--all", "every", is_flag=True, help="Every place at which a quote is said.")
@click.option("--nth", type=click.IntRange(1), metavar="N", help="Only the Nth of the places.")
@click.option("--join", is_flag=True, help="One file of all the places.")
@click.option("--gap", metavar="SECONDS", help="The silence between places that are joined; half a second by default.")
@click.option(
    "-o",
    "--output",
    "target",
    type=FILE,
    help="The file to make; its suffix says the format. - is standard output. By default a name that says the passage.",
)
@click.option("--bare", is_flag=True, help="Leave out the tags, and the files .json and .vtt beside the clip.")
@cutting_options
@archive_option
def clip(slug: str, *, root: Path, **asked: Any) -> None:
    """Cut a passage out of a recording, exact to the sample, and say in the file and beside it where it is from.

    Which passage: --from and --to, or --from and --for, or one of --cue, --annotation, --quote, --match. Formats are
    mp3, wav, flac, opus and m4a.

    \b
    Example:
      player clip 1963-11-05-attwood-reading --from :25 --to 1:20 -o reading.mp3
      player clip 1963-11-05-attwood-reading --quote "not the White House tape" -o reading.wav
    """  # noqa: D301
    _check(asked)
    # What follows takes long to import.
    from player.commands import one_clip  # noqa: PLC0415

    one_clip.run(slug, root, asked)


def _check(asked: dict[str, Any]) -> None:
    """Refuse options that contradict one another, as misuse."""
    ways = [way for way in _WAYS if asked[way] is not None]
    if len(ways) != 1:
        raise click.UsageError("say which passage, by one of --from, --cue, --annotation, --quote and --match.")
    has_end = (asked["end"] is not None) + (asked["length"] is not None)
    if has_end != (ways == ["start"]):
        raise click.UsageError("--from goes with one of --to and --for, which nothing else goes with.")
    if asked["every"] and (ways != ["quote"] or asked["nth"] is not None):
        raise click.UsageError("--all goes with --quote, and not with --nth.")
    if asked["nth"] is not None and ways not in (["quote"], ["match"]):
        raise click.UsageError("--nth goes with --quote or --match.")
    if asked["gap"] is not None and not asked["join"]:
        raise click.UsageError("--gap goes with --join.")
    if str(asked["target"]) == "-" and (asked["kind"] is None or asked["as_json"]):
        raise click.UsageError("-o - needs --format, and cannot go with --json.")

"""``player cite``: prints how a recording, a passage of it or lines are cited, in any style."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from player.commands.options import FILE, TIME, archive_option, open_archive

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.publish.citation import Cited
    from player.publish.csl.style import Entry

_STYLES: Final = ("chicago", "mla", "apa", "bibtex", "ris", "csl-json")


@click.command(short_help="Print how to cite a recording or a passage, in any style.")
@click.argument("slug")
@click.option("--from", "start", type=TIME, metavar="TIME", help="Where the passage starts: :25, 1:02.5, 1h2m3s.")
@click.option("--to", "end", type=TIME, metavar="TIME", help="Where it ends.")
@click.option("--cue", "lines", metavar="ID", help="A line of the transcript, or a range of lines: c12..c15.")
@click.option("--style", type=click.Choice(_STYLES), help="Print only this one; by default Chicago, MLA and APA.")
@click.option("--csl", "path", type=FILE, metavar="FILE", help="Cite in the style of a CSL file.")
@click.option(
    "--only",
    type=click.Choice(("text", "list")),
    help="With --csl: print only what stands in the text, or in the list.",
)
@click.option("--html", "is_html", is_flag=True, help="With --csl: write HTML, with what the style has in italics.")
@click.option("--locale", metavar="TAG", help="With --csl: the language of the style's own words: de-DE.")
@archive_option
def cite(
    slug: str,
    *,
    start: int | None,
    end: int | None,
    lines: str | None,
    style: str | None,
    path: Path | None,
    only: str | None,
    is_html: bool,
    locale: str | None,
    root: Path,
) -> None:
    """Print how to cite the recording SLUG, a passage of it, or lines, as visitors may know it.

    Where PLAYER_URL is set, citations have the address. Any style of the Citation Style Language can be had with --csl,
    where the extra csl is installed: Zotero and others have files of thousands. A reading is never cited as the tape,
    whatever the style.

    \b
    Example:
      player cite 1963-11-05-attwood-reading --from :25 --to 1:20
      player cite 1963-11-05-attwood-reading --style bibtex
      player cite 1963-11-05-attwood-reading --cue day --csl turabian.csl --only text
    """
    if end is not None and start is None:
        raise click.UsageError("--to goes only with --from.")
    if lines is not None and start is not None:
        raise click.UsageError("give either --from or --cue, not both.")
    if path is not None and style is not None:
        raise click.UsageError("give either --style or --csl, not both.")
    if path is None and (only or locale or is_html):
        raise click.UsageError("--only, --html and --locale go with --csl.")
    cited = _cited(open_archive(root), slug, start, end, lines)
    if path is not None:
        _print_entry(_entry(cited, path, locale), only, path, is_html=is_html)
    elif style is not None:
        click.echo(_writer(style)(cited).rstrip("\n"))
    else:
        from player.publish.citation import STYLES

        for name, write in STYLES:
            click.echo(f"{name}: {write(cited)}")


def _cited(archive: Archive, slug: str, start: int | None, end: int | None, lines: str | None) -> Cited:
    """Give what the citation names.

    :raise PlayerError: where visitors may not know of it, or it is not there.
    """
    from player.web.pages.as_of import QUERY, cited_version
    from player.web.pages.citing import cited_passage, lines_named, passage_in
    from player.web.serving.public_address import Site

    recording = _as_shown(archive, slug, are_words=lines is not None)
    url = Site.from_environment().url
    version = cited_version(recording)
    page = f"{url}/recordings/{slug}{f'?{QUERY}={version.number}' if version else ''}" if url else ""
    passage: tuple[int | None, int | None] = (None, None)
    if start is not None:
        passage = passage_in(recording, *_ordered(start, end))
    return cited_passage(recording, passage, lines_named(recording, lines) if lines is not None else (), page, version)


def _ordered(start: int, end: int | None) -> tuple[int, int | None, str]:
    from player.errors import TimecodeError
    from player.timecode import display

    if end is None:
        return start, end, display(start)
    if end <= start:
        raise TimecodeError(
            f"the passage ends at {display(end)}, not after its start at {display(start)}; give a later end"
        )
    return start, end, f"{display(start)} to {display(end)}"


def _as_shown(archive: Archive, slug: str, *, are_words: bool) -> Recording:
    """Give a recording as visitors may see it.

    :raise NotFoundError: where they may not know of it, or, of lines, not read them.
    """
    from player.archive.gate.declared import DRAFT
    from player.archive.gate.shown import Audience
    from player.errors import NotFoundError

    shown = archive.record(slug).shown
    if shown.withdrawal is not None:
        raise NotFoundError(f"{slug}: the recording was withdrawn, and what is cited has to be found")
    withheld = [("the recording", shown.record), ("its transcript", shown.transcript if are_words else None)]
    for what, why in withheld:
        if why is not None and why.state == DRAFT:
            remedy = f"publish it first, with player publish {slug}"
            raise NotFoundError(f"{slug}: {what} is not published yet, and what is cited has to be found; {remedy}")
        if why is not None:
            raise NotFoundError(f"{slug}: {what} is {why.label}, and what is cited has to be found")
    return archive.seen_by(Audience.VISITORS).recording(slug)


def _writer(style: str) -> Callable[[Cited], str]:
    from player.publish.bibliography import FORMATS
    from player.publish.citation import STYLES

    known = [*STYLES, *((name, write) for name, _, _, write in FORMATS)]
    return {name.lower(): write for name, write in known}[style]


def _entry(cited: Cited, path: Path, locale: str | None) -> Entry:
    """Write a citation by the style in a file.

    :raise PlayerError: where it cannot be followed.
    """
    from importlib.util import find_spec

    from player.errors import NotFoundError
    from player.roots import installing

    if find_spec("citeproc") is None:
        raise NotFoundError(f"citeproc-py, which writes by CSL styles, is not installed; {installing('csl')}")
    from player.intake.transcripts.xml_trees import root_of
    from player.publish.csl.style import AGAIN, entry

    return entry(cited, path, root_of(path, _content(path), AGAIN), locale)


def _content(path: Path) -> bytes:
    """Read a style.

    :raise ArchiveError: where it cannot be read, or is too large.
    """
    from player.errors import ArchiveError, Fault, reason
    from player.files import opened
    from player.publish.csl.style import AGAIN, MOST

    try:
        with opened(path) as file:
            content = file.read(MOST + 1)
    except OSError as error:
        what = f"the file cannot be read ({reason(error)})"
        raise ArchiveError([Fault(path, None, what, "check that it is there and that you may read it")]) from None
    if len(content) > MOST:
        raise ArchiveError(
            [Fault(path, None, f"the file is larger than {MOST // 1_000_000} MB, as no style is", AGAIN)]
        )
    return content


def _print_entry(entry: Entry, only: str | None, path: Path, *, is_html: bool) -> None:
    """Print what a style writes; what it does not write at all is refused where only that is asked for."""
    from player.errors import NotFoundError, shown

    written = {"text": entry.text, "list": entry.listed}
    if is_html:
        written = {"text": entry.text_html, "list": entry.listed_html}
    if only is None:
        names = {"text": "Note" if entry.is_note else "In the text", "list": "In the list"}
        for name, text in written.items():
            if text:
                click.echo(f"{names[name]}: {text}")
        return
    if not written[only]:
        other = "text" if only == "list" else "list"
        what = "no list of works" if only == "list" else "nothing in the text"
        raise NotFoundError(f"{shown(path)}: this style has {what}; ask for --only {other}")
    click.echo(written[only])

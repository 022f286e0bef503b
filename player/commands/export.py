"""``player export``: writes transcripts in the forms that people and other programs take them in."""

from __future__ import annotations

import sys
from functools import partial
from typing import IO, TYPE_CHECKING

import click

from player.commands.options import FILE, archive_option, is_standard_output, open_archive, sources_to_cite
from player.commands.output import counted, ended, refuse
from player.commands.where_done import cluster_option
from player.errors import NotFoundError, PlayerError
from player.publish.transcripts.forms import BOOK, BY_ENDING, FADGI, FORMS, LeftOutError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.archive.translation import Translation
    from player.publish.transcripts.exported import Exported
    from player.publish.transcripts.forms import Form


@click.command("export", short_help="Write transcripts as SRT, Word, EPUB, text, CSV, JSON and so on.")
@click.argument("slugs", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Export the transcripts of all recordings.")
@click.option(
    "--to", "name", type=click.Choice([*FORMS, BOOK.name]), help="The form; by default as the name of the file ends."
)
@click.option("--language", "tag", metavar="TAG", help="Export the translation into this language: es, pt-BR.")
@click.option(
    *("-o", "--output", "target"),
    type=FILE,
    help="The file, - for standard output, or, of several recordings, the folder. By default files are named after the "
    "recordings.",
)
@click.option("--force", is_flag=True, help="Replace existing files.")
@click.option(
    "--site", type=FILE, metavar="DIR", help="Copy the whole archive into this folder, as files for any web space."
)
@click.option(
    "--address", metavar="URL", help="With --site: where the copy will be, such as https://example.org/tapes."
)
@click.option("--replace", "replaces", is_flag=True, help="With --site: replace a copy that has what is closed now.")
@click.option("--link", "links", is_flag=True, help="With --site: link sounds instead of copying them.")
@click.option(
    "--no-epub", "has_no_books", is_flag=True, help="With --site: leave out books, which have the sound again."
)
@cluster_option
@archive_option
def export(
    slugs: tuple[str, ...],
    *,
    every: bool,
    name: str | None,
    tag: str | None,
    target: Path | None,
    force: bool,
    site: Path | None,
    address: str | None,
    replaces: bool,
    links: bool,
    has_no_books: bool,
    cluster: str | None,
    root: Path,
) -> None:
    """Write the transcripts of the recordings SLUGS in another form: what visitors may read of them, and no more.

    Each form says of a reading that it is one, who speaks, what is to be known before listening, and what is a
    machine's draft. Where PLAYER_URL is set, citations and links have the address. EPUB has the sound too, where that
    may be handed on.

    With --site, copy the whole archive, as visitors are shown it, into a folder that any web space can serve: pages,
    sounds, transcripts. What needs a server says so there, and shows the command. A copy that is there is made anew, as
    a whole; one that has what is closed now only with --replace.

    \b
    Example:
      player export 1963-11-05-attwood-reading --to srt
      player export 1963-11-05-attwood-reading --language es -o lectura.docx
      player export 1963-11-05-attwood-reading --to epub
      player export --all --to csv -o transcripts-csv
      player export --site public --address https://example.org/tapes
    """
    asked = bool(slugs or every or name or tag or target or force)
    of_site = {"replaces": replaces, "links": links, "has_books": not has_no_books}
    if _is_of_site(root, site, address, cluster, of_site, is_more=asked):
        return
    form = _form(name, target)
    if every == bool(slugs):
        raise click.UsageError("name the recordings, or export --all of them.")
    is_one = len(slugs) == 1
    if is_standard_output(target) and not is_one:
        raise click.UsageError("only one transcript can go to standard output.")
    _refuse_file(target, is_one=is_one)
    archive = open_archive(root)
    sources = sources_to_cite(archive)
    write = partial(_export, archive, tag=tag, form=form, target=target, sources=sources, is_one=is_one, force=force)
    if is_one:
        write(slugs[0])
    else:
        _export_each(_every(archive) if every else slugs, write, every=every)


def _export_each(slugs: Iterable[str], write: Callable[[str], object], *, every: bool) -> None:
    """Write several transcripts, and say of which it could not be done. Exits with 1 where there are such.

    Where they are to be those of all recordings, one that has none that may be handed on is no such.
    """
    left_out = refused = written = 0
    for slug in slugs:
        try:
            write(slug)
        except PlayerError as refusal:
            refuse(slug, refusal)
            if every and isinstance(refusal, LeftOutError | NotFoundError):
                left_out += 1
            else:
                refused += 1
        else:
            written += 1
    if left_out or refused:
        # Standard output has the names of files alone.
        others = [(left_out, "left out"), (refused, "not exported")]
        ended(f"{counted(written, 'transcript')} exported", others, partial(click.echo, err=True))
    if refused or not written:
        sys.exit(1)


def _refuse_file(target: Path | None, *, is_one: bool) -> None:
    """Refuse a file in the place of the folder that several transcripts are to go into."""
    from player.errors import shown
    from player.publish.transcripts.forms import ExportError

    if target is not None and not is_one and target.exists() and not target.is_dir():
        raise ExportError(f"{shown(target)}: this is a file, and several transcripts go into a folder; name one")


def _every(archive: Archive) -> list[str]:
    from player.errors import shown
    from player.publish.transcripts.forms import ExportError

    slugs = archive.slugs()
    if not slugs:
        raise ExportError(f"{shown(archive.transcripts)}: there are no recordings; add one: player add SOUND")
    return slugs


def _is_of_site(
    root: Path,
    site: Path | None,
    address: str | None,
    cluster: str | None,
    asked: Mapping[str, bool],
    *,
    is_more: bool,
) -> bool:
    """Copy the whole archive into the folder ``site``, where that is asked for; tell whether it was."""
    if site is None:
        if address or cluster or asked["replaces"] or asked["links"] or not asked["has_books"]:
            raise click.UsageError("--address, --cluster, --replace, --link and --no-epub go with --site.")
        return False
    if is_more:
        raise click.UsageError(
            "--site copies the whole archive; it goes with --address, --cluster, --replace, --link and --no-epub alone."
        )
    from player.commands.exporting_site import export_site

    export_site(root, site, address, cluster, **asked)
    return True


def _form(name: str | None, target: Path | None) -> Form:
    """Give the form that is asked for, by its name or by that of the file."""
    if name is not None:
        return BOOK if name == BOOK.name else FORMS[name]
    ending = "" if target is None else ".".join(target.name.split(".")[-2:])
    endings = {**BY_ENDING, BOOK.ending: BOOK}
    form = endings.get(ending) or endings.get(ending.rpartition(".")[2])
    if form is None:
        raise click.UsageError(f"name the form: --to {', --to '.join([*FORMS, BOOK.name])}.")
    return form


def _export(
    archive: Archive,
    slug: str,
    *,
    tag: str | None,
    form: Form,
    target: Path | None,
    sources: Mapping[str, Source],
    is_one: bool,
    force: bool,
) -> None:
    """Write one transcript, and say where.

    :raise PlayerError: where it cannot be had, or not be written.
    """
    from player.errors import reason, shown
    from player.files import new_file
    from player.publish.transcripts.exported import translation_into
    from player.publish.transcripts.forms import ExportError

    recording = _as_shown(archive, slug)
    translation = translation_into(recording, tag)
    if is_standard_output(target):
        _write(archive, recording, translation, form, sources, sys.stdout.buffer)
        return
    path = _named(recording, translation, form, target, is_one=is_one)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new_file(path, force=force) as beside, beside.open("wb") as file:
            _write(archive, recording, translation, form, sources, file)
    except FileExistsError:
        raise ExportError(f"{shown(path)}: the file is there already; choose another name, or --force") from None
    except OSError as error:
        raise ExportError(f"{shown(path)}: it cannot be written ({reason(error)}); choose another place") from None
    click.echo(shown(path))


def _as_shown(archive: Archive, slug: str) -> Recording:
    """Give a recording as whoever gets the file may see it.

    :raise LeftOutError: where it has no transcript that may be handed on.
    """
    from player.archive.gate.declared import DRAFT
    from player.archive.gate.shown import Audience
    from player.errors import ArchiveError

    whole = archive.recording(slug)
    shown = whole.shown
    if shown.withdrawal is not None:
        raise LeftOutError(f"{slug}: the recording was withdrawn, and what is exported is handed on")
    for what, why in (("the recording", shown.record), ("its transcript", shown.transcript)):
        if why is not None and why.state == DRAFT:
            remedy = f"publish it first, with player publish {slug}"
            raise LeftOutError(f"{slug}: {what} is not published yet, and what is exported is handed on; {remedy}")
        if why is not None:
            raise LeftOutError(f"{slug}: {what} is {why.label}, and what is exported is handed on")
    if whole.unread.transcript:
        raise ArchiveError(whole.unread.transcript)
    if whole.transcript is None:
        raise LeftOutError(f"{slug}: there is no transcript yet; bring one in with player import {slug} FILE")
    return whole if shown.is_everything else archive.seen_by(Audience.VISITORS).recording(slug)


def _write(
    archive: Archive,
    recording: Recording,
    translation: Translation | None,
    form: Form,
    sources: Mapping[str, Source],
    into: IO[bytes],
) -> None:
    from player.commands.exporting_book import write_book
    from player.web.pages.described_words import served_described
    from player.web.pages.served_words import served_transcript, served_translation

    if form is BOOK:
        write_book(archive.media, _gathered(recording, translation, sources), sources, into)
    elif form is FADGI:
        into.write(served_described(recording, translation, archive.about))
    elif form.module is None:
        into.write(served_translation(recording, translation.language) if translation else served_transcript(recording))
    else:
        into.write(form.write(_gathered(recording, translation, sources)))


def _gathered(recording: Recording, translation: Translation | None, sources: Mapping[str, Source]) -> Exported:
    import datetime as dt

    from player.publish import citation
    from player.publish.transcripts.exported import export as gathered
    from player.web.pages.as_of import cited_version
    from player.web.serving.public_address import Site

    url = Site.from_environment().url
    version = cited_version(recording)
    cited = citation.cite(
        recording,
        f"{url}/recordings/{recording.slug}" if url else "",
        dt.datetime.now(dt.UTC).date(),
        unchecked=bool(recording.transcript and recording.transcript.unchecked),
        version=version.date if version else "",
    )
    return gathered(recording, translation, sources, cited)


def _named(
    recording: Recording, translation: Translation | None, form: Form, target: Path | None, *, is_one: bool
) -> Path:
    """Name the file: as was asked, or after the recording, in the folder that was."""
    from pathlib import Path

    from player.clips.provenance import says_reading

    language = f".{translation.language}" if translation else ""
    own = says_reading(recording, Path(f"{recording.slug}{language}.{form.ending}"))
    if target is None:
        return own
    return target if is_one and not target.is_dir() else target / own

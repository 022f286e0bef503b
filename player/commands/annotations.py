"""``player annotations``: prints the annotations of a recording, writes them as a table, and changes them by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from player.commands.advised import with_archive
from player.commands.options import FILE, archive_option, open_archive
from player.commands.output import counted, marked_unless_open, print_columns

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.archive import Archive
    from player.intake.annotation_edits import ChangedNotes


@click.command("annotations", short_help="List the annotations of a recording, or change them by a table.")
@click.argument("slug")
@click.option(
    *("--export", "target"),
    type=FILE,
    help="Write a table of them to this file, .csv or .xlsx; or, to be handed on, .json of Web Annotations.",
)
@click.option(
    "--address", metavar="URL", help="With --export of .json: where the archive is, if PLAYER_URL does not say it."
)
@click.option(
    *("--import", "table"),
    type=FILE,
    help="Change them as this table has them, .csv or .xlsx; or .json, of Web Annotations.",
)
@click.option("--dry-run", is_flag=True, help="With --import, print each change, and change nothing.")
@click.option("--remove", is_flag=True, help="With --import, remove the annotations that have no row.")
@click.option("--force", is_flag=True, help="With --export, replace an existing file.")
@archive_option
def list_annotations(
    slug: str,
    target: Path | None,
    address: str | None,
    table: Path | None,
    *,
    dry_run: bool,
    remove: bool,
    force: bool,
    root: Path,
) -> None:
    """List the annotations of a recording: time, title and link.

    At the end of a line stands why visitors may not see the annotation: [draft], [closed until 2041], [withdrawn].

    With --export and --import, they can be edited in a spreadsheet. A row is an annotation: at a line, or with start
    and end, or about the whole recording. What it has besides, such as claims and people, stays in annotations.toml as
    it is. Columns that you do not need can be removed. An annotation without a row stays, unless you say --remove; one
    that is new needs no id.

    A file .json or .jsonld to import has W3C Web Annotations: each goes to the lines whose words it quotes, or to its
    times. What of it has no place in the archive is said. With --export, such a file has what visitors may read, as
    /recordings/<slug>/annotations.json has it; these are known by addresses, which need that of the archive.

    \b
    Example:
      player annotations 1963-11-05-attwood-reading
      player annotations harbour-office --export notes.csv --archive my-archive
      player annotations harbour-office --import notes.csv --dry-run --archive my-archive
      player annotations harbour-office --export notes.json --address https://example.org/tapes --archive my-archive
    """
    if target is not None and table is not None:
        raise click.UsageError("Give --export or --import, not both.")
    if (dry_run or remove) and table is None:
        raise click.UsageError("--dry-run and --remove go with --import.")
    if force and target is None:
        raise click.UsageError("--force goes with --export.")
    is_for_others = target is not None and _is_json(target)
    if address is not None and not is_for_others:
        raise click.UsageError("--address goes with --export of a file .json.")
    archive = open_archive(root)
    if target is not None:
        _export(archive, slug, target, address, is_for_others=is_for_others, force=force)
    elif table is not None:
        _import(archive, slug, table, is_dry=dry_run, is_removing=remove)
    else:
        _list(archive, slug)


def _list(archive: Archive, slug: str) -> None:
    from player import timecode
    from player.errors import ArchiveError
    from player.index import access

    recording = archive.recording(slug)
    if recording.unread.annotations:
        raise ArchiveError(recording.unread.annotations)
    if recording.unread.transcript:  # annotations that belong to its lines are listed without a time
        click.echo(str(ArchiveError(recording.unread.transcript)), err=True)
    rows = []
    for annotation in recording.annotations:
        time, query = "-", ""
        if annotation.span is not None:
            rough = "~" if annotation.is_approximate else ""
            start = annotation.span.start
            time, query = f"{rough}{timecode.display(start)}", f"?t={timecode.fragment(start)}"
        mark = marked_unless_open(
            access.of_note(recording.shown, annotation.span, is_adrift=annotation.is_adrift or bool(annotation.beside))
        )
        rows.append((time, annotation.title, f"/recordings/{slug}{query}#note-{annotation.id}{mark}"))
    if not rows:
        click.echo(f"{slug} has no annotations yet", err=True)
    print_columns(rows)


def _is_json(path: Path) -> bool:
    from player.intake.web_annotations import SUFFIXES

    return path.suffix.lower() in SUFFIXES


def _export(
    archive: Archive, slug: str, target: Path, address: str | None, *, is_for_others: bool, force: bool
) -> None:
    from player.errors import WriteError, reason, shown
    from player.files import new_file

    told = None
    if is_for_others:
        from player.commands.exporting_notes import for_others

        table, count, told = for_others(archive, slug, address)
    else:
        from player.intake.annotation_edits import rows_of
        from player.intake.annotation_table import written

        notes = rows_of(archive.recording(slug))
        table, count = written(notes, target), len(notes)
    try:
        with new_file(target, force=force) as beside:
            beside.write_bytes(table)
    except FileExistsError:
        raise WriteError(f"{shown(target)}: there is such a file; name another, or replace it with --force") from None
    except OSError as error:
        raise WriteError(f"{shown(target)}: this cannot be written ({reason(error)}); name another place") from None
    click.echo(f"{counted(count, 'annotation')} written to {shown(target)}")
    if told:
        click.echo(told, err=True)


def _import(archive: Archive, slug: str, table: Path, *, is_dry: bool, is_removing: bool) -> None:
    from player.intake.annotation_edits import changed_notes, write
    from player.intake.annotation_table import read_table
    from player.intake.late_notes import late_notes
    from player.intake.web_annotations import read_annotations

    recording = archive.recording(slug)
    told: list[str] = []
    if _is_json(table):
        if is_removing:
            raise click.UsageError("--remove goes with a table, which can have all that the archive has of its notes.")
        rows, told = read_annotations(table, recording)
    else:
        rows = read_table(table)
    notes = changed_notes(recording, table, rows, is_removing=is_removing)
    if is_dry:
        _print_changes(notes)
    elif not notes.is_nothing:
        write(archive, recording, notes)
    counts = ((notes.changed, "changed"), (notes.added, "added"), (notes.removed, "removed"))
    done = ", ".join(f"{len(names)} {what}" for names, what in counts if names) or "nothing to change"
    if is_dry:
        click.echo(f"{slug}: {done}; nothing was written")
    else:
        then = "" if notes.is_nothing else with_archive("; now check what they point at: player check")
        click.echo(f"{slug}: {done}{then}")
    for each in (*told, *late_notes(recording, notes)):
        click.echo(each, err=True)
    if notes.left:
        verb = "has no row, and stays" if len(notes.left) == 1 else "have no row, and stay"
        click.echo(f"{counted(len(notes.left), 'annotation')} {verb} (--remove would remove them)", err=True)


def _print_changes(notes: ChangedNotes) -> None:
    from player.errors import quoted

    for name, changes in notes.changed.items():
        for change in changes:
            before, after = (quoted(text) if text else "nothing" for text in (change.before, change.after))
            click.echo(f"{name}: {change.column}: {before} becomes {after}")
    for name, title in notes.added.items():
        click.echo(f"{name}: is added, {quoted(title)}")
    for name in notes.removed:
        click.echo(f"{name}: is removed")

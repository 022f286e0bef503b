"""What several commands may be given, the same everywhere: the archive, and how a clip is cut and written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from player.archive.archive import Archive

#: The formats of ``player.clips.encode``, which takes long to import; a test holds the two together.
FORMATS = ("mp3", "wav", "flac", "opus", "m4a")


class _File(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic from click 8.4 on
    """A path, as pathlib has it, which is imported where one is given: it takes a tenth of the time of --help."""

    name = "path"

    def convert(self, value: Any, _param: click.Parameter | None, _context: click.Context | None) -> Path:
        from pathlib import Path  # noqa: PLC0415

        return Path(value)


#: A file or a folder, there or not.
FILE = _File()

_CUTTING = (
    click.option("--pad", metavar="SECONDS", help="Begin so much earlier and end so much later, within the recording."),
    click.option(
        "--fade-in", default=5, show_default=True, metavar="MS", help="Milliseconds; 0 leaves samples as they are."
    ),
    click.option("--fade-out", default=5, show_default=True, metavar="MS", help="Milliseconds, likewise."),
    click.option("--format", "kind", type=click.Choice(FORMATS), help="The format, where no file name says it."),
    click.option("--bitrate", type=int, metavar="KBITS", help="Kilobits a second, for mp3, opus and m4a."),
    click.option("--force", is_flag=True, help="Replace files that are there."),
    click.option("--dry-run", is_flag=True, help="Say what would be made, and make nothing."),
    click.option("--json", "as_json", is_flag=True, help="Print what was made as JSON."),
)


def archive_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command be told which archive."""
    return click.option(
        "--archive",
        "root",
        envvar="PLAYER_ARCHIVE",
        type=FILE,
        default=_shipped,
        help="The folder that holds media and transcripts; by default $PLAYER_ARCHIVE, else the archive that ships.",
    )(command)


def open_archive(root: Path) -> Archive:
    """Open the archive in the folder ``root``."""
    from player.archive.archive import Archive  # noqa: PLC0415

    return Archive(root)


def _shipped() -> Path:
    from player import roots  # noqa: PLC0415

    return roots.SHIPPED_ARCHIVE


def cutting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command be told how clips are cut and written: what ``told.cut_from`` takes."""
    for option in reversed(_CUTTING):
        command = option(command)
    return command

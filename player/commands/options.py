"""Gives several commands the same options, and reads what these name: the archive, times, how clips are cut."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from player.audio.formats import FORMATS
from player.clips.defaults import COPY, FADE, GAP
from player.commands import advised
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.clips.clip import Clip
    from player.clips.cut import Cut
    from player.clips.signer import Signer
    from player.timecode import Span


class _File(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic from click 8.4 on
    """A path that may or may not exist."""

    name = "path"

    def convert(self, value: Any, _param: click.Parameter | None, _context: click.Context | None) -> Path:
        from pathlib import Path

        return Path(value)


class _Time(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic since click 8.3
    """A time as people write it, read into milliseconds."""

    name = "time"

    def convert(self, value: Any, _param: click.Parameter | None, _context: click.Context | None) -> int:
        from player import timecode

        return value if isinstance(value, int) else timecode.parse(value)


#: A file or a folder, whether it exists or not.
FILE = _File()
#: What standard output is called, by people and by systems.
_STANDARD_OUTPUT = frozenset({"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})
#: A time in milliseconds.
TIME = _Time()


def is_standard_output(target: Path | str | None) -> bool:
    """Tell whether something is to go to standard output."""
    return str(target) in _STANDARD_OUTPUT


@value
class CutOptions:
    """How clips are to be cut and written: times in milliseconds, ``bitrate`` in kbit/s.

    ``suffix`` is that of the format that was named; None where none was, and for a copy, which has that of its
    recording.
    """

    #: How much earlier passages start, and how much later they end.
    pads: tuple[int, int]
    fade_in: int
    fade_out: int
    suffix: str | None
    bitrate: int | None
    force: bool
    dry_run: bool
    as_json: bool
    include_closed: bool = False
    is_copy: bool = False
    #: Who signs them; None where nobody does.
    signer: Signer | None = None

    def cut(self, spans: tuple[Span, ...], target: Path, gap: int | None = None) -> Cut:
        """Describe the cut of these spans into ``target``, with ``gap`` milliseconds of silence between them.

        :raise ClipError: where no clip can be made so.
        :raise CredentialsError: where it is to be signed, and cannot be.
        """
        from player.clips.cut import Cut

        suffix = target.suffix.lower()
        if self.signer is not None:
            from player.clips.signer import check_format
            from player.errors import shown

            check_format(suffix, shown(target))
        gap = GAP if gap is None else gap
        cut = Cut(spans, suffix, self.fade_in, self.fade_out, gap, self.bitrate, self.is_copy)
        cut.check()
        return cut


def for_format(options: CutOptions, name: str) -> CutOptions:
    """Give the options for a clip in the format ``name``, or for a ``copy``; as they are where that is empty.

    A copy has no fades where none were asked for.
    """
    if not name:
        return options
    source = click.get_current_context().get_parameter_source
    usual = 0 if name == COPY else FADE
    fade_in, fade_out = (
        usual if source(each) is ParameterSource.DEFAULT else getattr(options, each) for each in ("fade_in", "fade_out")
    )
    suffix, is_copy = (None, True) if name == COPY else (f".{name}", False)
    return replace(options, suffix=suffix, is_copy=is_copy, fade_in=fade_in, fade_out=fade_out)


_CUTTING = (
    click.option(
        "--pad",
        type=TIME,
        default=0,
        show_default=False,
        metavar="SECONDS",
        help="Start this much earlier and end this much later, within the recording.",
    ),
    click.option("--pad-before", type=TIME, metavar="SECONDS", help="Start this much earlier, whatever --pad says."),
    click.option("--pad-after", type=TIME, metavar="SECONDS", help="End this much later, whatever --pad says."),
    click.option(
        "--fade-in",
        default=FADE,
        show_default=True,
        metavar="MS",
        help="The fade at the start, in milliseconds; 0 leaves the samples as they are.",
    ),
    click.option(
        "--fade-out",
        default=FADE,
        show_default=True,
        metavar="MS",
        help="The fade at the end, in milliseconds; 0 leaves the samples as they are.",
    ),
    click.option(
        "--format",
        "format_name",
        type=click.Choice([*(each.name for each in FORMATS.values()), COPY]),
        help="The format, if no file name gives it; mp3 by default. copy keeps the recording's own MP3 or AAC.",
    ),
    click.option(
        "--bitrate",
        type=int,
        metavar="KBITS",
        help=f"Kilobits per second, for {', '.join(each.name for each in FORMATS.values() if each.bitrates)}.",
    ),
    click.option("--force", is_flag=True, help="Replace existing files."),
    click.option(
        "--include-closed",
        is_flag=True,
        help="Cut also what is closed, for the archive's own use: the clip's title, tags and .json file then say so.",
    ),
    click.option("--dry-run", is_flag=True, help="Print what would be made, and make nothing."),
    click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
)


def cutting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of cutting, which it gets as one value, ``options``."""

    @functools.wraps(command)
    def run(
        *arguments: Any,
        pad: int,
        pad_before: int | None,
        pad_after: int | None,
        fade_in: int,
        fade_out: int,
        format_name: str | None,
        bitrate: int | None,
        force: bool,
        dry_run: bool,
        as_json: bool,
        include_closed: bool,
        **others: Any,
    ) -> Any:
        is_copy = format_name == COPY
        suffix = None if format_name is None or is_copy else f".{format_name}"
        if is_copy:
            fade_in, fade_out = _unfaded(fade_in, fade_out, bitrate)
        pads = (pad if pad_before is None else pad_before, pad if pad_after is None else pad_after)
        options = CutOptions(pads, fade_in, fade_out, suffix, bitrate, force, dry_run, as_json, include_closed, is_copy)
        return command(*arguments, options=options, **others)

    for option in reversed(_CUTTING):
        run = option(run)
    return run


def suffix_for(recording: Recording, options: CutOptions) -> str:
    """Give the suffix of a clip of a recording that no file name gives it.

    :raise PlayerError: where it is to be a copy, and there is none of the recording.
    """
    if options.suffix is not None or not options.is_copy:
        return options.suffix or ".mp3"
    from player.clips.copying import suffix_of_copies

    return suffix_of_copies(recording)


def _unfaded(fade_in: int, fade_out: int, bitrate: int | None) -> tuple[int, int]:
    """Give the fades of a copy, which has none; refuse, as misuse, what asks for other samples than the recording's."""
    source = click.get_current_context().get_parameter_source
    asked = {"fade_in": fade_in, "fade_out": fade_out}
    for name, length in asked.items():
        if length and source(name) is not ParameterSource.DEFAULT:
            raise click.UsageError(
                f"--format copy keeps every sample as it is, so --{name.replace('_', '-')} goes only with others."
            )
    if bitrate is not None:
        raise click.UsageError("--format copy keeps the recording's own bitrate, so --bitrate goes only with others.")
    return 0, 0


def archive_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option that names the archive; the command gets its folder as ``root``."""
    return click.option(
        "--archive",
        "root",
        envvar="PLAYER_ARCHIVE",
        type=FILE,
        default=_shipped,
        callback=advised.remember,
        help="The folder that holds media and transcripts; by default $PLAYER_ARCHIVE, or else the archive that comes "
        "with the player.",
    )(command)


def _shipped() -> Path:
    from player import roots

    return roots.SHIPPED_ARCHIVE


def warn_of_shipped(root: Path) -> None:
    """Warn that what is added goes into the archive that comes with the player, since no other was named."""
    from player.errors import shown

    if root == _shipped() and not advised.option():
        click.echo(
            f"{shown(root)}: this is the archive that comes with the player; for one of your own, name it with "
            "--archive (player init makes one)",
            err=True,
        )


def open_archive(root: Path) -> Archive:
    """Open the archive in the folder ``root``, after doing the rest of a change that was broken off."""
    from player.archive.archive import Archive
    from player.intake.transaction import recover

    if recover(root):
        click.echo("a change of this archive was broken off before its end, and has been put right", err=True)
    return Archive(root)


def recording_to_cut(archive: Archive, slug: str) -> Recording:
    """Read a recording that clips are to be cut from.

    :raise NotFoundError: where the archive has none of that name.
    :raise ArchiveError: where its recording.toml is wrong, or its sound may not be read.
    """
    from player.errors import ArchiveError

    recording = archive.recording(slug)
    if recording.unread.media:
        raise ArchiveError(recording.unread.media)
    return recording


def warn_of_missing_words(recording: Recording) -> None:
    """Warn that clips go without their words, where the transcript cannot be read, or is a machine's draft."""
    from player.errors import ArchiveError

    withheld = recording.shown.transcript
    if recording.has_machine_draft and withheld is not None and recording.shown.record is None:
        what = f"a machine wrote the words of {recording.slug}, and visitors do not see them ({withheld.label})"
        told = f"{what}, so clips go without them; to publish them: player publish {recording.slug}"
        click.echo(advised.with_archive(told), err=True)

    if recording.unread.transcript:
        click.echo(f"{ArchiveError(recording.unread.transcript)}\nclips are cut without their words", err=True)


def tell_not_copied(clip: Clip) -> None:
    """Say that a clip was encoded which was to be a copy, and why."""
    if clip.not_copied is not None:
        click.echo(f"{clip.path.name}: encoded, not copied: {clip.not_copied}", err=True)


def sources_to_cite(archive: Archive) -> Mapping[str, Source]:
    """Read the bibliography; where that fails, warn that clips name their sources by their ids."""
    from player.errors import ArchiveError

    try:
        return archive.sources
    except ArchiveError as error:
        click.echo(f"{error}\nthe bibliography cannot be read, so clips name their sources by their ids only", err=True)
        return {}

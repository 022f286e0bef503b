"""``player clip``: cuts passages out of a recording, one file each or joined into one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from player.audio.formats import FORMATS
from player.clips.defaults import GAP
from player.commands import output
from player.commands.clip_files import ClipRequest, asked_for, check_target, target_of
from player.commands.options import (
    TIME,
    CutOptions,
    archive_option,
    cutting_options,
    is_standard_output,
    open_archive,
    recording_to_cut,
    sources_to_cite,
    tell_not_copied,
    warn_of_missing_words,
)
from player.commands.signing import signing_options
from player.values import value

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.clips.cut import Cut


@value
class _Plan:
    """One clip that is to be made, the recording it is cut from, and the words or the name of what is in it."""

    recording: Recording
    target: Path
    cut: Cut
    what: str
    is_widened: bool
    #: The label of these words, where a machine wrote them and nobody has heard them.
    unchecked: str | None = None


@click.command(short_help="Cut a passage out of a recording.")
@click.argument("slug")
@click.option("--from", "start", type=TIME, metavar="TIME", help="Where the clip starts: :25, 1:02.5, 1h2m3s.")
@click.option("--to", "end", type=TIME, metavar="TIME", help="Where it ends.")
@click.option("--for", "length", type=TIME, metavar="TIME", help="How long it is, instead of --to.")
@click.option(
    "--part",
    metavar="PART",
    help="Count --from and --to from the beginning of this part, named by its number or its title. Alone: all of it.",
)
@click.option("--cue", metavar="ID", help="A line of the transcript, or a range of lines: c12..c15.")
@click.option("--annotation", metavar="ID", help="The passage of an annotation.")
@click.option("--quote", metavar="WORDS", help="Where these words are said, ignoring case, accents and punctuation.")
@click.option("--match", metavar="REGEX", help="Wherever the transcript matches a regular expression (Python syntax).")
@click.option("--all", "every", is_flag=True, help="With --quote: every place where the words are said.")
@click.option("--nth", type=click.IntRange(1), metavar="N", help="With --quote or --match: only the Nth place.")
@click.option("--join", is_flag=True, help="Join all the places into one file.")
@click.option(
    "--gap",
    type=TIME,
    metavar="SECONDS",
    help=f"With --join: the silence between places; {GAP / 1000:g} by default.",
)
@click.option(
    "-o",
    "--output",
    "asked",
    metavar="PATH",
    help=f"The file to write; its suffix sets the format: {', '.join(FORMATS)}. - is standard output. By default, or "
    "in a folder that is there or is named with a / at its end, the file is named after the recording and the passage.",
)
@click.option("--bare", is_flag=True, help="Leave out the tags, and the .json and .vtt files beside the clip.")
@cutting_options
@signing_options
@archive_option
def clip(
    slug: str,
    *,
    start: int | None,
    end: int | None,
    length: int | None,
    part: str | None,
    cue: str | None,
    annotation: str | None,
    quote: str | None,
    match: str | None,
    every: bool,
    nth: int | None,
    join: bool,
    gap: int | None,
    asked: str | None,
    bare: bool,
    options: CutOptions,
    root: Path,
) -> None:
    """Cut a passage out of a recording, exact to the sample, and record where it comes from.

    Say which passage with --from and --to, or --from and --for, or one of --cue, --annotation, --quote and --match.
    The source, the words and the rights go into the file's tags and into a .json and a .vtt file beside it.

    \b
    Example:
      player clip 1963-11-05-attwood-reading --from :25 --to 1:20 -o reading.mp3
      player clip 1963-11-05-attwood-reading --quote "not the White House tape" -o reading.wav
    """
    ways = {"start": start, "cue": cue, "annotation": annotation, "quote": quote, "match": match}
    chosen = [name for name, value in ways.items() if value is not None]
    if len(chosen) > 1:
        raise click.UsageError("give only one of --from, --cue, --annotation, --quote and --match.")
    _check_end(end, length, is_from=chosen == ["start"])
    if part is not None and chosen not in ([], ["start"]):
        raise click.UsageError("--part goes with --from, or alone.")
    if not chosen and part is None:
        raise click.UsageError("say which passage, with one of --from, --cue, --annotation, --quote and --match.")
    if every and (quote is None or nth is not None):
        raise click.UsageError("--all needs --quote, and excludes --nth.")
    if nth is not None and quote is None and match is None:
        raise click.UsageError("--nth needs --quote or --match.")
    if gap is not None and not join:
        raise click.UsageError("--gap needs --join.")
    if join and options.is_copy and (bare or is_standard_output(asked)):
        raise click.UsageError("a copy of several passages has its account beside it: leave out --bare and -o -.")
    # What follows takes long to import.
    from player.clips.selection import Selection
    from player.timecode import Span

    span = None
    if start is not None:
        span = Span(start, start + (length or 0) if end is None else end)
    selection = Selection(span, cue, annotation, quote, match, every=every, nth=nth, part=part)
    target, folder = asked_for(asked)
    request = ClipRequest(slug, selection, target, folder, join, gap, bare, options)
    check_target(request)
    _run(request, open_archive(root))


def _check_end(end: int | None, length: int | None, *, is_from: bool) -> None:
    """Refuse, as misuse, an end or a length where there is no start, and a start without just one of them."""
    given = [name for name, value in (("--to", end), ("--for", length)) if value is not None]
    if given and not is_from:
        raise click.UsageError(f"{given[0]} goes only with --from.")
    if is_from and not given:
        raise click.UsageError("--from needs --to or --for.")
    if is_from and len(given) > 1:
        raise click.UsageError("--from needs either --to or --for, not both.")


def _run(request: ClipRequest, archive: Archive) -> None:
    from player.clips.closed import HandedOn
    from player.commands.new_folder import new_folder

    recording = recording_to_cut(archive, request.slug)
    handed_on = HandedOn(archive, include_closed=request.options.include_closed)
    plans = [
        replace(plan, recording=handed_on.recording(recording, plan.cut.spans)) for plan in _plans(recording, request)
    ]
    _tell_widened(plans)
    if not request.bare:
        warn_of_missing_words(recording)
    if request.options.dry_run:
        _print_plans(plans, request)
    elif request.is_piped:
        _pipe(archive, plans, request)
    else:
        with new_folder(request.folder):
            _make(archive, plans, request)


def _plans(recording: Recording, request: ClipRequest) -> list[_Plan]:
    from player.audio.probe import probe
    from player.clips import selection
    from player.clips.cut import sound_file
    from player.clips.machine_words import unchecked_in

    choices = request.selection.choices(recording)
    if any(pads := request.options.pads):
        choices = selection.padded(choices, pads, probe(sound_file(recording)).duration)
    groups = [selection.merged(choices)] if request.join else [[choice] for choice in choices]
    plans = []
    for number, group in enumerate(groups, 1):
        order = f"{number:0{len(str(len(groups)))}d}" if len(groups) > 1 else ""
        target = target_of(recording, group, request, order, is_first=number == 1)
        cut = request.options.cut(tuple(choice.span for choice in group), target, request.gap)
        what = " … ".join(choice.what for choice in group if choice.what)
        unchecked = unchecked_in(recording, cut.spans)
        plans.append(_Plan(recording, target, cut, what, any(choice.is_widened for choice in group), unchecked))
    return plans


def _tell_widened(plans: list[_Plan]) -> None:
    """Say of clips of words that they take in whole lines, after none of them was refused."""
    from player.clips.provenance import in_words
    from player.errors import shown

    for plan in plans:
        if plan.is_widened:
            # Without the words: some that are closed may be looked for.
            why = "the words have no times of their own, so the clip has whole lines"
            click.echo(f"{shown(plan.target)}: {why}, {in_words(plan.cut.spans)}", err=True)


def _print_plans(plans: list[_Plan], request: ClipRequest) -> None:
    from player.clips.provenance import in_words
    from player.errors import shown

    if request.options.as_json:
        rows = [
            {
                "path": str(plan.target),
                "recording": request.slug,
                "spans": [[span.start, span.end] for span in plan.cut.spans],
                "what": plan.what,
                "unchecked": plan.unchecked,
            }
            for plan in plans
        ]
        output.print_json(rows)
        return
    for plan in plans:
        words = f": {plan.what}" if plan.what else ""
        words += f" [{plan.unchecked}]" if plan.unchecked else ""
        click.echo(f"{shown(plan.target)}: {in_words(plan.cut.spans)} of {request.slug}{words}")


def _make(archive: Archive, plans: list[_Plan], request: ClipRequest) -> None:
    from player.clips.clip import check_targets, make

    options = request.options
    if options.is_copy and len(plans[0].cut.spans) > 1:
        from player.commands.joining_many import join_places

        join_places(sources_to_cite(archive), plans[0].recording, plans[0].cut, plans[0].target, options)
        return
    check_targets([plan.target for plan in plans], force=options.force)
    sources = None if request.bare else sources_to_cite(archive)
    made: list[dict[str, Any]] = []
    try:
        for plan in plans:
            done = make(
                plan.recording,
                plan.cut,
                plan.target,
                sources,
                force=options.force,
                include_closed=options.include_closed,
                signer=options.signer,
            )
            made.append(done.as_json())
            tell_not_copied(done)
            if not options.as_json:
                click.echo(str(done))
    finally:
        # If one of several fails, those made before it are there.
        if options.as_json:
            output.print_json(made)


def _pipe(archive: Archive, plans: list[_Plan], request: ClipRequest) -> None:
    """Make the clip, and send it to standard output."""
    import sys

    from player.clips.clip import make
    from player.errors import ClipError
    from player.files import temporary_folder

    if len(plans) > 1:
        raise ClipError(
            f"{len(plans)} clips cannot share one output; join them with --join, or choose one with --nth N"
        )
    if sys.stdout.isatty():
        raise ClipError("a terminal cannot play the sound; send it to a program or a file, or write one with -o FILE")
    (plan,) = plans
    if plan.unchecked and not request.bare:
        click.echo(f"its words: {plan.unchecked}", err=True)
    with temporary_folder("to make the clip in") as folder:
        path = folder / plan.target.name
        sources = None if request.bare else sources_to_cite(archive)
        include_closed = request.options.include_closed
        signer = request.options.signer
        tell_not_copied(
            make(plan.recording, plan.cut, path, sources, beside=False, include_closed=include_closed, signer=signer)
        )
        output.send(path)

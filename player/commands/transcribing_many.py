"""``player transcribe --all``: has every recording transcribed that has no transcript, here or elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from player.commands.listening_many import Put, each_heard
from player.commands.output import counted, ended, refuse
from player.commands.transcribe_told import planned
from player.commands.transcribing import Hearing, heard_of, put

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from player.align.draft_files import Target
    from player.align.recognisers import Recogniser
    from player.archive.archive import Archive
    from player.commands.listening_many import Where
    from player.commands.transcribing import Heard


def transcribe_all(
    archive: Archive,
    where: Where,
    recogniser_for: Callable[[str], Recogniser | None],
    language: str | None,
    *,
    again: bool,
    aligns: bool,
    dry_run: bool,
) -> None:
    """Have every recording transcribed that has a sound and no words; say what came of each.

    ``again`` has those done anew, too, that have a machine's draft which nobody has touched. ``recogniser_for`` finds
    the model for a language; where it gives None, it has said why. Exits with 1 where a recording could not be done.

    :raise PlayerError: where there is no model, or those who are to do it are not fit.
    """
    found: dict[str, Recogniser | None] = {}

    def asked_of(slug: str) -> tuple[Target, Hearing] | None:
        return _asked(archive, slug, where, found, recogniser_for, language, again=again, aligns=aligns)

    asked, there, refused = _gathered(archive.slugs(), asked_of)
    if dry_run:
        wrong = _planned(asked)
        others = [(there, "had words already"), (refused + wrong, "not transcribed")]
        ended(f"{counted(len(asked) - wrong, 'recording')} would be transcribed", others)
        if refused or wrong:
            sys.exit(1)
        return

    def put_there(task: Hearing, heard: Heard) -> Put:
        target, _ = asked[task.slug]
        return Put(tuple(put(target, task, heard, is_language_asked=language is not None)), is_done=True)

    tasks = [hearing for _, hearing in asked.values()]
    models = {task.recogniser.folder for task in tasks}
    packages = _packages(aligns=aligns)
    done, failed = each_heard(archive, where, heard_of, tasks, put_there, packages=packages, models=models)
    ended(
        f"{counted(done, 'recording')} transcribed",
        [(there, "had words already"), (refused + failed, "not transcribed")],
    )
    if refused or failed:
        sys.exit(1)


def _planned(asked: Mapping[str, tuple[Target, Hearing]]) -> int:
    """Say of each recording what would be done; give of how many that cannot be told, which is said too."""
    from player.errors import PlayerError

    wrong = 0
    for slug, (target, hearing) in asked.items():
        try:
            click.echo("\n".join(planned(target.record, target.sound, hearing.recogniser, hearing.tag, hearing.code)))
        except PlayerError as error:
            refuse(slug, error)
            wrong += 1
    return wrong


def _gathered(
    slugs: Iterable[str], asked_of: Callable[[str], tuple[Target, Hearing] | None]
) -> tuple[dict[str, tuple[Target, Hearing]], int, int]:
    """Give what is to be heard, how many recordings have words that stay, and how many cannot be heard, which is said.

    :raise NoModelError: where there is no model.
    """
    from player.align.draft_files import WordsError
    from player.align.recognisers import NoModelError
    from player.errors import PlayerError

    asked: dict[str, tuple[Target, Hearing]] = {}
    there = refused = 0
    for slug in slugs:
        try:
            if (each := asked_of(slug)) is not None:
                asked[slug] = each
        except WordsError:
            there += 1
        except NoModelError:
            raise
        except PlayerError as error:
            refuse(slug, error)
            refused += 1
    return asked, there, refused


def _asked(
    archive: Archive,
    slug: str,
    where: Where,
    found: dict[str, Recogniser | None],
    recogniser_for: Callable[[str], Recogniser | None],
    language: str | None,
    *,
    again: bool,
    aligns: bool,
) -> tuple[Target, Hearing] | None:
    """Give where the draft of a recording goes, and how it is to be heard; None where it has no sound to be heard.

    :raise PlayerError: where it has words that stay, or cannot be heard.
    """
    from player.align import draft_files, hearing, recognisers
    from player.archive import languages

    record = archive.record(slug)
    if (record.media is None and not record.media_faults) or record.shown.withdrawal is not None:
        return None
    target = draft_files.target(archive, record, again=again)
    tag = languages.shortest(language or record.language)
    if tag not in found:
        found[tag] = recogniser_for(tag)
    if (recogniser := found[tag]) is None:
        return None
    code = recognisers.code_of(tag, recogniser, hearing.languages())
    processes, is_followed = where.processes, where.is_alone
    return target, Hearing(archive.root, slug, recogniser, tag, code, aligns, processes, is_followed)


def _packages(*, aligns: bool) -> Iterable[str]:
    """Give what whoever listens needs: what puts words on time too, where that is here."""
    from importlib.metadata import PackageNotFoundError, version

    from player.align.engines import DEFAULT

    yield "faster-whisper"
    if aligns:
        try:
            version(DEFAULT)
        except PackageNotFoundError:
            return
        yield DEFAULT

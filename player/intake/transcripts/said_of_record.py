"""Tells what a transcript that is brought in says of its recording, and the record does not: that is for a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from player.archive import languages
from player.archive.machine import LABEL
from player.intake.transcripts.imported import Deed, Remark
from player.publish.transcripts.notices import of_record as notices_of
from player.publish.transcripts.webvtt_head import as_comment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.recording import Record
    from player.intake.transcripts.imported import Imported

# In a table all that has to be known stands in one cell, and this comes last in it.
_OF_MACHINE: Final = re.compile(rf"{LABEL}: .*", re.DOTALL)
_LONGEST: Final = 300


def of_record(record: Record, imported: Imported) -> Iterator[Remark]:
    """Give what is to be told of a language, and of notices, beside the record."""
    said = imported.language
    if said is not None:
        ours, theirs = (languages.language(tag).name for tag in (record.language, said))
        if ours != theirs and record.language.partition("-")[0].lower() != said.partition("-")[0].lower():
            what = f"its language, {theirs}; the record says {ours}, and stays as it is"
            yield Remark(Deed.READ, what)
    known = [each for notice in map(str, notices_of(record)) for each in (notice, as_comment(notice))]
    for notice in imported.notices:
        rest = _OF_MACHINE.sub("", notice)
        for each in known:
            rest = rest.replace(each, "")
        if rest := " ".join(rest.split()):
            shown = rest if len(rest) <= _LONGEST else f"{rest[:_LONGEST]}…"
            remedy = "write it there, as its label, advice or notice"
            yield Remark(Deed.LEFT_OUT, f'a notice that recording.toml does not have: "{shown}"; {remedy}')

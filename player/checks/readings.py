"""Checks what a reading says, by the rules that keep synthetic voices from making up history."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from player.checks.quotations import quotations, unverified
from player.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.archive.transcript import Line
    from player.archive.translation import Translation

VOICES = ("Narrator", "Document")
PREFACE = "not the White House tape"

_GLOSSED = re.compile(r"“[^”]*”\s*\[[^\[\]]*\w[^\[\]]*\]")
_QUOTED_OR_GLOSSED = re.compile(r"“[^”]*”|\[[^\[\]]*\]")
# Of single marks only the opening one, for the other is the apostrophe too; \u2039 and \u203a are angled.
_OTHER_MARKS = re.compile('[“”„‟«»‘\u2039\u203a"]')


def reading_faults(recording: Recording, sources: Mapping[str, Source]) -> Iterator[Fault]:
    """Give what would make a synthetic reading say more than it may."""
    path = recording.folder / "recording.toml"
    if not recording.citations:
        yield Fault(path, 1, "a reading's title and summary have no sources", 'write sources = ["…"]')
    if recording.notice is None:
        yield Fault(path, 1, "a reading has no notice to show beside its play control", 'write notice = "…"')
    if recording.transcript is None:
        if not recording.unread.transcript:
            yield Fault(path, 1, "a reading has no transcript", "make it with: player reading " + recording.slug)
        return
    vtt = recording.transcript.path
    preface = " ".join(cue.text for cue in recording.transcript.cues if cue.start < max(recording.substance, 1))
    if PREFACE not in preface:
        what = f'the preface of a reading does not say "{PREFACE}"'
        yield Fault(vtt, 1, what, "say so before the substance begins")
    for line in recording.transcript.lines:
        yield from (Fault(vtt, line.line, what, remedy) for what, remedy in _line_faults(line, sources))
    for translation in recording.translations:
        yield from _translation_faults(translation, recording.transcript.lines)


def _line_faults(cue: Line, sources: Mapping[str, Source]) -> Iterator[tuple[str, str]]:
    if cue.speaker not in VOICES:
        yield f"the voice is {cue.speaker or 'not named'}", f"a reading has only {' and '.join(VOICES)}"
    if not cue.citations:
        yield f"cue {cue.id} of a reading has no source", "write NOTE source: id, locator before it"
    cited = [sources[citation.source] for citation in cue.citations if citation.source in sources]
    if cue.speaker == "Document":
        if not all(source.is_us_government_work for source in cited):
            yield (
                f"Document reads something other than a US government work in cue {cue.id}",
                "let the Narrator paraphrase it",
            )
        if not _is_all_quoted(cue.text):
            yield (
                f"Document reads words outside quotation marks in cue {cue.id}",
                "quote them, or give them to Narrator",
            )
    if "“" in cue.text and cue.speaker == "Narrator" and not any(citation.locator for citation in cue.citations):
        yield f"a quotation in cue {cue.id} has no locator", "give the place after the source: id, locator"
    for quotation in unverified(cue.text, _excerpts(cited)):
        yield f"“{quotation}” is in no excerpt of the source of cue {cue.id}", "correct the words, or add the excerpt"


def _translation_faults(translation: Translation, lines: Iterable[Line]) -> Iterator[Fault]:
    """Give what in a translation is quoted that the transcript does not quote, or is quoted in other words.

    Words that somebody said or wrote stay as they were printed, “like this” [así]: in brackets is the translation's
    own gloss. So nobody is given words in a language in which they were never said.
    """
    originals = {line.id: line.text for line in lines}
    for cue in translation.lines:
        ours, theirs = quotations(cue.text), quotations(originals[cue.id])
        for quotation in ours:
            if quotation not in theirs:
                what = f"“{quotation}” is not quoted in the transcript's line {cue.id}"
                yield Fault(translation.path, cue.line, what, "keep the quotation as the transcript has it")
        for quotation in theirs:
            if quotation not in ours:
                what = f"“{quotation}”, which the transcript's line {cue.id} quotes, is left out"
                yield Fault(
                    translation.path, cue.line, what, "keep the quotation, and put a gloss in brackets after it"
                )
        if len(_GLOSSED.findall(cue.text)) != len(ours):
            what = f"a quotation in line {cue.id} is not followed by a gloss"
            yield Fault(translation.path, cue.line, what, "write it as “words” [their meaning]")
        if _OTHER_MARKS.search(_QUOTED_OR_GLOSSED.sub("", cue.text)):
            what = f"line {cue.id} has quotation marks that are not checked against any source"
            yield Fault(
                translation.path, cue.line, what, "quote the transcript's own words in “ and ”, or do not quote"
            )


def _is_all_quoted(text: str) -> bool:
    """Tell whether all words stand in quotation marks, but for the voiced word "omission"."""
    outside = re.sub(r"“[^”]*”", " ", text)
    return not re.sub(r"\bomission\b", "", outside, flags=re.IGNORECASE).strip(" .,;…\n")


def _excerpts(sources: Iterable[Source]) -> list[str]:
    return [excerpt.text for source in sources for excerpt in source.excerpt]

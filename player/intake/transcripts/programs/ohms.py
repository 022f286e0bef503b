"""Reads the XML of OHMS, the Oral History Metadata Synchronizer, versions 3 to 6: transcript, index, and what it is of.

Up to version 5 the transcript is lines of text, and ``sync`` says at which word of them each minute is over; since
version 6 it is WebVTT. https://www.weareavp.com/nunncenter/ohms/ohms.xsd
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from player.archive.dates import is_date
from player.errors import ArchiveError, Fault
from player.intake.transcripts.cleaning import clean
from player.intake.transcripts.imported import Deed, Imported, Remark
from player.intake.transcripts.language_tags import tag_of
from player.intake.transcripts.programs.ohms_index import notes_of
from player.intake.transcripts.programs.ohms_text import lines_of_text
from player.intake.transcripts.programs.ohms_vtt import read_vtt
from player.intake.transcripts.programs.seconds import clock
from player.intake.transcripts.told import Told
from player.intake.transcripts.xml_trees import begins_with, children, local, root_of, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from player.intake.transcripts.imported import ImportedLine

NAME: Final = "ohms"
SUFFIXES: Final = (".xml",)

#: What OHMS writes in place of a transcript that there is not.
_NONE: Final = re.compile(r"\s*no transcript\.?\s*", re.IGNORECASE)


#: What the record says of the recording that has no place in a transcript, by its elements, and what each is called.
_ABOUT: Final = {
    "cms_record_id": "identifier",
    "accession": "accession number",
    "collection_id": "collection",
    "collection_name": "collection",
    "collection_link": "collection",
    "series_id": "series",
    "series_name": "series",
    "series_link": "series",
    "repository": "repository",
    "repository_url": "repository",
    "funding": "funding",
    "subject": "subjects",
    "keyword": "keywords",
    "interviewee": "interviewee",
    "interviewer": "interviewer",
    "description": "description",
    "date_nonpreferred_format": "date in words",
    "rights": "rights",
    "usage": "use",
    "userestrict": "restrictions of use",
    "user_notes": "notes",
    "media_url": "address of the sound",
    "file_name": "name of the sound",
}


def is_one(path: Path, content: bytes) -> bool:  # noqa: ARG001  # the document says what it is
    """Tell whether a file seems to be one of OHMS."""
    return begins_with(content, "record") and (
        b"nunncenter" in content or b"<sync>" in content or b"<sync/>" in content
    )


def read(path: Path, content: bytes) -> Imported:
    """Read a file."""
    told = Told()
    record = _record(path, root_of(path, content), told)
    version = clean(text_of(record, "version"))
    length = clock(text_of(record, "duration").strip() or "0") or None
    notes = notes_of(record, told)
    remarks: tuple[Remark, ...] = ()
    lines: tuple[ImportedLine, ...] = ()
    header: tuple[tuple[str, str], ...] = ()
    text, vtt = text_of(record, "transcript"), text_of(record, "vtt_transcript")
    if vtt.strip():
        element = children(record, "vtt_transcript")[0]
        found = read_vtt(path, vtt, element.sourceline or 1)
        lines, remarks, header = found.lines, found.remarks, found.header
    elif text.strip() and not _NONE.fullmatch(text):
        element = children(record, "transcript")[0]
        names = [clean(text_of(record, name)) for name in ("interviewee", "interviewer")]
        lines = tuple(lines_of_text(text, text_of(record, "sync"), names, length, element.sourceline or 1, told))
    _tell_translation(record, told)
    if not lines and not notes:
        raise ArchiveError([Fault(path, None, "it has no transcript and no index", "export it again from OHMS")])
    return Imported(
        f"OHMS {version}" if version else "OHMS",
        lines,
        (*remarks, *told.remarks(), *_about(record)),
        notes,
        header=header,
        language=tag_of(text_of(record, "language")),
        title=clean(text_of(record, "title")) or None,
        date=_date(record),
        length=length,
    )


def _record(path: Path, root: Any, told: Told) -> Any:
    records = [root] if local(root) == "record" else children(root, "record")
    if not records:
        raise ArchiveError([Fault(path, None, "this is not OHMS XML (it has no record)", "export it again from OHMS")])
    told.left_out(
        "further record, for a file is read as one",
        "further records, for a file is read as one",
        count=len(records) - 1,
    )
    return records[0]


def _date(record: Any) -> str | None:
    for element in children(record, "date"):
        value = (element.get("value") or "").strip()
        if is_date(value):
            return value
    return None


def _tell_translation(record: Any, told: Told) -> None:
    language = clean(text_of(record, "transcript_alt_lang"))
    for name in ("transcript_alt", "vtt_transcript_alt"):
        if text_of(record, name).strip() and not _NONE.fullmatch(text_of(record, name)):
            what = f"translation of the transcript{f', into {language[:40]}' if language else ''}"
            told.left_out(what, "translations of the transcript")


def _about(record: Any) -> tuple[Remark, ...]:
    """Tell what the record says of the recording beside its title, date, language and length."""
    said = [child for child in record if local(child) in _ABOUT and "".join(child.itertext()).strip()]
    names = list(dict.fromkeys(_ABOUT[local(child)] for child in said))
    if not names:
        return ()
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    what = f"what it says of the recording: {listed}; what is wanted of it, write into recording.toml"
    return (Remark(Deed.LEFT_OUT, what, (said[0].sourceline or 1,)),)

"""Prints docs/files.md: each file of an archive, with its keys as they are declared, and an example.

::

    python -m player.archive.files > docs/files.md
"""

from __future__ import annotations

from dataclasses import dataclass
from inspect import getdoc
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from player.archive.about import About
from player.archive.annotations import AnnotationFile
from player.archive.chronology import Chronology
from player.archive.dossiers import Dossier
from player.archive.invitations import InvitationFile
from player.archive.people import PeopleFile
from player.archive.recording import Record
from player.archive.script import Script
from player.archive.sets import PassageSet
from player.archive.sources import SourceFile
from player.archive.toml.values import how_written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.toml.declared import Key, Table

_HEAD: Final = """\
# The files of an archive

Every TOML file of an archive, and every key in it. The files are UTF-8, with any line ends. A key that is not listed
here is an error: `player check` names its file and line. The end of the page says
[how values are written](#how-values-are-written). [your-own.md](your-own.md) shows the files in use, and describes
[transcripts](your-own.md#the-transcript).

In paths, `<slug>` is the name of a recording's folder, or of the file of a dossier or a set. The program prints this
page: `python -m player.archive.files > docs/files.md`."""


@dataclass(frozen=True)
class File:
    """A file of an archive: where it lies, the class that declares its keys, and an example of it."""

    path: str
    table: type[Table]
    example: str

    @property
    def called(self) -> str:
        """What its heading calls it."""
        path = PurePosixPath(self.path)
        return f"A {path.parent.name.removesuffix('s')}" if path.stem == "<slug>" else path.name


FILES: Final = (
    File(
        "transcripts/archive.toml",
        About,
        """\
name = "The harbour archive"
line = "Interviews and meetings from one harbour town."
contact = "archive@harbour.example"
ai_training = false
""",
    ),
    File(
        "transcripts/<slug>/recording.toml",
        Record,
        """\
title = "Radio Harbour, the ferry programme"
date = "1971-06-04"
media = "ferry.mp3"
series = "Radio Harbour"
tags = ["ferries", "work on the water"]
identifier = "RH 1971/12"

[[speaker]]
name = "Ines"
kind = "person"
role = "announcer"

[[subject]]
label = "Ferries"
address = "https://headings.example/ferries"
""",
    ),
    File(
        "transcripts/<slug>/annotations.toml",
        AnnotationFile,
        """\
[[annotation]]
id = "timetable"
kind = "document"
title = "The timetable of 1971"
body = "The last boat left at *half past nine*."
sources = ["timetable-1971, p. 2"]
start = "0:05"
end = "0:09"
""",
    ),
    File(
        "transcripts/<slug>/script.toml",
        Script,
        """\
[[voice]]
name = "Narrator"
flite = "rms"

[say]
"Vallejo" = "va yay ho"

[[line]]
id = "last-boat"
voice = "Narrator"
text = "The last boat to Vallejo left at half past nine."
sources = ["timetable-1971, p. 2"]
""",
    ),
    File(
        "transcripts/<slug>/invitations.toml",
        InvitationFile,
        """\
[[invitation]]
for = "Nora Quill"
until = "2027-03-01"
made = "2026-11-29"
digest = "2f05477fc24bb4faefd86517156dafdecec45b8ad3cf2522a563582b5f1a4e4e"
""",
    ),
    File(
        "transcripts/sources.toml",
        SourceFile,
        """\
[[source]]
id = "timetable-1971"
kind = "primary document"
title = "Ferry timetable, summer 1971"
seen = "full"
rights = "unknown"

[[source.excerpt]]
locator = "p. 2"
text = "Last boat 9.30 p.m."
""",
    ),
    File(
        "transcripts/people.toml",
        PeopleFile,
        """\
[[person]]
id = "ines"
name = "Ines Duarte"
role = "Announcer of Radio Harbour"
sources = ["timetable-1971"]
""",
    ),
    File(
        "transcripts/chronology.toml",
        Chronology,
        """\
[[strand]]
id = "ferries"
title = "The ferries"

[[entry]]
id = "last-season"
strand = "ferries"
date = "1971-06/1971-09"
event = "The boats run for the last season."
people = ["ines"]
sources = ["timetable-1971"]
certainty = "documented"
""",
    ),
    File(
        "transcripts/dossiers/<slug>.toml",
        Dossier,
        """\
title = "When the last boat left"
summary = "The timetable has one time, a letter another."
date = "1971-06-04"

[[account]]
id = "timetable"
title = "The timetable"
who = "The ferry company"
reached_us = "As printed"
source = "timetable-1971, p. 2"

[[question]]
id = "after-nine"
asks = "Did it leave after nine?"

[[question.answer]]
account = "timetable"
verdict = "affirms"
says = "At half past nine."
quotation = "Last boat 9.30 p.m."
source = "timetable-1971, p. 2"
""",
    ),
    File(
        "transcripts/sets/<slug>.toml",
        PassageSet,
        """\
title = "A morning at the harbour"
summary = "Two voices on when the first boat leaves."
made_by = "Ana Ruiz"

[[passage]]
title = "What was printed"
text = "The timetable gives one time for weekdays."
sources = ["timetable-1971, p. 2"]
moment = "harbour-office#ferry"
last = "harbour-office#office"

[[passage]]
title = "What was said on the radio"
recording = "ferry-programme"
start = "0:05"
end = "0:09"
""",
    ),
)


#: What lies beside these files that no keys are in.
_FOLDERS: Final = """\
## The history and working copies

`transcripts/<slug>/history/`: what transcript.vtt was before each change of it. The program alone writes these files.

| file | what it is |
|---|---|
| `0000-first.vtt` | the transcript before the first change: version 0 |
| `0012.json` | who made version 12 of version 11, when and how: lines of text taken out and put in |
| `0012-whole.vtt` | version 12 as a whole, where nobody knew what it was before |
| `2026-11-29-transcript.vtt` | a transcript that an earlier release of the program replaced |

`transcripts/<slug>/working/`: what somebody has corrected at the desk and not written to the archive yet, a file for
each person. One with `.set-aside-1` in its name could not be followed, and is kept whole.

`transcripts/<slug>/suggestions/`: what listeners suggest for lines, where the server takes suggestions; a file for
each, until somebody has taken or dismissed it at the desk."""


def page() -> str:
    """Give the text of docs/files.md, in Markdown."""
    return "\n\n".join([_HEAD, *map(printed, FILES), _FOLDERS, _values()]) + "\n"


def printed(file: File) -> str:
    """Give what the page says of one file."""
    return "\n\n".join(_parts(file))


def _parts(file: File) -> Iterator[str]:
    yield f"## {file.called}"
    yield f"`{file.path}`: {_about(file.table)}"
    yield f"```toml\n{file.example}```"
    yield from _tables(file.table, "")


def _tables(table: type[Table], name: str) -> Iterator[str]:
    """Give the keys of a table, and of every table in it under a heading of its own."""
    rows = [_row(key) for key in table.keys if key.of is None]
    if rows:
        yield "\n".join(["| key | value | required | meaning |", "|---|---|---|---|", *rows])
    for key in table.keys:
        if key.of is not None:
            inner = f"{name}.{key.name}" if name else key.name
            heading = f"[{inner}]" if key.kind == "table" else f"[[{inner}]]"
            single = f" or `[{inner}]`" if key.may_be_single else ""
            at_least = " At least one is required." if key.required else ""
            yield f"### `{heading}`{single}"
            yield f"{_about(key.of)}{at_least}"
            yield from _tables(key.of, inner)


def _row(key: Key) -> str:
    value = " / ".join(f"`{choice}`" for choice in key.choices) or key.kind
    choices = "; ".join(f"`{choice}`: {meaning}" for choice, meaning in key.choices.items() if meaning)
    meaning = f"{key.meaning}. {choices}" if choices else key.meaning
    return f"| `{key.name}` | {value} | {'yes' if key.required else ''} | {meaning} |"


def _about(table: type[Table]) -> str:
    """Give what a class says of itself in the first paragraph of its docstring."""
    return " ".join((getdoc(table) or "").partition("\n\n")[0].split())


def _values() -> str:
    lines = [f"- **{kind}**: {written}" for kind, written in how_written().items()]
    return "\n".join(["## How values are written", "", *lines])


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201  # for docs/files.md

"""What each file of an archive may say: every key, its type, whether it is required, and what it means.

The table of keys in docs/files.md is this module, printed; ``tests/test_readme.py`` holds the two together.
"""

from __future__ import annotations

from typing import Final

from player.archive.context_keys import CHRONOLOGY, DOSSIER, PEOPLE
from player.archive.toml.key import CERTAINTIES, CERTAINTY, Key, tables
from player.archive.toml.key import SOURCES as CITED

ANNOTATION_KINDS: Final = ("person", "event", "document", "place", "term", "dispute", "correction")
US_GOVERNMENT_WORK: Final = "US government work"
OWN_WORK: Final = "own work"

RECORDING: Final = (
    Key("title", "text", "what it is called", required=True),
    Key("date", "date", "when it was made", required=True),
    Key("place", "text", "where it was made"),
    Key("kind", "choice", "a recording, or a reading: voices giving a script", choices=("recording", "reading")),
    Key("status", "choice", "whether the archive has the sound", choices=("held", "not held")),
    Key("surrogate_for", "slug", "the record that this one stands in for"),
    Key("language", "text", "of the words, as BCP 47 writes it; `en` if left out"),
    Key("summary", "text", "one or two sentences for the head of the page"),
    CITED,
    Key("media", "file name", "the sound, a file in media/"),
    Key("substance", "time", "where what matters begins"),
    Key("responsible_party", "text", "who answers for the transcript of a reading, as its header says it"),
    Key("notice", "text", "for a reading: what stands beside the play control, wherever it can be heard"),
    Key("provenance", "text", "how the record came to be; shown on the page"),
    tables(
        "original",
        "what and where the thing itself is, apart from our file",
        Key("description", "text", "what it is", required=True),
        Key("recorded_by", "text", "who made it, and with what"),
        Key("repository", "text", "who keeps it"),
        Key("collection", "text", "the collection it is in"),
        Key("identifier", "text", "its number there"),
        Key("extent", "text", "how long it is"),
        CERTAINTY,
        CITED,
        single=True,
    ),
    tables(
        "holding",
        "the file that we hold",
        Key("obtained_from", "text", "who or what it came from", required=True),
        Key("obtained", "date", "when"),
        Key("generation", "text", "how far it is from the original"),
        Key("sha256", "digest", "the digest of the file as it came"),
        single=True,
    ),
    tables(
        "speaker",
        "a voice that the transcript names",
        Key("name", "text", "as in the transcript's `<v name>`", required=True),
        Key("kind", "choice", "what it is", required=True, choices=("person", "synthetic voice", "unidentified")),
        Key("person", "text", "who it is"),
        Key("identified_by", "text", "who says so, or what made it"),
        CERTAINTY,
    ),
    tables(
        "publication",
        "where it was published",
        Key("title", "text", "where", required=True),
        Key("publisher", "text", "by whom"),
        Key("date", "date", "when"),
        Key("address", "address", "the page, where one is known"),
        Key("note", "text", "what else should be known of it"),
        CITED,
    ),
    tables(
        "rights",
        "under what terms one object stands",
        Key(
            "object",
            "choice",
            "which",
            required=True,
            choices=("recording", "audio", "script", "transcript", "annotations", "translation"),
        ),
        Key("uri", "address", "a RightsStatements.org or Creative Commons URI", required=True),
        Key("basis", "text", "why it is thought so", required=True),
        Key("certainty", "choice", "how sure that is", required=True, choices=CERTAINTIES),
        CITED,
    ),
    tables(
        "unknown",
        "what was looked for and not found",
        Key("what", "text", "what was sought", required=True),
        Key("sought", "text", "where", required=True),
        Key("when", "date", "on which day", required=True),
    ),
)

ANNOTATIONS: Final = (
    tables(
        "annotation",
        "what a listener should know",
        Key("id", "id", "its own name, for links", required=True),
        Key("kind", "choice", "what it is about", required=True, choices=ANNOTATION_KINDS),
        Key("title", "text", "its heading", required=True),
        Key("body", "text", "Markdown; HTML is shown as text; may be left out where there are claims"),
        Key("sources", "citations", "what it rests on", required=True),
        Key("cue", "cues", "the line it belongs to, or the lines: `c7`, `c7..c9`"),
        Key("start", "time", "where it begins, in place of `cue`"),
        Key("end", "time", "where it ends, with `start`"),
        CERTAINTY,
        Key("people", "ids", "who is spoken of, by the ids of people.toml"),
        Key("entries", "ids", "what of chronology.toml bears on it"),
        Key("dossiers", "dossiers", "where accounts of it are compared: `dossier` or `dossier#question`"),
        Key("see", "moments", "other moments: `recording#line` or `recording#note-annotation`"),
        Key("contradicts", "claims", "what it is disputed with: `annotation` or `annotation.claim`"),
        tables(
            "claim",
            "one thing that it says, with how sure it is",
            Key("id", "id", "its own name within the annotation", required=True),
            Key("says", "text", "Markdown, a sentence or two", required=True),
            Key("certainty", "choice", "how sure the claim is", required=True, choices=CERTAINTIES),
            Key("sources", "citations", "what it rests on", required=True),
            Key("contradicts", "claims", "what it is disputed with: `annotation` or `annotation.claim`"),
        ),
    ),
)

SOURCES: Final = (
    tables(
        "source",
        "what annotations, cues and accounts cite",
        Key("id", "id", "what it is cited by", required=True),
        Key(
            "kind",
            "choice",
            "what it is",
            required=True,
            choices=("primary document", "memoir", "secondary", "press", "reference", "project"),
        ),
        Key("title", "text", "its title", required=True),
        Key("short", "text", "what a note calls it; the title if left out"),
        Key("author", "text", "who wrote it"),
        Key("date", "date", "when it was written or published"),
        Key("publication", "text", "in what it appeared"),
        Key("archive_reference", "text", "where the paper is kept"),
        Key("pages", "text", "which pages"),
        Key("address", "address", "a page where it was seen"),
        Key("link", "flag", "whether the page may be linked; unofficial copies of books are not (true if left out)"),
        Key(
            "seen",
            "choice",
            "how much of it was read",
            required=True,
            choices=("full", "excerpt", "opening", "copy", "not seen"),
        ),
        Key("via", "text", "through what"),
        Key("seen_on", "date", "on which day"),
        Key(
            "rights",
            "choice",
            "under what terms its words stand",
            required=True,
            choices=(US_GOVERNMENT_WORK, "in copyright", OWN_WORK, "unknown"),
        ),
        Key("trust", "text", "in one line, how far to trust it"),
        Key("translated_by", "text", "who translated it, and into what"),
        Key("edited_by", "text", "who edited it, and how, where that bears on trust"),
        Key("withheld", "text", "what of it is whited out or kept back"),
        Key("note", "text", "misprints and other remarks"),
        tables(
            "excerpt",
            "its words exactly as seen, against which quotations are checked",
            Key("locator", "text", "where in the source", required=True),
            Key("text", "text", "the words", required=True),
        ),
    ),
)

SCRIPT: Final = (
    tables(
        "voice",
        "a voice, and what speaks it",
        Key("name", "text", "as in the transcript's `<v name>`", required=True),
        Key("flite", "choice", "the flite voice", required=True, choices=("rms", "kal16", "awb", "slt", "kal")),
        Key("stretch", "number", "how slow: 1.0 is the voice's own pace, 1.1 a tenth slower"),
        single=False,
    ),
    Key("say", "words", "how a word or phrase is spoken; what is printed never changes"),
    tables(
        "line",
        "one cue",
        Key("id", "id", "the cue's identifier; it never changes", required=True),
        Key("voice", "text", "who reads it", required=True),
        Key("text", "text", "what is read and printed", required=True),
        Key("sources", "citations", "what it rests on", required=True),
        Key("at", "time", "the moment at which it starts; silence fills the time before"),
        Key("pause", "number", "seconds of silence before it; 0.35 if left out"),
        Key("paragraph", "flag", "whether it begins a paragraph, in a view that has them"),
    ),
)

FILES: Final = {
    "recording.toml": RECORDING,
    "annotations.toml": ANNOTATIONS,
    "script.toml": SCRIPT,
    "sources.toml": SOURCES,
    "people.toml": PEOPLE,
    "chronology.toml": CHRONOLOGY,
    "dossiers/….toml": DOSSIER,
}


def table() -> str:
    """Print every file's keys as the Markdown table that README holds; a required key is marked with a star."""
    rows = ["| file | table | key | value | meaning |", "|---|---|---|---|---|"]
    for file, keys in FILES.items():
        rows.extend(_rows(file, "", keys))
    return "\n".join(rows)


def _rows(file: str, heading: str, keys: tuple[Key, ...]) -> list[str]:
    rows = []
    for key in keys:
        if key.tables:
            inner = f"{heading}.{key.name}" if heading else key.name
            rows.extend(_rows(file, f"[{inner}]" if key.type == "table" else inner, key.tables))
            continue
        shown = f"`{heading}`" if heading.startswith("[") else f"`[[{heading}]]`" if heading else ""
        value = " / ".join(f"`{choice}`" for choice in key.choices) or key.type
        star = " *" if key.required else ""
        rows.append(f"| {file} | {shown} | `{key.name}`{star} | {value} | {key.meaning} |")
    return rows


if __name__ == "__main__":
    print(table())  # noqa: T201  # for README

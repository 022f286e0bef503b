"""The keys of what stands around the recordings: people, chronology and dossiers. ``keys.py`` has the others."""

from __future__ import annotations

from typing import Final

from player.archive.toml.key import CERTAINTIES, CERTAINTY, Key, tables

AFFIRMS, DENIES, HEDGES, SILENT, NOT_SEEN = "affirms", "denies", "hedges", "silent", "not seen"
VERDICTS: Final = (AFFIRMS, DENIES, HEDGES, SILENT, NOT_SEEN)

_ID = Key("id", "id", "its own name, for links", required=True)
_TITLE = Key("title", "text", "its heading", required=True)
_SOURCES = Key("sources", "citations", "what it rests on", required=True)
_PEOPLE = Key("people", "ids", "who is concerned, by the ids of people.toml")
_ACCOUNTS = Key("accounts", "ids", "the accounts it is about")

PEOPLE: Final = (
    tables(
        "person",
        "who is who",
        Key("id", "id", "what others name the person by", required=True),
        Key("name", "text", "the name as it is printed", required=True),
        Key("also", "texts", "other forms under which texts name the person"),
        Key("born", "date", "when, as far as known"),
        Key("died", "date", "when, as far as known"),
        Key("role", "text", "what the person was at the time", required=True),
        Key("role_date", "date", "the date to which the role belongs; that of the tape if left out"),
        Key("note", "text", "Markdown, one to three sentences"),
        _SOURCES,
        CERTAINTY,
    ),
)

CHRONOLOGY: Final = (
    tables(
        "strand",
        "one of the stories that the chronology tells",
        _ID,
        _TITLE,
        Key("note", "text", "Markdown: what it tells"),
    ),
    tables(
        "entry",
        "what happened, and when",
        _ID,
        Key("strand", "id", "the strand that it belongs to", required=True),
        Key("date", "date", "a day, a month or a season, as precise as is known", required=True),
        Key("time", "text", "the time of day, in words"),
        Key("event", "text", "Markdown, one or two sentences", required=True),
        _PEOPLE,
        _SOURCES,
        Key("certainty", "choice", "how sure it is", required=True, choices=CERTAINTIES),
        Key("recording", "slug", "the recording made there and then"),
        Key("moments", "moments", "where it is heard of: `recording#line` or `recording#note-annotation`"),
        Key("dossier", "slug", "the dossier that compares accounts of it"),
        Key("contradicts", "ids", "the entries that it is disputed with"),
    ),
)

DOSSIER: Final = (
    _TITLE,
    Key("summary", "text", "Markdown: what was told by whom, in short", required=True),
    Key("date", "date", "when it happened", required=True),
    Key("place", "text", "where"),
    _PEOPLE,
    Key("sources", "citations", "what title and summary rest on"),
    Key("recording", "slug", "the recording that it is about"),
    tables(
        "account",
        "one telling of the event",
        _ID,
        Key("title", "text", "what it is called at the head of a column, in a few words", required=True),
        Key("who", "text", "who tells it", required=True),
        Key("person", "id", "the same, by the id of people.toml"),
        Key("role", "text", "what the teller was to the event"),
        Key("written", "date", "when it was written or told"),
        Key("published", "text", "where and when it was published"),
        Key("edited_by", "text", "who edited it, and how"),
        Key("reached_us", "text", "how it came to be read here: translated, declassified, in excerpt", required=True),
        Key("source", "citation", "the source it is read in: `id` or `id, locator`", required=True),
        Key("withheld", "text", "what of it is whited out or kept back"),
        Key("note", "text", "Markdown: what else should be known of it"),
        CERTAINTY,
    ),
    tables(
        "question",
        "what is asked of every account",
        _ID,
        Key("asks", "text", "the question", required=True),
        Key("note", "text", "Markdown: what the accounts together allow, and what they do not"),
        tables(
            "answer",
            "what one account says to it",
            Key("account", "id", "which", required=True),
            Key("verdict", "choice", "how it stands to the question", required=True, choices=VERDICTS),
            Key("says", "text", "what it says, in our own words; may be left out where it is silent or not seen"),
            Key("quotation", "text", "its own words, exactly, without quotation marks around them"),
            Key("source", "citation", "where it stands: `id, locator`; required with a quotation"),
            Key("contradicts", "ids", "the accounts that say otherwise here"),
        ),
    ),
    tables(
        "change",
        "what changed from telling to telling",
        _TITLE,
        Key("text", "text", "Markdown", required=True),
        Key("accounts", "ids", "the tellings, from first to last", required=True),
        _SOURCES,
    ),
    tables(
        "motive",
        "why, where a cited source gives a reason",
        Key("text", "text", "Markdown", required=True),
        _ACCOUNTS,
        _SOURCES,
    ),
    tables("aside", "what belongs beside it", _ID, _TITLE, Key("text", "text", "Markdown", required=True), _SOURCES),
    tables(
        "tie",
        "a moment of a recording that the event bears on",
        Key("moment", "moment", "`recording#line` or `recording#note-annotation`", required=True),
        Key("text", "text", "Markdown: how", required=True),
        _SOURCES,
    ),
)

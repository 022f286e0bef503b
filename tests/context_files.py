"""What stands around the small archive's recording: people, a chronology and a dossier, each pointing at the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = """\
[[person]]
id = "ada"
name = "Ada Lovelace"
also = ["Ada"]
born = "1815-12-10"
died = "1852"
role = "keeper of the tones"
note = "She *hears* them."
sources = ["log, p. 1"]
certainty = "documented"

[[person]]
id = "ben"
name = "Ben"
role = "another voice"
role_date = "1962-10"
sources = ["memoir, p. 7"]
"""

CHRONOLOGY = """\
[[strand]]
id = "tones"
title = "How the tones came about"
note = "From the first to the last."

[[strand]]
id = "later"
title = "What came later"

[[entry]]
id = "made"
strand = "tones"
date = "1963-11-05"
time = "about noon"
event = "The tape is *made*."
people = ["ada"]
sources = ["log, p. 1"]
certainty = "documented"
recording = "tones"
moments = ["tones#first", "tones#note-late"]
dossier = "pitch"

[[entry]]
id = "planned"
strand = "tones"
date = "1963-21"
event = "Ada plans it."
people = ["ada", "ben"]
sources = ["memoir, p. 9"]
certainty = "reported"
contradicts = ["improvised"]

[[entry]]
id = "improvised"
strand = "tones"
date = "1963-11"
event = "Nobody had planned it."
sources = ["log"]
certainty = "inferred"

[[entry]]
id = "found"
strand = "later"
date = "2003~"
event = "It is found."
sources = ["log"]
certainty = "unknown"
"""

DOSSIER = """\
title = "How high was it?"
summary = "Two accounts of one *pitch*."
date = "1963-11-05"
place = "Nowhere"
people = ["ada", "ben"]
sources = ["log"]
recording = "tones"

[[account]]
id = "the-log"
title = "The log"
who = "Ada Lovelace"
person = "ada"
role = "She was there"
written = "1963-11-05"
reached_us = "It was read whole."
source = "log, p. 1"
withheld = "Two lines are whited out."

[[account]]
id = "the-memoir"
title = "The memoir"
who = "Ben"
written = "1970"
published = "Nowhere, 1971"
edited_by = "A friend"
reached_us = "Seen in excerpt."
source = "memoir"

[[question]]
id = "high"
asks = "Was it high?"
note = "Both heard **one** tone."

[[question.answer]]
account = "the-log"
verdict = "affirms"
says = "It was the highest of all."
quotation = "higher than any before"
source = "log, p. 2"
contradicts = ["the-memoir"]

[[question.answer]]
account = "the-memoir"
verdict = "denies"
says = "It was low."
quotation = "a low hum, no more"
source = "memoir, p. 8"

[[question]]
id = "loud"
asks = "Was it loud?"

[[question.answer]]
account = "the-log"
verdict = "silent"

[[question.answer]]
account = "the-memoir"
verdict = "not seen"

[[change]]
title = "The pitch sinks"
text = "From one telling to the next."
accounts = ["the-log", "the-memoir"]
sources = ["memoir, p. 8"]

[[motive]]
text = "The memoir says that modesty required it."
accounts = ["the-memoir"]
sources = ["memoir, p. 10"]

[[aside]]
id = "noise"
title = "The noise"
text = "There was none."
sources = ["log, p. 3"]

[[tie]]
moment = "tones#first"
text = "Here it begins."
sources = ["log, p. 2"]
"""

SOURCES = """\
[[source.excerpt]]
locator = "p. 2"
text = "It was higher than any before."

[[source]]
id = "memoir"
kind = "memoir"
title = "Memoir of Ben"
author = "Ben"
seen = "excerpt"
rights = "in copyright"
translated_by = "nobody"

[[source.excerpt]]
locator = "p. 8"
text = "It was a low hum, no more, and soon over."
"""

ANNOTATIONS = """
[[annotation]]
id = "claims"
kind = "dispute"
title = "What is claimed"
sources = ["log"]
cue = "last"
people = ["ada"]
entries = ["made"]
dossiers = ["pitch", "pitch#high"]
see = ["tones#first", "tones#note-who"]
contradicts = ["late"]

[[annotation.claim]]
id = "low"
says = "It was “a low hum, no more”."
certainty = "reported"
sources = ["memoir, p. 8"]
contradicts = ["around"]

[[annotation.claim]]
id = "none"
says = "There was *none*."
certainty = "unknown"
sources = ["log"]
"""

#: name below transcripts/ -> what is written there, or added to what is there
FILES = {"people.toml": PEOPLE, "chronology.toml": CHRONOLOGY, "dossiers/pitch.toml": DOSSIER}


def add_context(root: Path) -> Path:
    """Add the files to the small archive at ``root``."""
    transcripts = root / "transcripts"
    (transcripts / "dossiers").mkdir()
    for name, content in FILES.items():
        (transcripts / name).write_text(content, encoding="utf-8")
    for path, content in (
        (transcripts / "sources.toml", SOURCES),
        (transcripts / "tones" / "annotations.toml", ANNOTATIONS),
    ):
        path.write_text(path.read_text(encoding="utf-8") + content, encoding="utf-8")
    return root

"""Tells what looks like a name at the head of a line: ``Tom: …``, ``NAME: …``, ``>> Name: …``; and what does not."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

#: How captions for the deaf write that somebody else speaks (CEA-608 practice); a third sign: another subject as well.
CHANGE: Final = ">>"

_COLON: Final = "\N{FULLWIDTH COLON}"
# A sign for a change of speakers or none, up to five words, a colon, and white space or the end of the line.
_HEAD: Final = re.compile(
    r"\s*(?:(?P<sign>>{2,3}|[-–—])\s*)?"
    r"(?:(?P<name>[^\W\d_](?:[^\s:" + _COLON + r"<>\"“”!?;,\[\]{}=]|(?<!\s)[ \N{NO-BREAK SPACE}](?!\s)){0,47})"
    r"\s?(?::(?=\s|\Z)|" + _COLON + r"))?\s*"
)
# Rev's: "- [Ada] Yes."
_BRACKETED: Final = re.compile(
    r"\s*(?:(?P<sign>>{2,3}|[-–—])\s*)?\[(?P<name>[^\W\d_][^\n<>\"“”!?;,:\[\]{}=]{0,47})\]:?\s+(?=\S)"
)
# What captions for the deaf write in brackets of what is heard, and transcribers of what they cannot hear.
_HEARD: Final = frozenset(
    re.findall(
        r"\S+",
        "applause audio background beep bell bells blank cheering cheers chuckles chuckling clears clapping coughing "
        "coughs crosstalk crying door dog foreign gasps groans humming inaudible indistinct instrumental language "
        "laugh laughing laughs laughter moans music noise overlapping pause phone playing redacted ringing rings "
        "scoffs screaming shouting sighs silence singing sniffles sobbing sound sounds speaking static telephone "
        "unclear unintelligible voices whispering whispers whistling yells",
    )
)
_MOST_WORDS: Final = 5
_MOST_SMALL_WORDS: Final = 2
# What is written small in names, in several languages.
_PARTICLES: Final = frozenset(
    re.findall(
        r"\S+",
        "al and bin da de del della den der des di do dos du e el of la le los of the und van von y zu &",
    )
)
# What stands before a colon and is nobody, in English and the languages around it; a number may follow each.
_NOBODY: Final = frozenset(
    re.findall(
        r"\S+",
        """
    a abstract act address answer applause appendix attention caption captions cc chapter conclusion copyright credit
    credits date day duration e-mail editor's-note email episode example facts fax figure file from fwd hint important
    length line link location mail minute minutes music nb note notes number one page part phone place point post
    ps q question re recorded reel remember result scene section side sound source sources step subject subtitle
    subtitles summary table tape tel telephone three time times tip title to todo topic total track transcript
    translated transcribed translation two verse version volume warning web website where
    achtung anmerkung antwort beispiel datum frage hinweis kapitel ort quelle seite thema titel zeit zusammenfassung
    attention avertissement chapitre exemple lieu question réponse remarque titre
    advertencia capítulo ejemplo fecha hora lugar nota pregunta respuesta título avvertenza domanda esempio risposta
    """,
    )
)
_NUMBERED: Final = re.compile(r"[\s.#_-]*\d+\Z")


class Head(NamedTuple):
    """What stands at the head of a line: a name, or ``CHANGE`` where only the sign stands there; and the words below.

    ``sign`` is what stands before a name, and ``unnamed`` are the words if the name is one of them after all.
    """

    name: str
    rest: str
    sign: str = ""
    unnamed: str = ""


def head(text: str) -> Head | None:
    """Tell what name, or sign, is at the head of a line; None where it is neither: a note, a question, a time."""
    found = any_head(text)
    if found is None or not is_nobody(found.name):
        return found
    return Head(CHANGE, found.unnamed) if found.sign.startswith(CHANGE) else None


def any_head(text: str) -> Head | None:
    """Find what has the form of a name at the head of a line, or a sign; also what is nobody, such as ``Q``."""
    if "[" in text and (bracketed := _BRACKETED.match(text)) is not None and _is_person(bracketed["name"]):
        sign = bracketed["sign"] or ""
        return Head(bracketed["name"].strip(), text[bracketed.end() :], sign, text[bracketed.end("sign") :].lstrip())
    if not (":" in text or CHANGE in text or _COLON in text):
        return None
    match = _HEAD.match(text)
    sign, name = (match["sign"] or "", match["name"]) if match else ("", None)
    unnamed = text[match.end("sign") :].lstrip() if match and sign else text
    if match is not None and name is not None and _has_form(name):
        return Head(name.strip(), text[match.end() :], sign, unnamed)
    return Head(CHANGE, unnamed, sign, text) if sign.startswith(CHANGE) else None


@lru_cache(maxsize=1024)
def is_nobody(name: str) -> bool:
    """Tell whether what stands before a colon is known to be no speaker."""
    words = _NUMBERED.sub("", name.casefold()).split()
    return "-".join(words) in _NOBODY or words[:1] in (["transcribed"], ["translated"], ["subtitles"])


def is_titled(words: Sequence[str]) -> bool:
    """Tell whether each word is written as in a name: not with a small letter, where the script has any."""
    return all(not word[:1].islower() or word in _PARTICLES for word in words)


@lru_cache(maxsize=1024)
def _has_form(name: str) -> bool:
    words = name.split()
    return len(words) <= (_MOST_WORDS if is_titled(words) else _MOST_SMALL_WORDS)


def _is_person(name: str) -> bool:
    """Tell whether what stands in brackets may be who speaks: it is written as a name, and is nothing that is heard."""
    words = name.split()
    return is_titled(words) and _has_form(name) and not is_nobody(name) and _HEARD.isdisjoint(name.casefold().split())


def is_full_name(name: str) -> bool:
    """Tell whether this looks like somebody even where it stands but once."""
    words = name.split()
    return not is_nobody(name) and is_titled(words) and (len(words) > 1 or (name.isupper() and len(name) > 1))

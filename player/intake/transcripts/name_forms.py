"""Tells what looks like a name at the head of a line: ``Tom: …``, ``NAME: …``, ``>> Name: …``; and what does not."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

#: How captions for the deaf write that somebody else speaks (CEA-608 practice); a third sign: another subject as well.
CHANGE: Final = ">>"

_COLON: Final = "\N{FULLWIDTH COLON}"
# A sign for a change of speakers or none, up to five words, a colon, and white space or the end of the line. Before the
# name there may be a stage direction, and after it ", Jr." and another.
_HEAD: Final = re.compile(
    r"\s*(?:(?P<sign>>{2,3}|[-–—])\s*)?"
    r"(?P<before>(?:\([^()\[\]:\n]{1,40}\)|\[[^()\[\]:\n]{1,40}\])\s{0,2})?"
    r"(?:(?P<name>[^\W\d_](?:[^\s:" + _COLON + r"<>\"“”!?;,\[\]{}=]|(?<!\s)[ \N{NO-BREAK SPACE}](?!\s)){0,47}"
    r"(?:,\s?(?:[JjSs][Rr]\.?|I{2,3}|IV|M\.?[Dd]\.?|P[Hh]\.?D\.?|E[Ss][Qq]\.?))?"
    r"(?:\s?\[[^()\[\]:\n]{1,40}\])?)"
    r"\s?(?::(?=\s|\Z)|" + _COLON + r"))?\s*"
)
# What somebody does while speaking: "ANNA (crying)".
_DIRECTION: Final = re.compile(
    r"(?P<name>.*[^\s(\[])\s*(?P<direction>\((?P<round>[^()]+)\)|\[(?P<square>[^\[\]]+)\])\Z"
)
# What stands at the head of a line that another speaker may begin: one dash, as in "- Who?".
_DASHED: Final = re.compile(r"\s*[-–—](?![-–—])\s*\S")
# What else than a colon may stand behind a name.
_ENDS: Final = re.compile(r"\.(?=\s)|\s?[–—]|\s-(?=\s)")
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
_DONE: Final = _HEARD | frozenset(
    re.findall(
        r"\S+",
        "aside cont'd contd continued continues continuing interrupting interrupts loudly off-mic quietly shouts sings "
        "softly v.o. o.s. whispered",
    )
)
_MOST_WORDS: Final = 5
_MOST_SMALL_WORDS: Final = 2
# In signs: where a name that is followed by something else ends at the latest; and how many such ends are tried, for
# "DR. A. B. REED. Yes." has some within the name.
_LONGEST: Final = 60
_MOST_ENDS: Final = 5
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

    ``sign`` is what stands before a name, ``unnamed`` are the words if the name is one of them after all, and ``kept``
    is how many of them stand before it: ``(crying) Tom: No.``
    """

    name: str
    rest: str
    sign: str = ""
    unnamed: str = ""
    kept: int = 0


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
        before, after, rest = match["before"] or "", "", text[match.end() :]
        doing = _DIRECTION.match(name) if name[-1] in ")]" else None
        if doing is not None and _is_done(doing["round"] or doing["square"]):
            name, after = doing["name"], f"{doing['direction']} "
        # What somebody does stays in the words.
        return Head(name.strip(), f"{before}{after}{rest}".rstrip(), sign, unnamed, len(before.split()))
    return Head(CHANGE, unnamed, sign, text) if sign.startswith(CHANGE) else None


def may_be_head(text: str, names: Container[str]) -> bool:
    """Tell whether somebody else may begin to speak at a line, who is not known: voices do not go on past it.

    It begins with a dash; with what has the form of a name; or with one of ``names`` and a full stop or a dash.
    """
    if _DASHED.match(text):
        return True
    found = any_head(text)
    if found is not None:
        return found.name == CHANGE or is_titled(found.name.split())
    text = text.lstrip()
    return any(text[: match.start()] in names for match in islice(_ENDS.finditer(text, 0, _LONGEST), _MOST_ENDS))


def _is_done(direction: str) -> bool:
    """Tell whether what stands in brackets behind a name is what somebody does: ``crying``, not ``HARBOUR-EAST``."""
    return direction[:1].islower() or not _DONE.isdisjoint(direction.casefold().split())


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

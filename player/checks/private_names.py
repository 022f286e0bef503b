"""Finds the names that are withheld where visitors still read them: in words, ids, and names of files.

The gate replaces who speaks and who is listed. It changes no sentence: whoever wrote a name into one has to decide.
"""

from __future__ import annotations

import hashlib
import re
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.archive.own_files import OwnFiles
from player.errors import Advice, ArchiveError, quoted
from player.files import content
from player.letters import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from player.archive.archive import Archive
    from player.archive.people import Person
    from player.archive.recording import Speaker
    from player.checks.shown_texts import ShownText

# What parts the words of a name in an address.
_JOINTS: Final = re.compile(r"[\W_]+")
# "Ada's": folding would make one word of it.
_POSSESSIVE: Final = re.compile(r"['’]s?\b")
_WORD: Final = re.compile(r"\w+")
_REMEDY: Final = "write it without the name"
_RENAME: Final = "choose another, before it is published"
# Whose name it is.
_PRIVATE: Final = "somebody who is private"
_RENAMED: Final = "a speaker who has a display_name"


@dataclass(frozen=True)
class _Form:
    """A form of a name. What is one word with a capital may also be a word of the language, in small letters."""

    printed: str
    words: str
    whose: str
    needs_capital: bool

    @classmethod
    def of(cls, printed: str, whose: str) -> _Form:
        parts = _parts(printed)
        return cls(printed, " ".join(parts), whose, len(parts) == 1 and printed != printed.lower())

    def is_in_capitals(self, text: str) -> bool:
        """Tell whether a text that has the words has them as a name."""
        return any(word != word.lower() and _parts(word) == [self.words] for word in _WORD.findall(text))


class PrivateNames:
    """The names of those persons of an archive who are private, in all their forms.

    Beside them may be those of the speakers of one recording who are called otherwise (``with_speakers``).
    """

    def __init__(self, people: Iterable[Person]) -> None:
        private = [person for person in people if person.private]
        #: By which ids they are pointed at: often the name in small letters.
        self.ids = frozenset(person.id for person in private)
        self._look_for(form for person in private for form in _of_person(person))

    def __bool__(self) -> bool:
        return bool(self.ids or self._forms)

    def with_speakers(self, speakers: Iterable[Speaker]) -> PrivateNames:
        """Give these names, and those of speakers for which visitors read a ``display_name``."""
        found = [form for speaker in speakers for form in _of_speaker(speaker)]
        if not found:
            return self
        both = copy(self)
        both._look_for([*found, *self._forms.values()])  # noqa: SLF001  # of this class
        return both

    @property
    def digest(self) -> str:
        """What is another where the names are others; empty where there are none. No name can be read from it."""
        names = repr((sorted(self.ids), sorted((form.words, form.printed) for form in self._forms.values())))
        return hashlib.sha256(names.encode()).hexdigest() if self else ""

    def advice(self, texts: Iterable[ShownText]) -> Iterator[Advice]:
        """Give the texts in which one of the names stands, each once."""
        for each in texts:
            plain = _JOINTS.sub(" ", each.text) if each.is_name else each.text
            form = next((form for form in self._among(plain) if each.is_name or _is_named(form, plain)), None)
            if form is not None:
                what = f"{each.name} has the name of {form.whose}: {quoted(form.printed)}"
                yield Advice(each.path, each.line, what, _RENAME if each.is_name else _REMEDY)

    def _look_for(self, forms: Iterable[_Form]) -> None:
        # Of two forms of the same words, that which is found in more places.
        self._forms = {form.words: form for form in sorted(forms, key=lambda form: not form.needs_capital)}
        self._lengths = sorted({words.count(" ") + 1 for words in self._forms}, reverse=True)

    def _among(self, text: str) -> Iterator[_Form]:
        """Give the forms whose words stand in a text, those of more words first."""
        parts = _parts(text)
        for length in self._lengths:
            for at in range(len(parts) - length + 1):
                form = self._forms.get(" ".join(parts[at : at + length]))
                if form is not None:
                    yield form


def _is_named(form: _Form, text: str) -> bool:
    return not form.needs_capital or form.is_in_capitals(text)


def private_names(archive: Archive) -> PrivateNames:
    """Give the names that are not to be shown; none where people.toml cannot be read, which is told where it is."""
    path = archive.transcripts / "people.toml"
    try:
        OwnFiles((archive.root, archive.media, archive.transcripts)).refuse_barred([path])
        # Reading thousands of people takes longer than looking for one word.
        return PrivateNames(archive.people.values() if b"private" in content(path) else ())
    except (OSError, ArchiveError):
        return PrivateNames(())


def _of_person(person: Person) -> Iterator[_Form]:
    return _forms((person.name, *person.also), person.display_name, _PRIVATE)


def _of_speaker(speaker: Speaker) -> Iterator[_Form]:
    return _forms((speaker.name,), speaker.display_name, _RENAMED) if speaker.display_name else iter(())


def _forms(names: Iterable[str], display_name: str | None, whose: str) -> Iterator[_Form]:
    shown = f" {' '.join(_parts(display_name or ''))} "
    for printed in names:
        form = _Form.of(printed, whose)
        # What the archive itself calls somebody is meant to be read.
        if form.words and f" {form.words} " not in shown:
            yield form


def _parts(text: str) -> list[str]:
    return parts_of(_POSSESSIVE.sub(" ", text))

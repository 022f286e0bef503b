"""What finds words in a sound is ready, or says what it lacks; what a recogniser hears lends the text its times."""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING, Final

import pytest

from player import roots
from player.align.asked import NotPlaced, Placed, SpokenLine
from player.align.by_recognition import matched, same
from player.align.engines import ready
from player.align.spoken_forms import spoken_line
from player.errors import AlignError, TranscribeError
from player.intake.transcripts.imported import ImportedLine
from player.timecode import Span

if TYPE_CHECKING:
    from pathlib import Path

TEXT: Final = (
    "The ferry came in late that morning.",
    "Nobody had mended the nets.",
    "We grew beans on the allotment behind the rope works.",
)


def missing(name: str) -> str:
    raise importlib.metadata.PackageNotFoundError(name)


@pytest.mark.parametrize(("engine", "extra"), [("soundswallower", "align"), ("faster-whisper", "transcribe")])
def test_a_package_that_is_missing_is_told_with_what_installs_it(
    monkeypatch: pytest.MonkeyPatch, engine: str, extra: str
) -> None:
    monkeypatch.setattr(importlib.metadata, "version", missing)
    told = f"placing words in a sound needs {engine}, which is not installed; install it, in the folder of the program"
    with pytest.raises(AlignError) as refused:
        ready(engine, "en")
    assert str(refused.value) == f"{told}: .venv/bin/pip install -e '.[{extra}]'"


def test_where_the_program_is_an_installed_package_the_package_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(roots, "TEMPLATES", tmp_path / "templates")
    assert roots.installing("align") == "install it: pip install 'tape-player[align]'"


@pytest.mark.parametrize(
    ("extra", "document"), [("align", "your-own"), ("transcribe", "your-own"), ("credentials", "clips")]
)
def test_what_installs_an_extra_is_what_the_documents_say(
    extra: str, document: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = (roots.TEMPLATES.parent / f"docs/{document}.md").read_text(encoding="utf-8")
    assert roots.installing(extra).rpartition(": ")[2] in text
    monkeypatch.setattr(roots, "TEMPLATES", tmp_path / "templates")
    assert roots.installing(extra).rpartition(": ")[2].removesuffix("]'") in text, "perhaps with others"


def test_a_language_that_is_not_known_is_refused() -> None:
    with pytest.raises(
        AlignError, match="knows English and French, and the record says that its words are Spanish; if"
    ):
        ready("soundswallower", "es")


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AlignError, match="soundswallower brings its own models"):
        ready("soundswallower", "en", tmp_path)
    with pytest.raises(TranscribeError, match="has no config"):
        ready("faster-whisper", "es", tmp_path)


def asked(*texts: str, fixed: int | None = None) -> list[SpokenLine]:
    spans = [Span(0, 1000) if number == fixed else None for number in range(len(texts))]
    return [
        SpokenLine(f"k{number}", spoken_line(text, "en"), span)
        for number, (text, span) in enumerate(zip(texts, spans, strict=True))
    ]


def heard(text: str, start: int) -> ImportedLine:
    """Give what was heard from ``start`` on: a word each half second."""
    words = tuple(500 * number for number in range(len(text.split())))
    return ImportedLine(text, start=start, end=start + 500 * len(words), words=words)


def test_words_that_were_heard_lend_the_text_their_times() -> None:
    lines = [heard("the ferry came in late that morning nobody", 1000), heard("had mended the nets", 5000)]
    first, second, third = matched(asked(*TEXT), lines, "en")
    assert first == Placed(1000, 4500, (1000, 1500, 2000, 2500, 3000, 3500, 4000), 1.0)
    assert second == Placed(4500, 7000, (4500, 5000, 5500, 6000, 6500), 1.0)
    assert third == NotPlaced("too few of its words were recognised")


def test_a_line_of_which_little_was_heard_is_not_placed() -> None:
    missing_ends = [heard("ferry came in late", 0)]
    assert isinstance(matched(asked(TEXT[0]), missing_ends, "en")[0], NotPlaced)
    half = [heard("we had some beans in a garden by the works", 0)]
    assert isinstance(matched(asked(TEXT[2]), half, "en")[0], NotPlaced)
    (most,) = matched(asked(TEXT[2]), [heard("we grew beans on an allotment behind the rope works", 0)], "en")
    assert isinstance(most, Placed)
    assert most.words[4] is None
    assert most.confidence == 0.9


def test_a_line_that_a_person_timed_is_not_placed() -> None:
    assert matched(asked(*TEXT[:2], fixed=0), [heard(" ".join(TEXT[:2]), 0)], "en")[0] is None


def test_another_text_is_not_placed() -> None:
    other = [heard("a lamp was lit on the pier each night until the war", 0), heard("and then it was dark", 9000)]
    assert not any(isinstance(each, Placed) for each in matched(asked(*TEXT), other, "en"))


@pytest.mark.parametrize(
    "text",
    ["In a small house.", "In a small house by", "The.", "Yes.", "I do.", "And then we", "It was the boat of a man"],
)
def test_words_that_are_heard_in_any_speech_are_not_placed(text: str) -> None:
    said = (
        heard("yes every family got the key in a small piece of cloth by the door and then it was", 0),
        heard("i think they do as we were told", 60_000),
        heard(
            "the rope came off the quay while some boat or other of theirs waited for a longer while for no man", 70_000
        ),
    )
    assert not any(isinstance(each, Placed) for each in matched(asked(text), said, "en"))


def test_a_short_line_is_placed_beside_a_longer_one_and_only_there() -> None:
    said = [heard("yes", 1000), heard("nobody had mended the nets", 3000)]
    first, second = matched(asked("Yes.", TEXT[1]), said, "en")
    assert isinstance(first, Placed)
    assert first.start == 1000
    assert isinstance(second, Placed)
    far = [heard("yes", 1000), heard("nobody had mended the nets", 30_000)]
    told = NotPlaced("it is too short to be sure of, and no longer line is placed beside it")
    assert matched(asked("Yes.", TEXT[1]), far, "en")[0] == told


def test_words_are_the_same_in_order_however_long_the_texts_are() -> None:
    ours = [f"w{number % 997}" if number % 7 else f"u{number}" for number in range(20_000)]
    theirs = [word for number, word in enumerate(ours) if number % 11]
    pairs = same(ours, theirs)
    assert pairs == sorted(pairs)
    assert all(ours[own] == theirs[other] for own, other in pairs)
    assert len(pairs) > 0.95 * len(theirs)

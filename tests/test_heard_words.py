"""What a recogniser wrote is set beside what was said."""

from __future__ import annotations

from dialogues import Line
from heard_words import Word, compare, spread

SAID = (Line("a", "ANN", "The ferry left, at six.", (0, 200, 600, 1000, 1200), 1600),)


def test_words_are_found_whatever_stands_between_them() -> None:
    words = [Word("the", 10), Word("fairy", 210, True), Word("left", 640), Word("six", 1190, True), Word("uh", 1600)]  # noqa: FBT003  # doubtful
    found = compare(SAID, words)
    assert (found.said, found.written, found.found, found.errors) == (5, 5, 3, (10, 40, -10))
    assert (found.wrong, found.wrong_and_doubted, found.right_and_doubted) == (2, 1, 1)
    assert (found.share_found, found.median) == (60, 10)


def test_the_control_spreads_words_over_the_sound() -> None:
    assert [word.start for word in spread([Word("the", 5), Word("ferry", None)], 1000)] == [0, 400]

"""Lines that stand wholly in brackets have nothing that is said."""

from __future__ import annotations

import pytest

from player.archive.unspoken import is_unspoken


@pytest.mark.parametrize("text", ["[A kettle is put on.]", "[laughs] — [a door]", "{tape stops}", "[Pause].", "[ ]"])
def test_what_stands_wholly_in_brackets_is_not_said(text: str) -> None:
    assert is_unspoken(text)


@pytest.mark.parametrize(
    "text", ["", "—", "Tea? [laughs]", "[p. 4] The ferry", "[[nested] still open]", "[open", "(aside)"]
)
def test_what_may_be_said_is_not_left_out(text: str) -> None:
    assert not is_unspoken(text)

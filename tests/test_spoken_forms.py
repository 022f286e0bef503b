"""What is printed is said in words."""

from __future__ import annotations

from player.align.spoken_forms import spoken, spoken_line


def test_punctuation_is_not_said() -> None:
    assert spoken("“Don’t,”", "en") == (("don't",),)


def test_a_stage_direction_is_not_said() -> None:
    assert spoken_line("Yes [closed until 2041] indeed.", "en") == ((("yes",),), ((),), ((),), ((),), (("indeed",),))

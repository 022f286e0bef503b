"""The colours of the pages have the contrast that WCAG 2.2 asks for, in light and in dark."""

from __future__ import annotations

import re

import pytest

from player import roots

#: What is written or drawn in each colour, and the least contrast (1.4.3 for text, 1.4.11 for controls).
LEAST = {"ink": 4.5, "ink-soft": 4.5, "accent": 4.5, "edge": 3.0}
GROUNDS = ("paper", "leaf", "wash")


def light(colour: str) -> float:
    """Give the relative luminance of #rrggbb, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", LEAST)
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_a_colour_stands_out_from_each_ground(colour: str, scheme: int) -> None:
    tokens = (roots.STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    values = {name: both for name, *both in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", tokens)}
    for ground in GROUNDS:
        darker, lighter = sorted((light(values[colour][scheme]), light(values[ground][scheme])))
        assert (lighter + 0.05) / (darker + 0.05) >= LEAST[colour], ground

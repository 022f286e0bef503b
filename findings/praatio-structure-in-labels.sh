#!/usr/bin/env bash
# praatio 6.2.2: a TextGrid in which somebody says "item [2]" cannot be read, though praatio has written it.
#
# In a TextGrid, only free-standing numbers, texts between double quotes and flags between < and > count; all else is a comment (Praat's
# manual, "TextGrid file formats"). A label may so be any text. Expected: what was saved is read back. Seen: praatio looks for the words of
# the long form anywhere, in labels too. "item [" in a label is taken for the beginning of a tier, "intervals [" for that of an interval, and,
# in the short form, the label "IntervalTier" for a tier: ParsingError, IndexError or ValueError. A file with a comment in it, as the
# manual shows one, is a ValueError too.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check praatio==6.2.2
cd "$work"
venv/bin/python - <<'PYTHON'
from pathlib import Path

from praatio import textgrid

COMMENTED = """File type = "ooTextFile"
Object class = "TextGrid"
0 2 ! from where to where
<exists> 1 tier
"IntervalTier" "Ines" 0 2 1
0 2 "plain words"
"""


def read(path):
    try:
        tiers = textgrid.openTextgrid(path, includeEmptyIntervals=False).tiers
        return [entry.label for tier in tiers for entry in tier.entries]
    except Exception as error:  # which kind it raises is what is told
        return type(error).__name__


def again(label, form):
    tier = textgrid.IntervalTier("Ines", [(0, 1, label), (1, 2, "after")], 0, 2)
    grid = textgrid.Textgrid()
    grid.addTier(tier)
    grid.save("talk.TextGrid", format=form, includeBlankSpaces=True)
    return read("talk.TextGrid")


LONG, SHORT = "long_textgrid", "short_textgrid"
seen = {
    (label, form): again(label, form)
    for label in ("plain words", "item [2] of the list", "intervals [3]", "IntervalTier")
    for form in (LONG, SHORT)
}
Path("talk.TextGrid").write_text(COMMENTED)
seen["a comment", SHORT] = read("talk.TextGrid")
for (label, form), found in seen.items():
    print(f"{label!r}, {form}: {found}")
expected = {
    ("plain words", LONG): ["plain words", "after"],
    ("plain words", SHORT): ["plain words", "after"],
    ("item [2] of the list", LONG): "ParsingError",
    ("item [2] of the list", SHORT): "IndexError",
    ("intervals [3]", LONG): "ParsingError",
    ("intervals [3]", SHORT): ["intervals [3]", "after"],
    ("IntervalTier", LONG): ["IntervalTier", "after"],
    ("IntervalTier", SHORT): "ValueError",
    ("a comment", SHORT): "ValueError",
}
raise SystemExit(seen != expected)
PYTHON

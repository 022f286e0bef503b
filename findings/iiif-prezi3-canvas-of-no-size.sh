#!/usr/bin/env bash
# iiif-prezi3 3.1.1: a Canvas with a height and no width, with none of both and no duration, or that lasts 0 seconds, is taken.
#
# IIIF Presentation 3.0, 5.3: a Canvas that has a height must have a width, and the other way round; each is an integer above 0, and a duration
# a number above 0 (3.3). A Canvas without any of them has no dimensions in which to place anything.
# Expected: refused, as other values of a wrong kind are. Seen: all are taken, and a duration that is no number is written as NaN, which
# is not JSON.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check iiif-prezi3==3.1.1
cd "$work"
venv/bin/python - <<'PYTHON'
import json

from iiif_prezi3 import Canvas

seen = []
for size in (
    {"height": 5},
    {"width": 5},
    {},
    {"duration": 0},
    {"duration": -1},
    {"height": 0, "width": 5},
    {"duration": float("nan")},
    {"duration": "long"},
):
    try:
        seen.append(Canvas(id="https://example.org/canvas", **size).json())
    except Exception:  # which kind it raises is not what is told
        seen.append(None)
    print(f"{size}: {'refused' if seen[-1] is None else 'taken'}")
taken = [text is not None for text in seen]
print("NaN is written as", json.loads(seen[6])["duration"] if seen[6] else None)
raise SystemExit(not (taken == [True] * 7 + [False] and "NaN" in seen[6]))
PYTHON

#!/usr/bin/env bash
# Python's audioop (3.11 and 3.12, and audioop-lts 0.2.2 after them): findfit finds nothing in a sound that begins with silence.
#
# findfit(fragment, reference) says where in fragment reference fits best. Expected: noise that stands at sample 5,000 of a fragment is found
# there, whatever is before it. Seen: it is found where the fragment begins with 3,000 zeros, but where these are as many as the reference has
# samples (4,096), or more, the answer is (0, 0.0): for the first place the function divides by the energy of what is there, 0 by 0, and nothing
# that it finds later is less than NaN. Silence before a sound is what every tape begins with.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "audioop-lts==0.2.2; python_version >= '3.13'"
"$work/venv/bin/python" -W ignore - <<'PYTHON'
import array
import random

import audioop

chance = random.Random(1963)
noise = array.array("h", [chance.randint(-9000, 9000) for _ in range(4096)]).tobytes()
found = {silence: audioop.findfit(bytes(2 * silence) + noise + bytes(200), noise) for silence in (3000, 5000)}
print(f"noise after so many zeros; where it is found, and how loud: {found}")
raise SystemExit(found != {3000: (3000, 1.0), 5000: (0, 0.0)})
PYTHON

#!/usr/bin/env bash
# edtf 5.0.2: an interval whose end is unknown ends ten years after its beginning.
#
# "1963/" is an interval of EDTF level 1 that begins in 1963 and whose end is unknown (Library of Congress, Extended Date/Time
# Format, level 1, "Extended Interval"). Expected: no upper bound, or one that says that it is none. Seen: upper_strict() is 1 January
# 1973, and lower_strict() of "/1963" is 31 December 1953: bounds like any other, so that a catalogue sorted or filtered by them
# says that an undated series stopped after ten years.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check edtf==5.0.2
cd "$work"
venv/bin/python - <<'PYTHON'
from edtf import parse_edtf

end = tuple(parse_edtf("1963/").upper_strict())[:3]
beginning = tuple(parse_edtf("/1963").lower_strict())[:3]
print(f'"1963/" ends at the latest {end}; "/1963" begins at the earliest {beginning}')
raise SystemExit((end, beginning) != ((1973, 1, 1), (1953, 12, 31)))
PYTHON

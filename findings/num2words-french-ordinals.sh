#!/usr/bin/env bash
# num2words 0.5.14: French ordinals keep the plural's s of "vingts" and "cents", and Belgian numbers have plurals where none are.
#
# Expected: ordinals without the plural's s, as dictionaries have "quatre-vingtième" and "deux-centième"; "un million" in Belgium as in
# France; "cent" without an s before another number ("deux cent un").
# Seen: lang="fr" gives "quatre-vingtsième", "deux centsième" and "mille neuf centsième"; lang="fr_BE" gives "un millions" and
# "deux cents un". Plain numbers of lang="fr" are right.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check num2words==0.5.14
cd "$work"
venv/bin/python - <<'PYTHON'
from num2words import num2words

expected = {
    (80, "fr", "cardinal"): "quatre-vingts",
    (80, "fr", "ordinal"): "quatre-vingtsième",
    (200, "fr", "ordinal"): "deux centsième",
    (1900, "fr", "ordinal"): "mille neuf centsième",
    (201, "fr", "cardinal"): "deux cent un",
    (201, "fr_BE", "cardinal"): "deux cents un",
    (1_000_000, "fr", "cardinal"): "un million",
    (1_000_000, "fr_BE", "cardinal"): "un millions",
}
seen = {asked: num2words(asked[0], lang=asked[1], to=asked[2]) for asked in expected}
for (number, language, form), words in seen.items():
    print(f"{number} {language} {form}: {words}")
raise SystemExit(seen != expected)
PYTHON

#!/usr/bin/env bash
# Babel 2.19.0: a language tag whose script it has no data for loses that script without a word, and with it its direction.
#
# "he-Latn" is Hebrew in Latin letters, as interviewers transcribe it; "tg-Arab" is Tajik in Arabic letters (BCP 47, RFC 5646,
# section 2.2.3; CLDR's likely subtags keep a script that is given: Unicode TS 35, "Likely Subtags").
# Expected of Locale.parse: a locale that keeps the script, or UnknownLocaleError, as for a language that it does not have.
# Seen: the plain locales "he" and "tg", so that character_order, from which pages take their "dir", says right-to-left of Latin
# letters and left-to-right of Arabic ones. A script that it has data for is kept: "pa-Arab" is right-to-left.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check Babel==2.19.0
cd "$work"
venv/bin/python - <<'PYTHON'
from babel import Locale

seen = {}
for tag in ("he-Latn", "tg-Arab", "pa-Arab"):
    locale = Locale.parse(tag, sep="-")
    seen[tag] = (str(locale), locale.script, locale.character_order)
    print(f"{tag}: locale {locale}, script {locale.script}, {locale.character_order}")
expected = {
    "he-Latn": ("he", None, "right-to-left"),
    "tg-Arab": ("tg", None, "left-to-right"),
    "pa-Arab": ("pa_Arab", "Arab", "right-to-left"),
}
raise SystemExit(seen != expected)
PYTHON

#!/usr/bin/env bash
# striprtf 0.0.35: words that were struck with changes tracked, and words that are hidden, are given as if they were read.
#
# Expected: what a reader of the document sees. RTF marks a tracked deletion with \deleted and hidden text with \v (Rich
# Text Format Specification 1.9.1, Track Changes; Font (Character) Formatting Properties). Of a transcript, these are words
# that somebody took back. Seen: both stand in the text, without a sign; only a comment, \annotation, is left out.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check striprtf==0.0.35
"$work/venv/bin/python" - <<'PYTHON'
from striprtf.striprtf import rtf_to_text

HEAD = r"{\rtf1\ansi{\*\revtbl{Unknown;}{A typist;}}\pard We left "
marked = {
    "deleted": HEAD + r"{\deleted\revauthdel1 in a quarrel }at six.\par}",
    "hidden": HEAD + r"{\v in a quarrel }at six.\par}",
    "comment": HEAD + r"{\*\annotation in a quarrel }at six.\par}",
}
read = {what: " ".join(rtf_to_text(document).split()) for what, document in marked.items()}
for what, text in read.items():
    print(f"{what}: {text!r}")
struck = "We left in a quarrel at six."
raise SystemExit([read[what] == struck for what in marked] != [True, True, False])
PYTHON

#!/usr/bin/env bash
# pydub 0.25.1: Ctrl-C that is pressed while pydub is imported is lost.
#
# Expected: KeyboardInterrupt comes out of the import, as of any other. Seen: pydub looks for two modules and names of Python 2
# with "except:" and no name of an error, so the interrupt counts as "not there", the import goes on and so does the program. In a program
# that imports pydub late, beside other work, about one Ctrl-C in 600 was lost in this way, and the work was waited for to its end.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pydub==0.25.1 "audioop-lts==0.2.2; python_version >= '3.13'"
cd "$work"
venv/bin/python -W ignore - <<'PYTHON'
import signal
import sys

signal.signal(signal.SIGINT, signal.default_int_handler)
pressed = []


class Presser:
    """Presses Ctrl-C when the module StringIO is looked for, and lets others look for it."""

    def find_spec(self, name, path=None, target=None):
        if name == "StringIO":
            pressed.append(name)
            signal.raise_signal(signal.SIGINT)


sys.meta_path.insert(0, Presser())
try:
    import pydub
except KeyboardInterrupt:
    print("KeyboardInterrupt came out of the import")
    raise SystemExit(1)
print(f"pressed {len(pressed)} time; the import went on: {pydub.AudioSegment}")
raise SystemExit(len(pressed) != 1)
PYTHON

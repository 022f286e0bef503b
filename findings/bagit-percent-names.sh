#!/usr/bin/env bash
# bagit 1.9.0 (Python): it makes a bag of a file called 100%0Done.txt, and then calls this bag invalid.
#
# RFC 8493, section 2.1.3, has a % in a name written as %25 in the list of files, as an end of a line is written as %0A or %0D. Expected: so that a
# bag that bagit has just made is valid to bagit. Seen: % is written as it is, and read back as the end of a line where 0A or 0D stand behind it (in
# capitals; in small letters they are left alone): the bag is said to lack a file, and to have one that is not listed. A file that is called 100%25.txt
# is valid to bagit, and another name to whoever reads by the RFC. Names in which % is followed by hexadecimal digits come of addresses on the web.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check bagit==1.9.0
"$work/venv/bin/python" - "$work" <<'PYTHON'
import logging
import sys
from pathlib import Path

import bagit

logging.disable(logging.CRITICAL)
found = {}
for name in ("100%0Done.txt", "100%0done.txt", "100%25.txt", "100% done.txt"):
    folder = Path(sys.argv[1], name.partition(".")[0])
    folder.mkdir()
    folder.joinpath(name).write_text("all of it\n", encoding="utf-8")
    bag = bagit.make_bag(str(folder), checksums=["sha256"])
    listed = folder.joinpath("manifest-sha256.txt").read_text(encoding="utf-8").rstrip("\n").partition("data/")[2]
    found[name] = (listed, bagit.Bag(str(folder)).is_valid())
for name, (listed, is_valid) in found.items():
    print(f"{name}: listed as {listed}, {'valid' if is_valid else 'not valid'}")
raise SystemExit(found != {name: (name, name != "100%0Done.txt") for name in found})
PYTHON

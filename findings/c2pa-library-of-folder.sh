#!/usr/bin/env bash
# c2pa-python 0.38.1: what is loaded as its compiled part is the libc2pa_c.so of the working directory, if there is one there.
#
# A library of that name that does nothing but write a file when it is loaded lies in a folder; "import c2pa" is run there. Expected:
# the library of the package is loaded. Seen: the one of the folder is loaded, and its code runs (then the import fails, as it has
# nothing of what is wanted). Whoever checks a file in a folder that somebody else filled runs what they put there. The folders
# artifacts and libs are looked into as well. An absolute path in C2PA_LIBRARY_NAME is loaded instead of all of them.
#
# Needs python3 with venv, and a C compiler (cc) on Linux. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check c2pa-python==0.38.1
mkdir "$work/folder"
cd "$work/folder"
cat >../strange.c <<'C'
#include <stdio.h>
__attribute__((constructor)) static void run(void) { FILE *file = fopen("it-ran", "w"); if (file) fclose(file); }
C
cc -shared -fPIC -o libc2pa_c.so ../strange.c
"$work/venv/bin/python" -c "import c2pa" 2>/dev/null || true
if [ ! -e it-ran ]; then
    echo "changed: the library in the working directory was not loaded"
    exit 1
fi
rm it-ran
own=$("$work/venv/bin/python" -c "import importlib.util as u; print(u.find_spec('c2pa').submodule_search_locations[0])")/libs/libc2pa_c.so
C2PA_LIBRARY_NAME=$own "$work/venv/bin/python" -c "import c2pa"
if [ -e it-ran ]; then
    echo "changed: an absolute path in C2PA_LIBRARY_NAME does not help"
    exit 1
fi
echo "seen: import c2pa ran the libc2pa_c.so of the working directory; an absolute path in C2PA_LIBRARY_NAME prevents it"

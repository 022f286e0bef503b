#!/usr/bin/env bash
# openpyxl 3.1.5: five letters and a sign, x005F_, vanish from the texts of a workbook, wherever they stand.
#
# Expected: a cell reads as it was written. Excel writes a character that XML cannot hold as _x000D_, and a text that only
# looks so as _x005F_x000D_ (ISO/IEC 29500-1, 22.9.2.19): there _x005F_ stands for its first sign. Seen: of texts that stand in
# xl/sharedStrings.xml, where Excel puts them all, openpyxl takes away every x005F_, also where no _ is before it and
# nothing is escaped: "serial x005F_7" reads as "serial 7". A carriage return, on the other hand, stays the letters
# _x000D_. The same texts written into the cells themselves, as openpyxl writes them, are read whole.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check openpyxl==3.1.5
cd "$work"
venv/bin/python - <<'PYTHON'
import io
import re
import zipfile

import openpyxl

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
NAMES = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def read(text: str, *, is_shared: bool) -> str:
    book, plain, made = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    book.active["A1"] = text
    book.save(plain)
    with zipfile.ZipFile(plain) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            held = before.read(name).decode()
            if is_shared and name == "[Content_Types].xml" and "sharedStrings" not in held:
                held = held.replace("</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}"/></Types>')
            if is_shared and name == "xl/worksheets/sheet1.xml":
                held = re.sub(r'<c r="A1"[^>]*>.*?</c>', '<c r="A1" t="s"><v>0</v></c>', held, flags=re.DOTALL)
            if name != "xl/sharedStrings.xml":
                after.writestr(name, held)
        after.writestr("xl/sharedStrings.xml", f'<sst xmlns="{NAMES}"><si><t>{text}</t></si></sst>')
    return openpyxl.load_workbook(made).active["A1"].value


texts = ("serial x005F_7", "one_x000D_\ntwo")
seen = {text: (read(text, is_shared=True), read(text, is_shared=False)) for text in texts}
for text, (shared, own) in seen.items():
    print(f"{text!r}: read as {shared!r} where it is shared, and as {own!r} where it is in its cell")
raise SystemExit(seen["serial x005F_7"] != ("serial 7", "serial x005F_7"))
PYTHON

#!/usr/bin/env bash
# pypdf 7.1.1: of PDFs by Google Docs and others that use Skia, extract_text() gives each word a line of its own.
#
# Expected: words on one foot line are one line. Skia sets each word in a text object of its own: it places the pen above
# the line (Tm), moves it down to the line (Td), and then shows the word. Nothing is shown in between, so where the pen was
# does not matter (ISO 32000-2, 9.4.2). Seen: a line feed after each word, for pypdf compares the place after Tm with
# the one before. pdftotext (poppler 22.12) reads one line; with the Td made part of the Tm, so does pypdf.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pypdf==7.1.1
"$work/venv/bin/python" - <<'PYTHON'
import io

from pypdf import PdfReader


def document(content: bytes) -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 3 0 R /Resources << /Font << /F1 "
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 5\n0000000000 65535 f \n"
    return out + head + table + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)


def read(word: str) -> str:
    shown = [word.format(x=x, text=text) for x, text in ((0, "the "), (30, "blue "), (70, "boat"))]
    content = "1 0 0 -1 0 792 cm\n" + "\n".join(shown)
    return PdfReader(io.BytesIO(document(content.encode()))).pages[0].extract_text()


moved = read("BT /F1 16 Tf 1 0 0 -1 {x} 85 Tm 0 -15 Td ({text}) Tj ET")
placed = read("BT /F1 16 Tf 1 0 0 -1 {x} 100 Tm ({text}) Tj ET")
print(f"moved to the line: {moved!r}; placed on it: {placed!r}")
raise SystemExit(not (moved.count("\n") == 2 and "\n" not in placed))
PYTHON

"""Makes small PDFs, with text wherever it is wanted on the page, in a font whose widths every reader knows."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """A piece of text at a place in points, from the lower left corner."""

    x: float
    y: float
    text: str
    size: float = 11


def pdf(*pages: list[Words], title: str = "", turned: str = "", letters: dict[str, str] | None = None) -> bytes:
    """Make a document of pages of A4; ``turned`` is set upwards on each, ``letters`` what the font shows."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    table = b""
    if letters:
        objects.append(_letters(letters))
        table = b" /ToUnicode 3 0 R"
    for words in pages:
        content = "".join(
            f"BT /F1 {each.size} Tf 1 0 0 1 {each.x} {each.y} Tm ({escaped(each.text)}) Tj ET\n" for each in words
        )
        if turned:
            content += f"BT /F1 30 Tf 0 1 -1 0 30 200 Tm ({escaped(turned)}) Tj ET\n"
        data = content.encode("cp1252")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 << "
            b"/Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding%s >> >> >> >>"
            % (len(objects), table)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    objects.append(b"<< /Title (%s) >>" % escaped(title).encode("cp1252"))
    out = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    xref = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<< /Size %d /Root 1 0 R /Info %d 0 R >>" % (len(objects) + 1, len(objects))
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return out + head + xref + b"trailer\n" + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % len(out)


def _letters(letters: dict[str, str]) -> bytes:
    """Say of letters of Windows-1252 as which ones they are to be read."""
    pairs = "".join(
        f"<{code.encode('cp1252').hex()}> <{letter.encode('utf-16-be').hex()}>\n" for code, letter in letters.items()
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <ff> "
        f"endcodespacerange {len(letters)} beginbfchar\n{pairs}endbfchar endcmap end end"
    ).encode()
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap)


def set_in_lines(text: str, x: float = 72, top: float = 760, step: float = 14, size: float = 11) -> list[Words]:
    """Set lines below each other; an empty one leaves room."""
    return [Words(x, top - number * step, line, size) for number, line in enumerate(text.split("\n")) if line]


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")

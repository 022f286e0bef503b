"""Makes Word documents as Word writes them: the parts of a zip, and what stands in the body."""

from __future__ import annotations

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types '
    'xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
    'ContentType="application/xml"/></Types>'
)


def word(body: str, **parts: str) -> bytes:
    """Make a document of the XML of its body; ``parts`` are others, by their names without the ending."""
    made = {
        "[Content_Types].xml": _TYPES,
        "word/document.xml": f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>",
        **{f"word/{name}.xml": part(name, content) for name, content in parts.items() if name != "app"},
    }
    if "app" in parts:
        made["docProps/app.xml"] = f"<Properties><Pages>{parts['app']}</Pages></Properties>"
    return zipped(made)


def part(name: str, content: str) -> str:
    element = {"header1": "hdr", "footer1": "ftr"}.get(name, name)
    return f"<w:{element} {_SPACES}>{content}</w:{element}>"


def zipped(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            # So that a program may know the document by its first bytes.
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return buffer.getvalue()


def p(*content: str, properties: str = "") -> str:
    """Make a paragraph of runs, or of plain words."""
    runs = "".join(each if each.startswith("<") else run(each) for each in content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def deleted(text: str) -> str:
    return f'<w:del w:id="1" w:author="Ada"><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'


def inserted(text: str) -> str:
    return f'<w:ins w:id="2" w:author="Ada">{run(text)}</w:ins>'


LAID_OUT = "<w:r><w:lastRenderedPageBreak/></w:r>"
DEMANDED = '<w:r><w:br w:type="page"/></w:r>'


def table(*rows: tuple[str, ...]) -> str:
    cells = "".join("<w:tr>" + "".join(f"<w:tc>{p(text)}</w:tc>" for text in row) + "</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr/>{cells}</w:tbl>"

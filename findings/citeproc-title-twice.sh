#!/usr/bin/env bash
# citeproc-py 0.11.1: a title that stands in for a missing author is written again where the title stands, in three of ten styles.
#
# CSL 1.0.2, "Substitute": a variable that cs:substitute has written counts as empty in the rest of the citation, so that it does not come
# twice. Expected: "The ferry to Holm, 1971". Seen: that, where the variable is named in cs:substitute itself; but where
# a macro writes it, which is how most styles have it, "The ferry to Holm, The ferry to Holm, 1971".
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
<macro name="title"><text variable="title"/></macro>
<citation><layout delimiter="; "><group delimiter=", ">
  <names variable="author"><substitute>{}</substitute></names>
  <text macro="title"/>
  <date variable="issued" form="numeric" date-parts="year"/>
</group></layout></citation></style>"""
ITEM = {"id": "a", "type": "song", "title": "The ferry to Holm", "issued": {"date-parts": [[1971]]}}

seen = []
for substitute in ('<text variable="title"/>', '<text macro="title"/>'):
    style = CitationStylesStyle(BytesIO(STYLE.format(substitute).encode()))
    bibliography = CitationStylesBibliography(style, CiteProcJSON([ITEM]), plain)
    citation = Citation([CitationItem("a")])
    bibliography.register(citation)
    seen.append(str(bibliography.cite(citation, lambda item: None)))
    print(f"{substitute}: {seen[-1]}")
raise SystemExit(seen != ["The ferry to Holm, 1971", "The ferry to Holm, The ferry to Holm, 1971"])
PYTHON

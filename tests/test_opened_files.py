"""A page reads the files of its own recording and asks the index for the rest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Final

import pytest
from bench.many import RARE, Many, slug, write_archive
from clip_server import LIMIT

if TYPE_CHECKING:
    from pathlib import Path

RECORDINGS: Final = 50
ASKED: Final = slug(6)
# An application over an archive that is indexed is asked for pages, as a server that has just started; what it opens or
# lists for each is written down.
_PROGRAM: Final = """
    import json, os, sys
    from pathlib import Path
    from player.web.app import create_app

    NOTED = {"open", "os.listdir", "os.scandir"}
    opened, root = None, os.path.realpath(sys.argv[1])

    def write_down(event, arguments):
        if opened is not None and event in NOTED and not isinstance(arguments[0], int):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if path.startswith(root):
                opened.append(os.path.relpath(path, root))

    app = create_app(Path(root))
    client = app.test_client()
    app.extensions["index"].look()
    app.extensions["index"].is_watched = lambda: True  # as where a process beside the server looks for changes
    sys.addaudithook(write_down)
    found = {}
    for address in sys.argv[2:]:
        opened = []
        answer = client.get(address)
        answer.get_data()
        found[address] = answer.status_code, opened
        opened = None
    print(json.dumps(found))
"""
# Who is private decides what of a recording is shown, and an index may not know it yet.
OWN: Final = {f"transcripts/{ASKED}", f"media/{ASKED}.wav", "transcripts/people.toml"}
#: Pages, and what of the archive each may open or list.
PAGES: Final = {
    f"/recordings/{ASKED}": OWN,
    f"/recordings/{ASKED}?t=1": OWN,
    f"/recordings/{ASKED}?q=there": OWN,
    f"/recordings/{ASKED}?line=L3": OWN,
    f"/recordings/{ASKED}/cite": OWN,
    f"/recordings/{ASKED}/cite?line=L3": OWN,
    f"/recordings/{ASKED}/transcript.vtt": OWN,
    f"/recordings/{ASKED}/text": OWN,
    f"/recordings/{ASKED}/lines/L3": OWN,
    "/": set(),
    "/recordings/": set(),
    "/people": set(),
    "/people/person-1": set(),
    "/sources": set(),
    "/sources/source-1": set(),
    "/chronology": set(),
    "/dossiers": set(),
    "/sets": set(),
    f"/search?q={RARE}": set(),
    "/recordings/nowhere": set(),
    "/sitemap.xml": set(),
    "/iiif/collection.json": set(),
    f"/recordings/{ASKED}/manifest.json": OWN,
    f"/recordings/{ASKED}/captions.vtt": OWN,
    f"/recordings/{ASKED}/card.png?t=1,2": OWN,
    f"/recordings/{ASKED}/embed?t=1,2": OWN,
    f"/oembed?url=http://localhost/recordings/{ASKED}": OWN,
}


@pytest.mark.long
def test_a_page_opens_no_file_of_another_recording(tmp_path: Path) -> None:
    root = write_archive(tmp_path / "fifty", Many(recordings=RECORDINGS, lines=20, notes=4, beside=RECORDINGS))
    command = [sys.executable, "-c", textwrap.dedent(_PROGRAM), str(root), *PAGES]
    environment = {**os.environ, "PLAYER_CACHE": str(tmp_path / "cache")}
    first = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, timeout=LIMIT)
    assert json.loads(first.stdout)
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, timeout=LIMIT)
    found = json.loads(done.stdout)
    assert f"transcripts/{ASKED}/transcript.vtt" in found[f"/recordings/{ASKED}"][1], "what is opened is written down"
    others = {}
    for address, may in PAGES.items():
        status, opened = found[address]
        assert status == (404 if address.endswith("/nowhere") else 200), address
        others[address] = {path for path in opened if not any(path == own or path.startswith(f"{own}/") for own in may)}
    assert {address: paths for address, paths in others.items() if paths} == {}

"""Nothing that is closed comes out at any address where all sounds lie on another server."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Final

import pytest
from closed_archive import write_archive
from closed_asking import some_addresses, walk
from closed_leaks import leaks
from closed_looking import is_flat, probes, tones_in
from closed_plan import PIER, QUAY, REEF
from closed_server import serving
from distant_server import distant
from test_closed_walk import outlines
from trusted import secured

from player.archive.archive import Archive
from player.archive.gate.shown import EVERYTHING
from player.storage.addresses import ALLOWED

if TYPE_CHECKING:
    from pathlib import Path

    from closed_asking import Answer

#: Endpoints whose answers are made of sounds, or say where these are.
SOUNDING: Final = {
    *("recordings.sound", "recordings.access_copy", "recordings.wave", "recordings.recording", "clips.send"),
    *("basket.send", "feed.sound", "feed.send", "iiif.manifest", "embed.page", "cards.picture", "book.send"),
}


@pytest.mark.sampled
@pytest.mark.long
@pytest.mark.parametrize("way", ["pass", "redirect"])
def test_nothing_closed_comes_at_any_address_of_sounds_that_lie_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    closed = write_archive(tmp_path / "closed")
    held = probes(closed)
    monkeypatch.setenv("PLAYER_MEDIA", way)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    with distant(tmp_path / "there", secured(trusted_at=tmp_path / "trusted.pem")) as there:
        moved = [move(record, there.address, closed, there.folder) for record in closed.rglob("recording.toml")]
        assert sum(moved) > 5
        monkeypatch.setenv(ALLOWED, f"{there.address} 127.0.0.0/8")
        with serving(closed, tmp_path / "served") as server:
            asking = [asked for asked in some_addresses(server.rules) if asked.endpoint in SOUNDING]
            answers = walk(server.client, server.rules, asking, in_all_ways=False, follows=False)
        assert {asked.endpoint for asked in answers} == SOUNDING
        assert leaks(answers, held) == []
        sent = [answer for asked, answer in answers.items() if asked.endpoint == "recordings.sound"]
        heard = [tones_in(answer.body) for answer in sent if answer.status == 200]
        assert {"open sound"} in heard
        assert there.sent > 0
        assert not any(there.address.encode() in answer.body for answer in answers.values()), "nobody is told where"
        led = {asked.path.split("/")[2] for asked, answer in answers.items() if there.address in location_of(answer)}
        assert bool(led) == (way == "redirect")
        assert all(Archive(closed).record(slug).shown == EVERYTHING for slug in led), "nobody is led to what is closed"
        for each, start, end in ((QUAY, 4, 8), (PIER, 2, 6), (REEF, 8, 12)):
            drawn = outlines(answers, each.slug)
            assert drawn, each.slug
            assert all(is_flat(outline, start, end) for outline in drawn), each.slug


def location_of(answer: Answer) -> str:
    return answer.headers.get("location", "")


def move(record: Path, address: str, archive: Path, folder: Path) -> bool:
    """Put the sound of a record on the other server, and name it there."""
    text = record.read_text("utf-8")
    found = re.search(r'^media = "([^"/]+)"$', text, re.MULTILINE)
    sound = archive / "media" / found[1] if found else None
    if found is None or sound is None or not sound.is_file():
        return False
    shutil.move(sound, folder / sound.name)
    record.write_text(text.replace(found[0], f'media = "{address}/{sound.name}"', 1), "utf-8")
    return True

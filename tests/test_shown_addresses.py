"""What a page shows is known by its address, so that a link in a text is held to what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from player.archive.references import Citation, Pointer
from player.web.app import create_app
from player.web.routes.addresses import shown_at

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/", []),
        ("/recordings/", []),
        ("/people#ada", []),
        ("/people/ada", [("person", "ada")]),
        ("/people/Ad%C3%A1", [("person", "Adá")]),
        ("/sources#source-log", [("source", Citation("log"))]),
        ("/sources/log", [("source", Citation("log"))]),
        ("/chronology", []),
        ("/chronology#entry-made", [("entries", ("made",))]),
        ("/chronology#strand-tones", []),
        ("/dossiers/pitch", [("dossiers", (Pointer("pitch"),))]),
        ("/dossiers/pitch#question-high", [("dossiers", (Pointer("pitch", "high"),))]),
        ("/dossiers/pitch#account-the-log", [("dossiers", (Pointer("pitch"),))]),
        ("/recordings/tones?t=1#cue-c7", [("moment", Pointer("tones", "c7"))]),
        ("/recordings/tones#note-who", [("moment", Pointer("tones", "note-who"))]),
        ("/recordings/tones#about", [("moment", Pointer("tones"))]),
        ("/recordings/tones/cite?t=1", [("moment", Pointer("tones"))]),
        ("/chronology/made", None),
        ("/person/ada", None),
        ("/nowhere", None),
    ],
)
def test_an_address_shows_what_its_page_is_about(address: str, shown: list[tuple[str, Any]] | None) -> None:
    assert shown_at(address) == shown


def test_every_page_is_known_by_its_address(context_archive: Path) -> None:
    app = create_app(context_archive)
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in {"pages", "context", "citing"}:
            with app.test_request_context():
                address = str(rule.build(dict.fromkeys(rule.arguments, "x"), append_unknown=False)[1])  # type: ignore[index]
            assert (shown_at(address) is None) is address.startswith("/media/"), address

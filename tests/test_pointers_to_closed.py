"""What points at something that is closed is shown without it: no link, no title, no count tells of it."""

from __future__ import annotations

import shutil
from difflib import ndiff
from typing import TYPE_CHECKING

import pytest
from closed_words import DRAFT, WITHDRAWN, bytes_of, declare, rewrite, settle, write_words
from index_contents import contents, fresh

from player.archive.archive import Archive
from player.index import forgetting
from player.index.everything import Everything
from player.index.index import Index
from player.index.searching import Search
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

CLOSED = '\n[access]\nrecord = "closed"\nuntil = "2041"\n'
#: Every page that has something of several recordings on it.
PAGES = (
    "/",
    "/recordings/",
    "/recordings/?sort=added",
    "/recordings/?person=Cleo",
    "/recordings/?all=person",
    "/recordings/?tag=rare",
    "/recordings/tones",
    "/recordings/tones/text",
    "/recordings/tones/cite",
    "/people",
    "/people?sort=most",
    "/people/ada",
    "/people/ben",
    "/chronology",
    "/chronology?sort=date",
    "/dossiers",
    "/dossiers/pitch",
    "/dossiers/hums",
    "/sources",
    "/sources?sort=most",
    "/sources/log",
    "/about",
    "/search?q=ada",
    "/search?q=hums",
    "/search?q=line",
    "/search?q=ben&in=notes",
    "/search?q=keeper&in=people",
    "/robots.txt",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An archive in which everything points at "sealed" that can point at a recording, a line or a note."""
    root = write_words(tmp_path / "archive")
    texts = root / "transcripts"
    sealed = texts / "sealed" / "recording.toml"
    rewrite(sealed, 'name = "Ben"\nkind = "unidentified"', 'name = "Cleo"\nkind = "person"')
    rewrite(sealed, 'sources = ["log"]', 'sources = ["log", "memoir"]\ntags = ["rare"]\nseries = "Hums"')
    rewrite(sealed, 'date = "1963-11-05"', 'date = "1955"')
    rewrite(texts / "tones" / "recording.toml", "place =", 'kind = "reading"\nnotice = "A reading."\nplace =')
    rewrite(texts / "tones" / "recording.toml", "place =", 'surrogate_for = "sealed"\nplace =')
    rewrite(
        texts / "tones" / "annotations.toml", 'id = "late"', 'id = "late"\nsee = ["sealed#two", "sealed#note-told"]'
    )
    rewrite(texts / "tones" / "annotations.toml", "Near the end.", "It is [like that](/recordings/sealed#cue-two) too.")
    rewrite(texts / "chronology.toml", 'recording = "tones"', 'recording = "sealed"')
    rewrite(texts / "chronology.toml", '"tones#first"', '"sealed#two", "sealed#note-told", "tones#first"')
    rewrite(texts / "chronology.toml", 'event = "It is found."', 'event = "It is found."\nmoments = ["sealed#two"]')
    dossier = (texts / "dossiers" / "pitch.toml").read_text(encoding="utf-8")
    other = dossier.replace('"tones', '"sealed').replace("#first", "#two").replace("#note-late", "#note-told")
    (texts / "dossiers" / "hums.toml").write_text(other, encoding="utf-8")
    return root


def shown(root: Path) -> dict[str, str]:
    client = create_app(root).test_client()
    answers = {path: client.get(path) for path in PAGES}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(PAGES, 200)
    return {path: answer.get_data(as_text=True) for path, answer in answers.items()}


def differing(one: str, other: str) -> list[str]:
    return [line for line in ndiff(one.splitlines(), other.splitlines()) if line[0] in "+-"]


@pytest.mark.parametrize("table", [CLOSED, DRAFT, WITHDRAWN], ids=["closed", "draft", "withdrawn"])
def test_pages_are_as_if_a_recording_that_is_not_shown_were_not_there(root: Path, table: str) -> None:
    before = shown(root)
    assert sum("sealed" in page for page in before.values()) >= len(PAGES) / 2
    declare(root, table)
    after = shown(root)
    shutil.rmtree(root / "transcripts" / "sealed")
    without = shown(root)
    assert {path: differing(after[path], without[path]) for path in PAGES if after[path] != without[path]} == {}
    assert [path for path, page in after.items() if "sealed" in page or "A tape of hums" in page] == []
    # What stands in for it is no way to know that there is something to stand in for.
    assert "Play the synthetic reading" in before["/chronology"]
    assert "Play the synthetic reading" not in after["/chronology"]


def test_pages_say_nothing_of_lines_and_notes_that_are_closed(root: Path) -> None:
    texts = root / "transcripts"
    rewrite(texts / "sealed" / "annotations.toml", "[[annotation]]", OTHER_NOTES + "\n[[annotation]]")
    before = create_app(root).test_client().get("/recordings/sealed").text
    assert "note 1, “What" in before
    assert "It is found." in before
    declare(root, '\n[[closed]]\ncue = "two"\nuntil = "2999"\n')
    pages = {**shown(root), "sealed": create_app(root).test_client().get("/recordings/sealed").text}
    assert [path for path, page in pages.items() if "#cue-two" in page or "#note-told" in page] == []
    assert [path for path, page in pages.items() if "What qꙮrs" in page or "0:02, A tape of hums" in page] == []
    assert "[closed until 2999]" in pages["sealed"]
    # One entry is about the whole recording too, and remains; the other was tied to closed lines alone.
    assert "The tape is made." in pages["sealed"]
    assert "It is found." not in pages["sealed"]


def test_what_a_dossier_ties_to_a_closed_moment_is_gone_with_it_and_comes_back(root: Path, tmp_path: Path) -> None:
    path = root / "transcripts" / "dossiers" / "pitch.toml"
    path.write_text(path.read_text(encoding="utf-8") + TIES, encoding="utf-8")
    index = Index.of(Archive(root))
    settle(root, index)
    before = contents(index)

    def found_things(words: str) -> int:
        return len(Search(index).find(words).things.get("dossier", ()))

    assert [found_things(words) for words in ("zumbly", "zombly")] == [1, 1]
    for slug, table in (("sealed", CLOSED), ("tones", PASSAGES)):
        declare(root, table, slug)
        index.look()
        page = create_app(root).test_client().get("/dossiers/pitch").text
        word = "zumbly" if slug == "sealed" else "zombly"
        assert (found_things(word), word in page, bytes_of(index, word)) == (0, False, {})
    assert contents(index) == fresh(root, tmp_path / "closed")
    for_owners = list(Everything.find(index, "zumbly").others())
    assert [(each["id"], each["access"]) for each in for_owners] == [("pitch", "closed in part")]
    for slug, table in (("sealed", CLOSED), ("tones", PASSAGES)):
        rewrite(root / "transcripts" / slug / "recording.toml", table, "")
    index.look()
    assert [found_things(words) for words in ("zumbly", "zombly")] == [1, 1]
    assert contents(index) == before


def test_who_forgets_a_recording_forgets_what_dossiers_tie_to_it(root: Path) -> None:
    path = root / "transcripts" / "dossiers" / "pitch.toml"
    path.write_text(path.read_text(encoding="utf-8") + TIES, encoding="utf-8")
    index = Index.of(Archive(root))
    index.look()
    declare(root, WITHDRAWN)
    assert bytes_of(index, "zumbly")
    assert forgetting.forget(root, "sealed")
    assert bytes_of(index, "zumbly") == {}
    index.look()
    assert list(index.dossiers) == ["hums", "pitch"]
    assert bytes_of(index, "zumbly") == {}


def test_a_line_in_place_of_closed_ones_is_found_and_neither_played_nor_cut(root: Path) -> None:
    declare(root, '\n[[closed]]\ncue = "first"\nuntil = "2999"\n', "tones")
    client = create_app(root).test_client()
    assert 'class="round"' in client.get("/search?q=hum").text
    page = client.get("/search?q=2999").text
    assert "<mark>2999" in page
    assert 'class="round"' not in page
    assert "clip.mp3" not in page


#: Lines of "tones".
PASSAGES = '\n[[closed]]\ncue = "first"\n'
TIES = """
[[tie]]
moment = "sealed#two"
text = "Here it is zumbly."
sources = ["memoir, p. 1"]

[[tie]]
moment = "tones#note-who"
text = "Here it is zombly."
sources = ["memoir, p. 2"]
"""
OTHER_NOTES = """\
[[annotation]]
id = "against"
kind = "dispute"
title = "Not so"
body = "It was otherwise."
sources = ["log"]
cue = "three"
contradicts = ["told"]
see = ["sealed#two"]
"""


def test_a_person_whose_name_is_private_is_linked_from_nowhere(root: Path) -> None:
    rewrite(root / "transcripts" / "tones" / "annotations.toml", "About the whole.", "Of [her](/people#person-ada).")
    assert 'href="/people#person-ada"' in create_app(root).test_client().get("/recordings/tones").text
    rewrite(root / "transcripts" / "people.toml", 'id = "ada"', 'id = "ada"\nprivate = true')
    client = create_app(root).test_client()
    pages = {path: client.get(path) for path in PAGES}
    assert [path for path, page in pages.items() if "person-ada" in page.text or "/people/ada" in page.text] == []
    assert {path for path, page in pages.items() if page.status_code != 200} == {"/people/ada"}
    rewrite(root / "transcripts" / "people.toml", 'id = "ben"', 'id = "ben"\nprivate = true')
    assert 'href="/people"' not in create_app(root).test_client().get("/").text

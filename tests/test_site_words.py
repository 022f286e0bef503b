"""What a copy of the site is searched in: its files, what they have, and what they do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from passage_sets import write_set
from site_copy import contents, copied

from player.web.app import create_app
from player.web.site.words import KINDS, Words, shard, words_in

SHARDS = json.loads((Path(__file__).parent / "data" / "shards.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("word", "name"), SHARDS.items())
def test_a_words_file_is_named_after_its_first_letters(word: str, name: str) -> None:
    assert shard(word) == name


def test_words_with_a_mark_within_are_found_whole_and_in_parts() -> None:
    found = words_in(["The co-operation, Ásta’s — 1,000"])
    assert found == {"the", "co", "operation", "cooperation", "astas", "1", "000", "1000"}


def test_a_file_has_the_words_that_begin_alike_with_where_they_stand() -> None:
    words = Words()
    for name, said in (("a", ["ferry"]), ("b", ["quay"]), ("c", ["ferry", "ferryman"])):
        words.add(f"recordings/{name}/", name, "recording", words_in(said))
    files = {name: json.loads(content) for name, content in words.files()}
    assert files["search/words/f_e.json"] == {"ferry": [0, 2], "ferryman": [2]}
    assert files["search/words/list.json"]["files"] == ["f_e", "q_u"]
    assert [address for address, _, _ in files["search/words/list.json"]["things"]] == [
        f"recordings/{name}/" for name in "abc"
    ]


@pytest.mark.long
def test_a_copy_has_what_is_said_and_who_is_named(context_archive: Path, tmp_path: Path) -> None:
    files = contents(copied(context_archive, tmp_path / "copy"))
    text = json.loads(files["search/words/of/tones.json"])
    assert [line[0] for line in text["lines"]]
    said = words_in([text["lines"][0][2]])
    for word in said:
        assert word in json.loads(files[f"search/words/{shard(word)}.json"])
    kinds = {kind for _, _, kind in json.loads(files["search/words/list.json"])["things"]}
    assert kinds == {"recording", "person", "source", "chronology", "accounts compared"}


@pytest.mark.long
def test_a_copy_finds_what_the_server_finds_beside_recordings(context_archive: Path, tmp_path: Path) -> None:
    write_set(context_archive)
    files = contents(copied(context_archive, tmp_path / "copy"))
    things = json.loads(files["search/words/list.json"])["things"]
    assert {kind for _, _, kind in things} == {"recording", *KINDS.values()}
    texts = {
        number: text
        for name, content in files.items()
        if name.startswith("search/words/beside/")
        for number, text in json.loads(content).items()
    }
    # What the server finds, by its own page: a word of a set, of an entry and of an account.
    client = create_app(context_archive).test_client()
    for word, address in (
        ("quenby", "sets/three/"),
        ("plans", "chronology/#entry-planned"),
        ("pitch", "dossiers/pitch/"),
    ):
        assert f'/{address.replace("/#", "#").rstrip("/")}"' in client.get(f"/search?q={word}").text
        numbers = [number for number, text in texts.items() if f" {word} " in text]
        assert address in [things[int(number)][0] for number in numbers], word
        assert word in json.loads(files["search/words/all.json"]).split()
    for address, _, kind in things:
        path, _, place = address.partition("#")
        assert f"{path}index.html" in files
        assert not place or f'id="{place}"'.encode() in files[f"{path}index.html"], kind

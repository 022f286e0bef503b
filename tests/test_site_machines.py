"""What a copy of the site says to machines and to other sites: each address in it is that of a file of the copy."""

from __future__ import annotations

import json
import posixpath
import re
from html import unescape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urljoin, urlsplit

import feedparser
import iiif_prezi3
import pytest
from clipping import run
from held_sounds import hold_fed
from html_elements import parse
from passage_sets import write_set
from site_copy import contents, copied, export

from player.publish.lettering import can_draw
from player.web.site.addresses import There, there

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADDRESS: Final = "https://tones.example/tapes"
#: Where a copy is found that does not know its address.
FOUND_AT: Final = "http://found.example/somewhere"
# The keys by which JSON-LD, oEmbed and chapters name what is elsewhere.
_KEYS: Final = (
    "@id",
    "url",
    "contentUrl",
    "embedUrl",
    "image",
    "thumbnail_url",
    "provider_url",
    "target",
    "id",
    "profile",
)


def in_json(value: Any) -> Iterator[str]:
    """Give the addresses in some JSON, and those of frames in HTML that it has."""
    match value:
        case dict():
            for name, each in value.items():
                if name in _KEYS and isinstance(each, str):
                    yield re.sub(r"\{\w+\}", "1", each)
                yield from in_json(each)
        case list():
            for each in value:
                yield from in_json(each)
        case str() if "<iframe" in value:
            yield from re.findall(r'src="([^"]*)"', value)


def in_page(html: str) -> Iterator[str]:
    """Give the addresses in a page: of its links, of what is said to those who lead to it, of code to be copied."""
    page = parse(html)
    for each in page.walk():
        if each.tag == "meta" and re.match("og:(?:url|audio|image|video)$", each["property"]):
            yield each["content"]
        if each.tag == "script" and each["type"] == "application/ld+json":
            yield from in_json(json.loads("".join(str(child) for child in each.children)))
        yield from (each[name] for name in ("href", "src", "action") if each[name])
        yield from (each[name] for name in ("data-embed", "data-wave", "data-whole") if each[name])
    yield from map(unescape, re.findall(r"&lt;iframe src=&#34;(.*?)&#34;", html))


def addresses(name: str, content: bytes) -> Iterator[str]:
    """Give the addresses in a file of a copy."""
    if name.endswith(".html"):
        yield from in_page(content.decode())
    elif name.endswith(("oembed.json", "chapters.json", "manifest.json", "annotations.json")) or name.startswith(
        "iiif/"
    ):
        yield from in_json(json.loads(content))
    elif name.endswith(".xml"):
        yield from map(unescape, re.findall(r"(?:<loc>|url=\"|href=\"|<link>)([^<\"]+)", content.decode()))
    elif name == "robots.txt":
        yield from re.findall(r"^Sitemap: (\S+)", content.decode(), re.MULTILINE)


def unfound(files: dict[str, bytes], at: str) -> tuple[list[str], set[str]]:
    """List the addresses in a copy ``at`` an address for which it has no file, and name the files that there are."""
    wrong, named = [], set()
    for name, content in files.items():
        base = f"{at}/{name.removesuffix('index.html')}"
        assert b"static-copy.invalid" not in content, name
        for address in addresses(name, content):
            # What is in a manifest is named below it, and is no file.
            whole = re.sub(r"/manifest\.json/.*", "/manifest.json", urljoin(base, address))
            if not f"{whole}/".startswith((f"{at}/", f"{at}?", f"{at}#")):
                if urlsplit(whole).netloc in {urlsplit(at).netloc, "localhost"} or not urlsplit(whole).scheme:
                    wrong.append(f"{name}: {address}")
                continue
            path = unquote(urlsplit(whole.removeprefix(at)).path).removeprefix("/")
            file = posixpath.join(path, "index.html") if path.endswith("/") or not path else path
            named.add(file)
            if file not in files:
                wrong.append(f"{name}: {address}")
    return wrong, named


#: What has to name a host.
_PLACED: Final = (
    *("oembed.json", "card.png", "sitemap.xml", "feed.xml", "manifest.json", "collection.json", "annotations.json"),
)


@pytest.fixture
def whole_archive(context_archive: Path) -> Path:
    """An archive with all that pages can lead to: a set, a feed, a reading's notes."""
    (context_archive / "transcripts" / "archive.toml").write_text('name = "Tones"\nfeed = true\n', encoding="utf-8")
    write_set(context_archive)
    return context_archive


@pytest.mark.long
def test_with_its_address_every_address_in_a_copy_is_that_of_a_file(whole_archive: Path, tmp_path: Path) -> None:
    # A feed has what it leads to only of a sound that every app plays.
    assert run(whole_archive, "access", "tones", "--force", "--format", "m4a").exit_code == 0
    files = contents(copied(whole_archive, tmp_path / "copy", "--address", ADDRESS))
    wrong, named = unfound(files, ADDRESS)
    assert wrong == []
    tones = "recordings/tones"
    assert {
        f"{tones}/oembed.json",
        f"{tones}/embed/index.html",
        f"{tones}/chapters.json",
        "sets/three/index.html",
    } <= named
    assert (f"{tones}/card.png" in named) is can_draw()
    assert {f"{tones}/manifest.json", f"{tones}/annotations.json", "transcript.schema.json"} <= named
    assert {"sitemap.xml", "iiif/collection.json"} <= files.keys()
    assert "robots.txt" not in files, "robots look for it at the root of a host"
    # Nothing lies there that nobody is led to, but for what pages find by themselves and for robots.
    own = ("static/", "search/", "static-copy.json", "sitemap.xml")
    assert [name for name in files if name not in named and not name.startswith(own)] == []


@pytest.mark.long
def test_without_its_address_a_copy_names_nothing_that_needs_one(whole_archive: Path, tmp_path: Path) -> None:
    files = contents(copied(whole_archive, tmp_path / "copy"))
    wrong, named = unfound(files, FOUND_AT)
    assert wrong == []
    page = parse(files["recordings/tones/index.html"].decode())
    graph = {each["property"] for each in page.all("meta")}
    assert "og:title" in graph
    assert not graph & {"og:url", "og:image", "og:audio", "og:image:width"}
    assert not page.all("link", rel="canonical")
    assert "recordings/tones/embed/index.html" in named
    assert not [name for name in files if name.endswith(_PLACED)]


@pytest.mark.long
@pytest.mark.parametrize(("at", "words"), [(ADDRESS, ("--address", ADDRESS)), (FOUND_AT, ())])
def test_json_ld_says_where_things_are_in_the_copy(
    whole_archive: Path, tmp_path: Path, at: str, words: tuple[str, ...]
) -> None:
    page = parse((copied(whole_archive, tmp_path / "copy", *words) / "recordings/tones/index.html").read_text("utf-8"))
    (block,) = page.all("script", type="application/ld+json")
    said = json.loads("".join(map(str, block.children)))
    place = f"{at}/recordings/tones/"
    assert said["@type"] == "AudioObject"
    assert urljoin(place, said["@id"]) == urljoin(place, said["url"]) == place
    assert urljoin(place, said["contentUrl"]) == f"{at}/media/tones.wav"
    assert urljoin(place, said["embedUrl"]) == f"{place}embed/"
    assert urljoin(place, said["caption"]["contentUrl"]) == f"{place}transcript.vtt"
    assert urljoin(place, said["hasPart"][0]["url"]) == f"{place}?t=2,4.5"
    assert ("potentialAction" in said) is bool(words)
    assert said.get("image") == (f"{place}card.png" if words and can_draw() else None)


@pytest.mark.long
def test_a_site_that_asks_how_to_show_a_recording_is_answered_by_a_file(whole_archive: Path, tmp_path: Path) -> None:
    files = contents(copied(whole_archive, tmp_path / "copy", "--address", ADDRESS))
    told = json.loads(files["recordings/tones/oembed.json"])
    assert (told["type"], told["version"], told["title"]) == ("rich", "1.0", "A tape of tones")
    assert f'<iframe src="{ADDRESS}/recordings/tones/embed/"' in told["html"]


@pytest.mark.long
def test_viewers_of_libraries_open_what_is_there(whole_archive: Path, tmp_path: Path) -> None:
    record = whole_archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(f'series = "Tones & more"\n{record.read_text("utf-8")}', encoding="utf-8")
    files = contents(copied(whole_archive, tmp_path / "copy", "--address", ADDRESS))
    assert unfound(files, ADDRESS)[0] == []
    told = json.loads(files["recordings/tones/manifest.json"])
    iiif_prezi3.Manifest(**told)
    assert told["id"] == f"{ADDRESS}/recordings/tones/manifest.json"
    assert told["items"][0]["id"] == f"{told['id']}/canvas"
    (series,) = json.loads(files["iiif/collection.json"])["items"]
    (listed,) = json.loads(files[series["id"].removeprefix(f"{ADDRESS}/")])["items"]
    assert listed["id"] == told["id"]


@pytest.mark.long
def test_notes_are_there_for_programs_that_annotate(whole_archive: Path, tmp_path: Path) -> None:
    notes = whole_archive / "transcripts" / "tones" / "annotations.toml"
    notes.write_text(
        notes.read_text("utf-8").replace('body = "', 'body = "[Here](/recordings/tones#t=2). ', 1), "utf-8"
    )
    folder = copied(whole_archive, tmp_path / "copy", "--address", ADDRESS)
    told = json.loads((folder / "recordings/tones/annotations.json").read_bytes())
    assert told["id"] == f"{ADDRESS}/recordings/tones/annotations.json"
    (sound, text) = next(each["target"] for each in told["items"] if len(each["target"]) == 2)
    assert sound["source"]["id"] == f"{ADDRESS}/media/tones.wav"
    assert text["source"]["id"] == f"{ADDRESS}/recordings/tones/text/"
    assert f'href="{ADDRESS}/recordings/tones/#t=2"' in json.dumps(told).replace('\\"', '"')
    # They come back from there.
    done = run(whole_archive, "annotations", "tones", "--import", str(folder / "recordings/tones/annotations.json"))
    assert done.output.startswith("tones: nothing to change")


@pytest.mark.long
def test_each_series_has_its_feed(whole_archive: Path, tmp_path: Path) -> None:
    hold_fed(whole_archive)
    record = whole_archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(f'series = "Tones & more"\n{record.read_text("utf-8")}', encoding="utf-8")
    folder = copied(whole_archive, tmp_path / "copy", "--address", ADDRESS)
    files = contents(folder)
    assert unfound(files, ADDRESS)[0] == []
    (link,) = (each for each in parse(files["this-copy/index.html"].decode()).all("a") if each.text == "Tones & more")
    feed = feedparser.parse(files[link["href"].removeprefix(f"{ADDRESS}/")])
    assert (feed.feed.title, [each.title for each in feed.entries]) == ("Tones & more · Tones", ["A tape of tones"])
    assert feed.feed.image.href.removeprefix(f"{ADDRESS}/") in files
    (own,) = (each.href for each in feed.feed.links if each.rel == "self")
    assert own == link["href"]


@pytest.mark.long
def test_at_the_root_of_a_host_robots_find_their_rules(whole_archive: Path, tmp_path: Path) -> None:
    files = contents(copied(whole_archive, tmp_path / "copy", "--address", "https://tones.example"))
    assert unfound(files, "https://tones.example")[0] == []
    assert b"Sitemap: https://tones.example/sitemap.xml\n" in files["robots.txt"]


@pytest.mark.long
def test_who_wants_no_search_engines_gives_them_no_list(whole_archive: Path, tmp_path: Path) -> None:
    about = whole_archive / "transcripts" / "archive.toml"
    about.write_text('name = "Tones"\nsearch_engines = false\n', encoding="utf-8")
    ran = export(whole_archive, tmp_path / "copy", "--address", ADDRESS)
    assert "sitemap" not in ran.output
    assert not (tmp_path / "copy" / "sitemap.xml").exists()


@pytest.mark.long
def test_many_pages_are_listed_in_several_files(
    whole_archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("player.web.routes.sitemap.MOST", 4)
    files = contents(copied(whole_archive, tmp_path / "copy", "--address", ADDRESS))
    assert re.findall(rb"<loc>([^<]*)", files["sitemap.xml"])[:2] == [
        f"{ADDRESS}/sitemap-{number}.xml".encode() for number in (1, 2)
    ]
    assert unfound(files, ADDRESS)[0] == []


@pytest.mark.long
def test_of_a_sound_that_is_closed_no_copy_says_where_it_is(whole_archive: Path, tmp_path: Path) -> None:
    record = whole_archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(f'{record.read_text("utf-8")}\n[access]\nsound = "closed"\n', encoding="utf-8")
    files = contents(copied(whole_archive, tmp_path / "copy", "--address", ADDRESS))
    assert unfound(files, ADDRESS)[0] == []
    page = files["recordings/tones/index.html"].decode()
    assert "og:audio" not in page
    assert 'contentUrl":"https://tones.example/tapes/media' not in page


@pytest.mark.long
def test_a_sound_that_is_closed_in_part_is_named_as_the_copy_that_is_silent_there(
    whole_archive: Path, tmp_path: Path
) -> None:
    record = whole_archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(f'{record.read_text("utf-8")}\n[[closed]]\nstart = "0:05"\nend = "0:06"\n', encoding="utf-8")
    files = contents(copied(whole_archive, tmp_path / "copy", "--address", ADDRESS))
    assert unfound(files, ADDRESS)[0] == []
    (named,) = re.findall(r'og:audio" content="([^"]*)"', files["recordings/tones/index.html"].decode())
    assert named.removeprefix(f"{ADDRESS}/") in files
    assert "media/tones.wav" not in files


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/recordings/x/embed?t=25,80", "recordings/x/embed/index.html"),
        ("/oembed?url=https%3A%2F%2Fstatic-copy.invalid%2Frecordings%2Fx", "recordings/x/oembed.json"),
        ("/sitemap.xml?page=2", "sitemap-2.xml"),
        ("/recordings/x/manifest.json/canvas#t=1,2", "recordings/x/manifest.json"),
        ("/iiif/collection.json", "iiif/collection.json"),
        ("/iiif/collection.json?series=..%2F..%2Fx&page=2", "iiif/collection-9cdf6a50100a-page-2.json"),
        ("/recordings/x/card.png", "recordings/x/card.png"),
        ("/feed.xml?page=2", "feed-page-2.xml"),
        ("/feed.xml?series=..%2F..%2Fx", "feed-9cdf6a50100a.xml"),
        ("/feed.xml?series=..%2F..%2Fx&page=2", "feed-9cdf6a50100a-page-2.xml"),
        ("/feed.png?series=..%2F..%2Fx", "feed-9cdf6a50100a.png"),
    ],
)
def test_what_other_sites_ask_for_is_a_file(address: str, file: str) -> None:
    found = there(address)
    assert isinstance(found, There)
    assert found.file == file


@pytest.mark.parametrize(
    "address",
    [
        "/oembed?url=https://static-copy.invalid/recordings/..",
        "/oembed?url=https://other.example/recordings/x",
        "/oembed?url=https://static-copy.invalid/recordings/x&format=xml",
        "/oembed",
        "/sitemap.xml?page=2&language=es",
    ],
)
def test_what_is_asked_otherwise_is_no_file(address: str) -> None:
    assert there(address) == "other"

"""What readers see of a machine's words: wherever they go, it is said that nobody has checked them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from closed_asking import QUERIES
from editors import editors_client
from html_elements import Element, parse
from index_contents import contents, fresh
from machine_words import DOUBTFUL, HEARD, UNCHECKED, write_machine

from player.archive.archive import Archive
from player.archive.machine import LABEL
from player.index.index import Index
from player.publish.transcripts.forms import FORMS
from player.web.app import create_app
from player.web.pages.machine_words import MOST_MARKED, machine_line, with_doubtful

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

PAGE = "/recordings/tones"
LINES = ("opening", "first", "adrift", "last")
#: What is asked at every address that can print words, by its endpoint; the others print none of a transcript.
ASKED = {
    "about.accessibility": ["/accessibility"],
    "about.logo": [],
    "about.page": ["/about"],
    "api.annotations": [f"/api{PAGE}/annotations"],
    "api.archive": ["/api/"],
    "api.cue": [f"/api{PAGE}/cues/{name}" for name in LINES],
    "api.cues": [f"/api{PAGE}/cues", f"/api{PAGE}/cues?from=2&to=4", f"/api{PAGE}/cues?language=es"],
    "api.described": ["/api/openapi.json"],
    "api.recording": [f"/api{PAGE}"],
    "api.recordings": ["/api/recordings"],
    "api.search": ["/api/search?q=the", "/api/search?q=said&lines=9", "/api/search?q=ends+here"],
    "basket.page": ["/basket", *(f"/basket?p=tones@{each}" for each in ("2,4", *LINES))],
    "basket.send": [f"/basket.{ending}?p=tones@2,4" for ending in ("zip", "wav", "csv")],
    "book.send": [f"{PAGE}/recording.epub"],
    "cards.picture": [],
    "cite.page": [f"{PAGE}/cite", f"{PAGE}/cite?t=2,4", f"{PAGE}/cite?line=adrift"],
    "cite.send": [f"{PAGE}/cite.{ending}?t=2,4" for ending in ("bib", "ris", "json")],
    "clips.send": [f"{PAGE}/clip.wav?t=2,4"],
    "context.chronology": ["/chronology"],
    "context.dossier": ["/dossiers/pitch"],
    "context.dossiers": ["/dossiers"],
    "context.people": ["/people", "/people?q=ada"],
    "context.person": ["/people/ada", "/people/ben"],
    "context.source": ["/sources/log"],
    "context.sources": ["/sources"],
    "embed.page": [f"{PAGE}/embed", f"{PAGE}/embed?t=2,4"],
    "downloads.described": ["/transcript.schema.json"],
    "downloads.send": [f"{PAGE}/transcript.{form.ending}" for form in FORMS.values() if form.module],
    "downloads.send_described": [f"{PAGE}/transcript.fadgi.vtt", f"{PAGE}/transcript.es.fadgi.vtt"],
    "feed.chapters": [f"{PAGE}/chapters.json"],
    "feed.picture": [],
    "feed.send": ["/feed.xml"],
    "feed.sound": [],
    "health": ["/healthz"],
    "iiif.captions": [f"{PAGE}/captions.vtt"],
    "iiif.collection": ["/iiif/collection.json"],
    "iiif.manifest": [f"{PAGE}/manifest.json"],
    "invited.link": [],
    "lines.line": [f"{PAGE}/lines/{name}" for name in LINES],
    "oai.answer": [f"/oai?verb={verb}&metadataPrefix=oai_dc" for verb in ("ListRecords", "ListIdentifiers")],
    "notes.send": [f"{PAGE}/annotations.json"],
    "oembed.answer": [f"/oembed?url=http://localhost{PAGE}%23t=2,4"],
    "recordings.access_copy": [],
    "recordings.listed": ["/recordings/"],
    "recordings.recording": [PAGE, f"{PAGE}?t=2", f"{PAGE}?line=adrift", f"{PAGE}?q=the"],
    "recordings.shelf": ["/"],
    "recordings.sound": [],
    "recordings.transcript": [f"{PAGE}/transcript.vtt"],
    "recordings.translation": [f"{PAGE}/transcript.es.vtt"],
    "recordings.wave": [],
    "robots": ["/robots.txt"],
    "search.page": ["/search?q=the", "/search?q=said", "/search?q=ends+here", "/search?q=the&sort=date"],
    "search.sound": ["/search/sound/tones"],
    "sets.listed": ["/sets"],
    "sets.page": ["/sets/three"],
    "sitemap.answer": ["/sitemap.xml"],
    "search_table.send": ["/search.csv?q=the", "/search.csv?q=said", "/search.csv?q=ends+here"],
    "static": [],
    "text.page": [f"{PAGE}/text"],
}
#: What a machine's transcript says of itself in a file.
IN_FILES = "[Machine Transcript]"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_machine(tmp_path_factory.mktemp("machine") / "archive")


@pytest.fixture(scope="module")
def client(root: Path) -> FlaskClient:
    return create_app(root).test_client()


def shown(client: FlaskClient, address: str = PAGE) -> Element:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return parse(answer.text)


def line(html: Element, name: str) -> Element:
    (found,) = (each for each in html.walk() if each.attributes.get("id") == f"cue-{name}")
    return found


def facts(html: Element, selector: str = "dl.about-line") -> dict[str, str]:
    rows = [each for part in html.all(selector) for each in part.all("div") if each.all("dt")]
    return {row.one("dt").text: row.one("dd").text for row in rows}


def walked(client: FlaskClient) -> dict[str, str]:
    """Ask every address; give the texts that come."""
    return {address: text_of(client.get(address).data) for asked in ASKED.values() for address in asked}


def text_of(came: bytes) -> str:
    """Give what can be read in an answer; tags of sounds are in UTF-16, too, from any byte on."""
    wide = (came[start:].decode("utf-16-le", "replace") for start in (0, 1)) if came.startswith(b"RIFF") else ()
    packed: tuple[str, ...] = ()
    if came.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(came)) as file:
            packed = tuple(file.read(name).decode("utf-8", "replace") for name in file.namelist())
    return "".join((came.decode("utf-8", "replace"), *wide, *packed))


def test_every_address_is_known() -> None:
    assert ASKED.keys() == QUERIES.keys()


def test_wherever_a_machines_words_go_it_is_said(client: FlaskClient) -> None:
    found = walked(client)
    said = {address for address, text in found.items() if any(word in text for word in UNCHECKED)}
    silent = {each for each in said if LABEL.lower() not in found[each].lower() and IN_FILES not in found[each]}
    assert not silent
    for address in (each for each in said if each.startswith("/search?")):
        groups = parse(found[address]).all("article.group")
        unsaid = [each for each in groups if LABEL.lower() not in each.text.lower()]
        assert not any(word in each.text for each in unsaid for word in UNCHECKED), address
    expected = {PAGE, f"{PAGE}/text", f"{PAGE}/lines/first", f"{PAGE}/lines/adrift", "/search?q=the", "/people/ada"}
    expected |= {f"{PAGE}/clip.wav?t=2,4"}
    assert said >= expected | {f"{PAGE}/transcript.vtt"}


def test_what_is_hidden_comes_out_nowhere(tmp_path: Path) -> None:
    root = write_machine(tmp_path / "archive", "hidden")
    client = create_app(root).test_client()
    for address, text in walked(client).items():
        assert not any(word in text for word in (*UNCHECKED, HEARD)), address
        assert LABEL not in text
    for word in (*UNCHECKED, HEARD):
        assert "Nothing was found" in client.get(f"/search?q={word}").text


@pytest.mark.parametrize("state", ["published", "reviewed"])
def test_what_is_published_has_the_label_and_what_was_reviewed_has_none(tmp_path: Path, state: str) -> None:
    client = create_app(write_machine(tmp_path / "archive", "published" if state == "published" else "reviewed"))
    page = shown(client.test_client())
    about = facts(page, "section.about")["Words"]
    assert bool(page.all("p.machine")) == (state == "published")
    if state == "reviewed":
        assert LABEL not in page.text
        assert (
            about == "Written by whistler 1.2, model tiny, 29 November 2026. Reviewed by Ines Keeper, 29 November 2026."
        )
        assert not page.all("span.doubtful")
        assert "data-machine" not in page.one("section.transcript")
        first = shown(client.test_client(), f"{PAGE}/lines/first")
        assert facts(first)["Transcript"] == "Written by a machine. Reviewed by Ines Keeper, 29 November 2026."
        assert LABEL.lower() not in client.test_client().get("/").text.lower()
        assert LABEL.lower() not in client.test_client().get(f"{PAGE}/cite").text.lower()
    else:
        assert f"{LABEL}: 3 of its 4 lines are not checked." in about


def test_the_head_of_the_transcript_says_how_much_nobody_has_checked(client: FlaskClient) -> None:
    page = shown(client)
    head = page.one("p.machine")
    assert head.text.startswith(f"{LABEL}: 3 of its 4 lines are not checked. ✓ stands at the end of a line")
    assert "The program was unsure of words underlined like this; the page of each line lists them." in head.text
    assert page.one("section.transcript")["data-machine"] == LABEL
    assert [name for name in LINES if "data-checked" in line(page, name)] == ["opening"]
    assert facts(page, "section.about")["Times"] == (
        "2 lines placed by swallow 0.6, model en, 29 November 2026; 1 line not placed."
    )


def test_words_of_which_the_machine_was_not_sure_are_elements(client: FlaskClient) -> None:
    page = shown(client)
    (word,) = (each for name in LINES for each in line(page, name).all("span.doubtful"))
    assert word.text == DOUBTFUL
    assert "One quondle, said Ada." in line(page, "first").text
    assert 'js/transcript/doubtful.js"' in client.get(PAGE).text


def test_a_page_of_peoples_words_has_nothing_of_it(tmp_path: Path) -> None:
    root = write_machine(tmp_path / "archive")
    path = root / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(path.read_text().replace("[Machine Transcript]", "[Typist]").replace("[Aligned]", "[Timer]"))
    client = create_app(root).test_client()
    text = client.get(PAGE).text
    for sign in ("machine", "doubtful", "data-checked", "The transcript</h3>"):
        assert sign not in text, sign
    assert 'id="machine"' not in client.get("/about").text


def test_what_a_machine_only_placed_in_time_has_no_label(tmp_path: Path) -> None:
    root = write_machine(tmp_path / "archive")
    path = root / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(path.read_text().replace("[Machine Transcript]", "[Typist]"))
    client = create_app(root).test_client()
    page = shown(client)
    assert facts(page, "section.about")["Times"].startswith("2 lines placed by swallow 0.6")
    assert LABEL.lower() not in page.text.lower()
    assert not page.all("span.doubtful")
    first = facts(shown(client, f"{PAGE}/lines/first"))
    assert first["Timing"].endswith("93 %")
    assert "Transcript" not in first


def test_the_page_of_a_line_says_what_a_machine_did_of_it(client: FlaskClient) -> None:
    first = facts(shown(client, f"{PAGE}/lines/first"))
    assert first["Transcript"] == f"{LABEL}. Written by whistler 1.2, model tiny, 29 November 2026."
    assert first["Identifier"] == "first"
    assert first["Machine not sure of"] == "“quondle”"
    assert first["Timing"] == "Placed by swallow 0.6; confidence in the times, not in the words: 93 %"
    assert "machine transcript, not checked" in first["Citation"]
    opening = facts(shown(client, f"{PAGE}/lines/opening"))
    assert opening["Transcript"] == "Written by a machine. Heard and found right by Ines Keeper, 29 November 2026."
    assert not {"Doubtful words", "Machine not sure of", "Timing"} & opening.keys()
    assert "not checked" not in opening["Citation"]


def test_a_citation_says_it_of_what_is_unchecked_alone(client: FlaskClient) -> None:
    for query, is_said in (
        ("", 1),
        ("?t=0,1.5", 0),
        ("?t=0,3", 1),
        ("?t=2", 1),
        ("?line=opening", 0),
        ("?line=adrift", 1),
    ):
        for ending in ("", ".bib", ".ris", ".json"):
            text = client.get(f"{PAGE}/cite{ending}{query}").text
            assert (LABEL in text) == bool(is_said), (ending, query)


def test_a_hit_says_it_and_one_that_was_heard_does_not(client: FlaskClient) -> None:
    page = shown(client, "/search?q=the")
    hits = {each.one("a.time")["href"].rpartition("#cue-")[2]: each for each in page.all("li.hit")}
    assert {name: bool(each.all("span.unchecked")) for name, each in hits.items()} == {
        "opening": False,
        "adrift": True,
        "last": True,
    }
    assert {name for name, each in hits.items() if "data-checked" in each.one("p")} == {"opening"}
    # A word of which the machine was not sure is one that was found, and one beside it.
    for query in ("quondle", "said+ada"):
        hit = shown(client, f"/search?q={query}").one("li.hit")
        assert hit.one("span.doubtful").text == DOUBTFUL
        assert bool(hit.one("mark").all("span.doubtful")) == (query == "quondle")
        assert "One quondle, said Ada." in hit.text
    # Where it is so of all that are listed, it is said once.
    page = shown(client, "/search?q=brabbit")
    assert page.one("main").text.lower().count(LABEL.lower()) == 1
    assert LABEL.lower() in page.one("p.tally").text
    assert LABEL.lower() in page.one("p.tally").text
    # Of two lines, one is enough.
    group = shown(client, "/search?q=harbour+one").one("article.group")
    assert LABEL.lower() in group.text.lower()
    assert "data-checked" not in group.one("li.hit").one("p")
    found = shown(client, f"{PAGE}?q=harbour+one").one("section.found")
    assert LABEL in found.text
    assert LABEL not in shown(client, f"{PAGE}?q=sploon").one("section.found").text


def test_a_published_text_of_people_has_no_marks_of_checking_in_a_search(tmp_path: Path) -> None:
    page = shown(create_app(write_machine(tmp_path / "archive", "reviewed")).test_client(), "/search?q=the")
    assert page.all("li.hit")
    assert not [each for each in page.all("li.hit") if "data-checked" in each.one("p")]


def test_the_text_alone_keeps_the_marks_and_says_what_they_mean(client: FlaskClient, tmp_path: Path) -> None:
    main = shown(client, f"{PAGE}/text").one("main")
    assert main.one("div.words").one("span.doubtful").text == DOUBTFUL
    (check,) = main.all("span.check")
    assert check["aria-label"] == "checked"
    assert "The sploon is & was in the harbour. ✓" in main.text
    assert "One quondle, said Ada." in main.text
    assert "✓ stands at the end of a line" in main.text
    assert "The program was unsure of words underlined like this." in main.text
    reviewed = create_app(write_machine(tmp_path / "archive", "reviewed")).test_client()
    assert not shown(reviewed, f"{PAGE}/text").one("main").all("span")


def test_lists_and_the_page_about_the_archive_say_what_it_means(client: FlaskClient) -> None:
    assert LABEL.lower() in shown(client, "/").one("p.mark").text.lower()
    assert f"“{LABEL}” means" in client.get("/about").text
    assert client.get(PAGE).text.count('href="/about#machine"') == 1


def test_whoever_prepares_it_sees_the_draft_with_its_state(tmp_path: Path) -> None:
    client = editors_client(write_machine(tmp_path / "archive", "hidden"))
    page = shown(client)
    assert page.one("p.draft").text == "Draft: transcript"
    assert page.one("p.machine").text.startswith(LABEL)
    assert "quondle" in page.text
    assert LABEL in shown(client, "/search?q=the").one("ol").text


def test_what_is_closed_takes_nothing_of_it_from_the_other_lines(tmp_path: Path) -> None:
    root = write_machine(tmp_path / "archive")
    record = root / "transcripts" / "tones" / "recording.toml"
    closed = '\n[[closed]]\nstart = "0:08"\nend = "0:10"\n'
    record.write_text(record.read_text() + closed, encoding="utf-8")
    path = root / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(path.read_text().replace("NOTE aligned: 0.93", "NOTE aligned: 0.93\n\nNOTE said by Cora"))
    client = create_app(root).test_client()
    page = shown(client)
    assert page.one("p.machine").text.startswith(f"{LABEL}: 1 of its 3 lines is not checked.")
    assert [each.text for each in line(page, "first").all("span.doubtful")] == [DOUBTFUL]
    assert "brabbit" not in page.text
    opening = facts(shown(client, f"{PAGE}/lines/opening"))["Transcript"]
    assert opening == "Written by a machine. Somebody has heard it and found it right."
    assert facts(shown(client, f"{PAGE}/lines/first"))["Timing"].endswith("93 %")
    served = client.get(f"{PAGE}/transcript.vtt").text
    assert "NOTE aligned: 0.93" in served
    assert "NOTE word confidence: 0.98 0.31 - 0.95" in served
    assert IN_FILES in served
    for name in ("Cora", "Ines"):
        assert name not in served
        assert name not in page.text


def test_the_index_knows_which_lines_nobody_has_checked(root: Path, tmp_path: Path) -> None:
    index = Index.of(Archive(root))
    index.look()
    rows = index.rows("SELECT id, is_unchecked, doubtful FROM line ORDER BY n")
    assert [(row["id"], row["is_unchecked"], row["doubtful"]) for row in rows] == [
        ("opening", 0, ""),
        ("first", 1, "1"),
        ("adrift", 1, ""),
        ("last", 1, ""),
    ]
    assert index.recordings["tones"].unchecked == 3
    assert contents(index) == fresh(root, tmp_path / "fresh")


def test_an_index_follows_when_somebody_hears_a_line(tmp_path: Path) -> None:
    root = write_machine(tmp_path / "archive")
    index = Index.of(Archive(root))
    index.look()
    path = root / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(path.read_text().replace("NOTE aligned: 0.62", "NOTE heard: 2026-11-28, Ben"), encoding="utf-8")
    index.look()
    assert index.recordings["tones"].unchecked == 2
    path.write_text(path.read_text().replace("[Machine Transcript]", "[Typist]"), encoding="utf-8")
    index.look()
    assert index.recordings["tones"].unchecked is None
    assert contents(index) == fresh(root, tmp_path / "fresh")


def test_of_very_many_doubtful_words_the_last_are_marked_as_one() -> None:
    text = " ".join(f"w{number}" for number in range(MOST_MARKED + 10))
    printed = str(with_doubtful(text, range(MOST_MARKED + 9)))
    assert printed.count("<span") == MOST_MARKED
    rest = text[text.index(f"w{MOST_MARKED - 1}") :].rpartition(" ")
    assert printed.endswith(f'<span class="doubtful">{rest[0]}</span> {rest[2]}')


def test_the_page_of_a_line_lists_the_first_of_very_many_doubtful_words(tmp_path: Path) -> None:
    root = write_machine(tmp_path / "archive")
    path = root / "transcripts" / "tones" / "transcript.vtt"
    text = "c9\n00:00:09.000 --> 00:00:09.500\n" + "quack " * 5_000
    path.write_text(f"{path.read_text()}\nNOTE word confidence:{' 0.1' * 5_000}\n\n{text}\n", encoding="utf-8")
    recording = Archive(root).recording("tones")
    assert recording.transcript is not None
    found = machine_line(recording, recording.transcript.lines[-1])
    assert found is not None
    assert (len(found.doubtful), found.more) == (MOST_MARKED, 4_500)


@pytest.mark.parametrize(
    ("text", "doubtful", "printed"),
    [
        ("One <two>, three", (1,), 'One &lt;<span class="doubtful">two</span>&gt;, three'),
        ("one\ntwo\x85three", (0, 2), '<span class="doubtful">one</span>\ntwo\x85<span class="doubtful">three</span>'),
        ("— it’s", (0, 1), '<span class="doubtful">—</span> <span class="doubtful">it’s</span>'),
        ("a&amp;b", (0,), '<span class="doubtful">a&amp;amp;b</span>'),
    ],
)
def test_doubtful_words_are_escaped_and_nothing_else_changes(
    text: str, doubtful: tuple[int, ...], printed: str
) -> None:
    assert str(with_doubtful(text, doubtful)) == printed

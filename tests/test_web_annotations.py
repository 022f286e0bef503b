"""Notes go out as W3C Web Annotations: what others read in them, and what is closed."""

from __future__ import annotations

import json
import warnings
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from exporting import READING, add_to_record
from rdflib import DCTERMS, RDF, Graph, Literal, Namespace, URIRef
from web_notes import ADDRESS, PAGE, asked

from player.publish.citation import NOTICE
from player.publish.web_annotations import CONTEXT
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

OA: Final = Namespace("http://www.w3.org/ns/oa#")
_LINK: Final = {"@type": "@id"}
# The words of the model that are used, as https://www.w3.org/TR/annotation-vocab/ defines them.
VOCABULARY: Final[dict[str, Any]] = {
    "id": "@id",
    "type": "@type",
    "dcterms": "http://purl.org/dc/terms/",
    **{name: f"{OA}{name}" for name in ("Annotation", "TextualBody", "SpecificResource", "exact", "prefix", "suffix")},
    **{name: f"{OA}{name}" for name in ("FragmentSelector", "TextQuoteSelector")},
    **{name: f"{OA}{name}" for name in ("commenting", "describing", "classifying")},
    "body": {"@id": f"{OA}hasBody", **_LINK},
    "target": {"@id": f"{OA}hasTarget", **_LINK},
    "source": {"@id": f"{OA}hasSource", **_LINK},
    "selector": {"@id": f"{OA}hasSelector", **_LINK},
    "motivation": {"@id": f"{OA}motivatedBy", "@type": "@vocab"},
    "purpose": {"@id": f"{OA}hasPurpose", "@type": "@vocab"},
    "conformsTo": {"@id": "dcterms:conformsTo", **_LINK},
    "creator": {"@id": "dcterms:creator", **_LINK},
    "rights": {"@id": "dcterms:rights", **_LINK},
    "value": f"{RDF}value",
    "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "items": {"@id": "https://www.w3.org/ns/activitystreams#items", "@container": "@list", **_LINK},
}


def graph_of(said: dict[str, Any]) -> Graph:
    """Give what a reader of JSON-LD has of it; nothing is fetched."""
    assert said["@context"] == CONTEXT
    with warnings.catch_warnings():
        # rdflib 7.6 warns of a part of its own.
        warnings.simplefilter("ignore", DeprecationWarning)
        return Graph().parse(data=json.dumps({**said, "@context": VOCABULARY}), format="json-ld")


def item(said: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in said["items"] if each["id"] == f"{PAGE}#note-{name}")
    return found


def test_another_reader_finds_both_the_passage_and_the_words(client: FlaskClient) -> None:
    answer = client.get(ADDRESS)
    assert answer.headers["Content-Type"] == f'application/ld+json; profile="{CONTEXT}"'
    graph = graph_of(json.loads(answer.data))
    who = URIRef(f"{PAGE}#note-who")
    assert (who, RDF.type, OA.Annotation) in graph
    assert (who, OA.motivatedBy, OA.commenting) in graph
    selectors = {
        str(graph.value(target, OA.hasSource)): graph.value(target, OA.hasSelector)
        for target in graph.objects(who, OA.hasTarget)
    }
    sound, text = selectors["http://localhost/media/tones"], selectors[f"{PAGE}/text"]
    assert str(graph.value(sound, DCTERMS.conformsTo)) == "http://www.w3.org/TR/media-frags/"
    assert graph.value(sound, RDF.value) == Literal("t=2,4.5")
    assert graph.value(text, OA.exact) == Literal("One two three.")
    assert (graph.value(text, OA.prefix), graph.value(text, OA.suffix)) == (
        Literal("Silence & hum. "),
        Literal(" A second voice. The end."),
    )
    (source,) = graph.objects(who, DCTERMS.source)
    assert source == URIRef("http://localhost/sources/log")
    assert set(graph.objects(URIRef(f"{PAGE}#note-around"), OA.hasTarget)) == {URIRef(PAGE)}


def test_the_quotation_stands_on_the_page_that_it_names(client: FlaskClient) -> None:
    text = " ".join(client.get("/recordings/tones/text").text.split())
    for each in asked(client)["items"]:
        for target in each["target"] if isinstance(each["target"], list) else ():
            assert target["selector"].get("exact", "One") in text


def test_what_it_says_is_html_that_is_safe_and_leads_to_this_site(archive: Path, client: FlaskClient) -> None:
    path = archive / "transcripts" / "tones" / "annotations.toml"
    path.write_text(path.read_text("utf-8").replace("Who Ada is", "Who <b>Ada</b> & is"), encoding="utf-8")
    body = item(asked(client), "who")["body"][0]
    assert (body["format"], body["language"]) == ("text/html", "en")
    assert body["value"].startswith("<p><strong>Who &lt;b&gt;Ada&lt;/b&gt; &amp; is</strong></p><p>A <em>person</em>.")
    assert '<a href="http://localhost/sources#source-log">' in body["value"]
    assert "Sources: The log of the tones. p. 1." in body["value"]


def test_who_says_it_and_on_what_terms_is_as_the_archive_knows_it(archive: Path, client: FlaskClient) -> None:
    assert "creator" not in item(asked(client), "who")
    add_to_record(archive, READING)
    record = archive / "transcripts" / "tones" / "recording.toml"
    terms = (
        '\n[[rights]]\nobject = "annotations"\nuri = "https://x.example/t"\nbasis = "ours"\ncertainty = "reported"\n'
    )
    record.write_text(record.read_text("utf-8") + terms, encoding="utf-8")
    (archive / "transcripts" / "archive.toml").write_text('name = "Harbour"\n', encoding="utf-8")
    said = asked(create_app(archive).test_client())
    who = item(said, "who")
    assert (who["creator"]["name"], who["rights"]) == ("Harbour", "https://x.example/t")
    assert said["partOf"]["label"] == f"{NOTICE}: A tape of tones"
    assert "Synthetic tones, not the tape." in said["partOf"]["dcterms:description"]


def test_what_is_closed_is_in_none(archive: Path) -> None:
    add_to_record(archive, '\n[[closed]]\ncue = "first"\nwhat = "both"\nuntil = "2941"\n')
    said = json.dumps(asked(create_app(archive).test_client()))
    assert "One two three" not in said
    assert "Something late" in said
    add_to_record(archive, '\n[access]\nsound = "closed"\n')
    said = json.dumps(asked(create_app(archive).test_client()))
    assert "/media/" not in said
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text("utf-8").replace('sound = "closed"', 'notes = "closed"'), encoding="utf-8")
    assert asked(create_app(archive).test_client())["items"] == []


def test_a_note_that_leads_to_what_is_hidden_is_handed_on_without_its_markdown(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "annotations.toml"
    for to, has in (("/recordings/tones#cue-first", True), ("/recordings/quillwort#cue-c1", False)):
        path.write_text(path.read_text("utf-8").replace("Near the end.", f"Near [the end]({to})."), encoding="utf-8")
        late = item(asked(create_app(archive).test_client()), "late")
        assert ("dcterms:description" in late) == has
        assert "quillwort" not in json.dumps(late)
        path.write_text(path.read_text("utf-8").replace(f"[the end]({to})", "the end"), encoding="utf-8")


def test_notes_that_cannot_be_read_are_told_in_json(archive: Path, client: FlaskClient) -> None:
    (archive / "transcripts" / "tones" / "annotations.toml").write_text("x", encoding="utf-8")
    answer = client.get(ADDRESS)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer.json is not None
    assert client.get("/recordings/nothing/annotations.json").status_code == HTTPStatus.NOT_FOUND


def test_the_page_of_the_text_offers_them(archive: Path, client: FlaskClient) -> None:
    assert f'href="{ADDRESS}"' in client.get("/recordings/tones/text").text
    (archive / "transcripts" / "tones" / "annotations.toml").unlink()
    assert ADDRESS not in create_app(archive).test_client().get("/recordings/tones/text").text

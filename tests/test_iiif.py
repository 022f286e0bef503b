"""Manifests and collections are what IIIF's Presentation 3 has, as iiif-prezi3 reads them, and say what is known.

iiif-prezi3 (3.1.1) takes a canvas with a height alone, or one that lasts no time: what section 5.3 asks of a canvas is
looked at here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import iiif_prezi3
import pytest
from closings import another, record_of, write_closed
from editors import editors_client
from html_elements import parse
from machine_words import write_machine
from tones import write_tones

from player.archive.machine import LABEL
from player.publish import card, lettering
from player.publish.iiif.terms import CONTEXT
from player.web.app import create_app
from player.web.pages import iiif
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

HOST: Final = "tapes.example.org"
BASE: Final = f"http://{HOST}/recordings/tones"
RIGHTS: Final = '[[rights]]\nobject = "{}"\nuri = "{}"\nbasis = "Made here."\ncertainty = "documented"\n'


def client_of(root: Path) -> FlaskClient:
    return create_app(root, site=Site(f"http://{HOST}")).test_client()


def manifest_of(root: Path, slug: str = "tones") -> dict[str, Any]:
    """Give the manifest of a recording, once iiif-prezi3 has read it whole and its canvases are right."""
    answer = client_of(root).get(f"/recordings/{slug}/manifest.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json"), "Ramp 3.3.0 reads no other"
    said: dict[str, Any] = json.loads(answer.data)
    read = json.loads(iiif_prezi3.Manifest(**said).json())
    for each in parts_of(read):
        if each.get("type") == "Canvas" and "#" in each["id"]:
            assert each.pop("items") == [], "it takes a passage of a canvas for a canvas of its own"
    assert read == said
    for each in parts_of(said):
        if each.get("type") == "Canvas" and "#" not in each["id"]:
            check_canvas(each)
    return said


def check_canvas(canvas: dict[str, Any]) -> None:
    assert ("width" in canvas) == ("height" in canvas)
    assert "width" in canvas or "duration" in canvas
    for name in ("width", "height", "duration"):
        assert canvas.get(name, 1) > 0


def parts_of(value: Any) -> Iterator[dict[str, Any]]:
    """Give every object of a document."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts_of(each)


def change(root: Path, old: str, new: str, name: str = "recording.toml") -> None:
    path = root / "transcripts" / "tones" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def notices(said: dict[str, Any]) -> list[str]:
    value: list[str] = said["requiredStatement"]["value"]["none"]
    return value


def supplements(said: dict[str, Any]) -> list[dict[str, Any]]:
    return [each["body"] for each in parts_of(said) if each.get("motivation") == "supplementing"]


def test_a_recording_is_one_canvas_with_its_sound_words_and_notes(archive: Path) -> None:
    said = manifest_of(archive)
    assert (said["@context"], said["id"]) == (CONTEXT, f"{BASE}/manifest.json")
    assert (said["label"], said["summary"]) == (
        {"en": ["A tape of tones"]},
        {"en": ["Each second has its own pitch."]},
    )
    assert said["navDate"] == "1963-11-05T00:00:00Z"
    assert said["homepage"][0]["id"] == BASE
    (canvas,) = said["items"]
    assert canvas["duration"] == 10
    (page,) = canvas["items"]
    (painted,) = page["items"]
    assert (painted["motivation"], painted["target"]) == ("painting", canvas["id"])
    assert painted["body"] == {
        "id": f"http://{HOST}/media/tones",
        "type": "Sound",
        "format": "audio/wav",
        "duration": 10,
    }
    (words,) = supplements(said)
    assert (words["id"], words["format"], words["language"]) == (f"{BASE}/captions.vtt", "text/vtt", ["en"])
    comments = [each for each in parts_of(said) if each.get("motivation") == "commenting"]
    assert [each["target"].partition("#")[2] for each in comments] == ["t=2,4.5", "t=8.5,10", ""]
    assert comments[0]["body"][0]["value"].startswith("Who Ada is\nA person. See the log.\nSources: ")
    assert comments[0]["body"][1] | {"value": "person", "purpose": "tagging"} == comments[0]["body"][1]
    (contents,) = said["structures"]
    assert [(each["label"]["en"][0], each["items"][0]["id"].partition("#")[2]) for each in contents["items"]] == [
        ("A tape of tones", "t=0,2"),
        ("Who Ada is", "t=2,8.5"),
        ("Something late", "t=8.5,10"),
    ]


def test_all_that_a_manifest_leads_to_is_there_and_of_its_kind(archive: Path) -> None:
    client = client_of(archive)
    led = {
        each["id"]: each["format"]
        for each in parts_of(manifest_of(archive))
        if "format" in each and str(each.get("id", "")).startswith(f"http://{HOST}")
    }
    assert len(led) >= 6
    for address, kind in led.items():
        answer = client.get(address.removeprefix(f"http://{HOST}"), buffered=True)
        assert (answer.status_code, answer.mimetype) == (200, kind), address


def test_a_picture_stands_beside_the_sound_where_one_can_be_drawn(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = manifest_of(archive)
    assert said["thumbnail"][0]["id"] == f"{BASE}/card.png"
    assert (said["items"][0]["accompanyingCanvas"]["width"], said["items"][0]["accompanyingCanvas"]["height"]) == (
        *(card.WIDTH, card.HEIGHT),
    )
    monkeypatch.setattr(lettering, "can_draw", lambda: False)
    said = manifest_of(archive)
    assert "thumbnail" not in said
    assert "accompanyingCanvas" not in said["items"][0]


def test_the_words_for_viewers_are_captions_alone(archive: Path) -> None:
    """Ramp 3.3.0 takes a file with a header, comments or names of lines for none; Clover 3.3.8 shows times of words."""
    change(archive, "place =", 'kind = "reading"\nnotice = "No <tape> & none."\nplace =')
    client = client_of(archive)
    answer = client.get("/recordings/tones/captions.vtt")
    assert (answer.status_code, answer.mimetype) == (200, "text/vtt")
    assert answer.text.startswith(
        "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n[No &lt;tape&gt; &amp; none.]\n\n"
        "00:00:00.000 --> 00:00:02.000\nAda: Silence &amp; hum.\n\n"
        "00:00:02.000 --> 00:00:04.500\nAda: One two three.\n\n"
    )
    assert answer.text.endswith("00:00:08.000 --> 00:00:10.000\nAda: The end.\n")
    assert client.get("/recordings/tones/captions.es.vtt").status_code == 404
    (kept,) = [each for each in manifest_of(archive)["seeAlso"] if each["format"] == "text/vtt"]
    assert kept["id"] == f"{BASE}/transcript.vtt", "which has all of that"


def test_captions_have_what_is_shown(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", '[[closed]]\nstart = "0:02"\nend = "0:04"\nuntil = "2941"\n')
    text = client_of(root).get("/recordings/tones/captions.vtt").text
    assert "[closed until 2941]" in text
    assert "One two three" not in text
    root = write_closed(tmp_path / "other", '[access]\ntranscript = "closed"\n')
    assert client_of(root).get("/recordings/tones/captions.vtt").status_code == 403


@pytest.mark.parametrize(
    ("uris", "known"),
    [
        (["https://creativecommons.org/licenses/by/4.0/"], "http://creativecommons.org/licenses/by/4.0/"),
        (["https://creativecommons.org/licenses/by/3.0/us/deed.en"], "http://creativecommons.org/licenses/by/3.0/us/"),
        (["https://creativecommons.org/licenses/by/4.0/deed.de"], "http://creativecommons.org/licenses/by/4.0/"),
        (
            ["https://creativecommons.org/publicdomain/zero/1.0/"],
            "http://creativecommons.org/publicdomain/zero/1.0/",
        ),
        (
            ["https://rightsstatements.org/page/NoC-US/1.0/?language=en"],
            "http://rightsstatements.org/vocab/NoC-US/1.0/",
        ),
        (["https://rightsstatements.org/vocab/Nothing/1.0/"], None),
        (["https://creativecommons.org/licenses/by/4.0/something/else"], None),
        (["https://creativecommons.org/publicdomain/other/1.0/"], None),
        (["https://example.org/our-own-terms"], None),
        (["https://creativecommons.org/licenses/by/4.0/", "https://rightsstatements.org/vocab/InC/1.0/"], None),
        ([], None),
    ],
)
def test_rights_are_an_address_of_known_terms_and_else_words(archive: Path, uris: list[str], known: str | None) -> None:
    tables = "".join(RIGHTS.format(name, uri) for name, uri in zip(("audio", "recording"), uris, strict=False))
    change(archive, "[[speaker]]", f"{tables}[[speaker]]")
    said = manifest_of(archive)
    assert said.get("rights") == known
    told = [each for each in said["metadata"] if each["label"]["en"] == ["Rights"]]
    assert bool(told) == bool(uris)
    assert all(any(uri in value for value in told[0]["value"]["none"]) for uri in uris)
    assert notices(said)[-1].startswith("Rights: ")


def test_what_must_be_known_first_is_the_required_statement(archive: Path) -> None:
    label = '[[label]]\nname = "TK Attribution"\ntext = "Name us."\ncommunity = "The quay"\n'
    change(archive, "[[speaker]]", f"{label}[[speaker]]")
    change(archive, "place =", 'kind = "reading"\nnotice = "Synthetic, no tape."\nadvice = "It is loud."\nplace =')
    said = manifest_of(archive)
    assert said["label"] == {"en": ["Reading: A tape of tones"]}
    assert notices(said) == [
        "TK Attribution (The quay): Name us.",
        "Synthetic, no tape.",
        "Before you listen: It is loud.",
        "Rights: not stated.",
    ]


def test_a_machines_words_are_called_that(tmp_path: Path) -> None:
    root = write_machine(tmp_path / "archive")
    write_tones(root / "media" / "tones.wav", seconds=10)
    said = manifest_of(root)
    assert f"{LABEL}." in notices(said)
    for words in supplements(said):
        assert words["label"]["en"][0].startswith(LABEL)


@pytest.mark.parametrize("is_drawn", [True, False])
def test_a_sound_that_is_closed_leaves_an_empty_canvas_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_drawn: bool
) -> None:
    if not is_drawn:
        monkeypatch.setattr(lettering, "can_draw", lambda: False)
    root = write_closed(tmp_path / "archive", '[access]\nsound = "closed"\nuntil = "2941"\nreason = "Agreed."\n')
    said = manifest_of(root)
    (canvas,) = said["items"]
    assert [each["items"] for each in canvas["items"]] == [[]], "Ramp 3.3.0 looks into the first page of every canvas"
    assert canvas["duration"] == 10, "as long as the words, which are open"
    assert len(supplements(said)) == 1
    (page,) = canvas["placeholderCanvas"]["items"]
    why = "The sound is closed until 2941: Agreed."
    assert page["items"][0]["body"]["label"] == {"en": [why]}
    assert why in notices(said)
    assert "/media/" not in json.dumps(said)


def test_what_is_not_held_or_has_no_words_is_a_canvas_of_a_size(archive: Path) -> None:
    another(archive, "quay")
    said = manifest_of(archive, "quay")
    (canvas,) = said["items"]
    assert (canvas["width"], canvas["height"]) == (card.WIDTH, card.HEIGHT)
    assert "duration" not in canvas
    assert "structures" not in said
    body = canvas["placeholderCanvas"]["items"][0]["items"][0]["body"]
    assert body["label"] == {"en": ["The archive does not hold the sound."]}


def test_closed_words_and_notes_are_not_in_it(tmp_path: Path) -> None:
    tables = '[[access]]\ntranscript = "closed"\n[[access]]\nnotes = "closed"\n'
    said = manifest_of(write_closed(tmp_path / "archive", tables))
    assert supplements(said) == []
    text = json.dumps(said)
    for word in ("transcript.", "captions.", "/text", "Who Ada is", "Something late"):
        assert word not in text
    assert "The transcript is closed." in notices(said)


def test_a_closed_passage_is_told_and_its_notes_are_not(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", '[[closed]]\nstart = "0:02"\nend = "0:04"\nwhat = "words"\n')
    said = manifest_of(root)
    assert "Words closed, 0:02 to 0:04." in notices(said)
    assert "Who Ada is" not in json.dumps(said)


def test_of_a_sound_with_closed_passages_only_the_silenced_copy_is_named(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", '[[closed]]\nstart = "0:02"\nend = "0:04"\n')
    said = manifest_of(root)
    addresses = {each["id"] for each in parts_of(said) if each.get("type") == "Sound"}
    assert addresses <= {f"http://{HOST}/media/tones/access"}


@pytest.mark.parametrize("tables", ['[access]\nrecord = "draft"\n', '[access]\nrecord = "closed"\n'])
def test_a_recording_that_is_not_shown_has_no_manifest_and_is_in_no_collection(tmp_path: Path, tables: str) -> None:
    root = write_closed(tmp_path / "archive", f"{tables}")
    change(root, "place =", 'series = "Harbour"\nplace =')
    client = client_of(root)
    assert client.get("/recordings/tones/manifest.json").status_code == 404
    assert client.get("/recordings/tones/manifest.json").mimetype == "application/json"
    assert client.get("/iiif/collection.json").get_json(force=True)["items"] == []
    assert client.get("/iiif/collection.json?series=Harbour").status_code == 404


def test_words_timed_to_another_sound_are_not_shown_in_step(archive: Path) -> None:
    change(archive, "WEBVTT\n", f"WEBVTT\nLocal Usage Element: [Media SHA-256] {'0' * 64}\n", "transcript.vtt")
    said = manifest_of(archive)
    assert supplements(said) == []
    targets = [each["target"].partition("#")[2] for each in parts_of(said) if each.get("motivation") == "commenting"]
    assert targets == ["", "t=8.5,10", ""], "what hangs on a line has no time in this sound"
    assert said["rendering"][0]["id"] == f"{BASE}/text"


def test_a_passage_that_is_known_roughly_is_said_in_words(archive: Path) -> None:
    change(archive, "NOTE source: log, p. 2\n", "NOTE source: log, p. 2\n\nNOTE approximate\n", "transcript.vtt")
    (note, *_) = [each for each in parts_of(manifest_of(archive)) if each.get("motivation") == "commenting"]
    assert "#" not in note["target"]
    assert "At about 0:02; the times are known only roughly." in note["body"][0]["value"]


def test_parts_are_ranges_of_one_canvas(archive: Path) -> None:
    parts = "".join(
        f'[[part]]\nmedia = "{name}.wav"\ntitle = "Side {name}"\nstart = "{start}"\nsha256 = "{"0" * 64}"\n'
        for name, start in (("A", "0:00"), ("B", "0:06"))
    )
    change(archive, "[[speaker]]", f"{parts}[[speaker]]")
    said = manifest_of(archive)
    assert len(said["items"]) == 1
    assert [
        (each["label"]["en"][0], each["items"][0]["id"].partition("#")[2]) for each in said["structures"][0]["items"]
    ] == [("Side A", "t=0,6"), ("Side B", "t=6,10")]


def test_no_text_is_taken_for_markup(archive: Path) -> None:
    change(archive, '"Each second has its own pitch."', '"<b>bold</b>"')
    change(archive, '"A tape of tones"', '"<img src=x onerror=alert(1)>"')
    said = manifest_of(archive)
    assert not said["summary"]["en"][0].endswith(">"), "a value is HTML only from < to >"
    assert said["label"]["en"] == ["<img src=x onerror=alert(1)>"], "a label never is"


def test_collections_have_each_recording_once_by_series(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    another(archive, "quay", 'series = "Harbour & <quay>"\n')
    another(archive, "slip")
    another(archive, "dock", 'series = "Harbour & <quay>"\n')
    client = client_of(archive)

    def collection(address: str) -> dict[str, Any]:
        said: dict[str, Any] = client.get(address.removeprefix(f"http://{HOST}")).get_json(force=True)
        assert json.loads(iiif_prezi3.Collection(**said).json()) == said
        assert said["id"] == address
        return said

    whole = collection(f"http://{HOST}/iiif/collection.json")
    assert [(each["type"], each["label"]["en"][0]) for each in whole["items"]] == [
        ("Collection", "Harbour & <quay>"),
        ("Manifest", "Another"),
        ("Manifest", "A tape of tones"),
    ]
    series = collection(whole["items"][0]["id"])
    assert series["partOf"][0]["id"] == whole["id"]
    assert [each["id"].split("/")[-2] for each in series["items"]] == ["dock", "quay"]
    for each in series["items"]:
        assert client.get(each["id"].removeprefix(f"http://{HOST}")).status_code == 200
    monkeypatch.setattr(iiif, "MOST", 1)
    divided = collection(series["id"])
    assert [each["label"]["en"][0] for each in divided["items"]] == ["recordings 1 to 1", "recordings 2 to 2"]
    found = [collection(each["id"]) for each in divided["items"]]
    assert [each["items"][0]["id"].split("/")[-2] for each in found] == ["dock", "quay"]
    assert found[0]["partOf"][0]["id"] == series["id"]
    for wrong in (
        "?series=none",
        "?page=0",
        "?page=9",
        "?page=x",
        "?page=٣",
        "?page=0000000017",
        "?page=000000001" + "7" * 5000,
    ):
        assert client.get(f"/iiif/collection.json{wrong}").status_code == 404


def test_the_page_of_the_text_leads_to_it(archive: Path) -> None:
    page = parse(client_of(archive).get("/recordings/tones/text").text)
    (link,) = [each for each in page.all("a") if each["href"].endswith("manifest.json")]
    assert client_of(archive).get(link["href"]).status_code == 200
    assert "manifest.json" not in editors_client(archive).get("/recordings/tones/text").text


def test_who_prepares_an_archive_is_given_none(archive: Path) -> None:
    client = editors_client(archive)
    for path in ("/recordings/tones/manifest.json", "/iiif/collection.json"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("accepted", "kind"),
    [
        ('application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"', "application/ld+json"),
        ("application/ld+json", "application/ld+json"),
        ("application/json, application/ld+json;q=0.5", "application/json"),
        ("text/html, */*;q=0.1", "application/json"),
        ("text/html", "application/json"),
    ],
)
def test_it_is_sent_as_the_kind_that_is_asked_for(archive: Path, accepted: str, kind: str) -> None:
    answer = client_of(archive).get("/iiif/collection.json", headers={"Accept": accepted})
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert "Accept" in answer.headers["Vary"].split(", ")
    assert ("profile" in answer.content_type) == (kind == "application/ld+json")


def test_a_manifest_that_somebody_has_is_asked_for_again(archive: Path) -> None:
    client = client_of(archive)
    tag = client.get("/recordings/tones/manifest.json").headers["ETag"]
    assert client.get("/recordings/tones/manifest.json", headers={"If-None-Match": tag}).status_code == 304
    record = record_of(archive)
    record.write_text(record.read_text("utf-8").replace("A tape of tones", "Another title"), encoding="utf-8")
    assert client_of(archive).get("/recordings/tones/manifest.json", headers={"If-None-Match": tag}).status_code == 200

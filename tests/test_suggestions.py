"""What a listener suggests for a line is kept as a file and shown at the desk alone, where it is taken or dismissed."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from at_the_desk import another_window, desk_window
from click.testing import CliRunner
from closed_archive import write_archive
from closed_asking import Answer, Client, addresses
from closed_leaks import leaks
from closed_looking import probes
from closed_plan import Way
from closings import FAR, write_closed
from html_elements import parse

from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.checks.ignored import of_recording
from player.checks.unwritten import unwritten_advice
from player.cli import main
from player.web.app import create_app
from player.web.pages.suggesting import seen_tag
from player.web.serving.editors import EditingTokenGuard
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from at_the_desk import Window
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

LINE = "/recordings/tones/lines/first"
FOLDER = "transcripts/tones"
#: What has forms: pages of lines, and those of recordings for the line that ?t= asks for.
PAGES = ("lines.line", "recordings.recording")


@pytest.fixture
def listener(archive: Path) -> FlaskClient:
    """A listener's browser, at a server that takes suggestions."""
    return create_app(archive, takes_suggestions=True).test_client()


def suggest(
    client: FlaskClient, said: Mapping[str, str], headers: Mapping[str, str] | None = None, line: str = LINE
) -> TestResponse:
    """Fill in the form of a line and send it, as a browser does."""
    form = parse(client.get(line).text).one("div.suggest").one("form")
    filled = {each["name"]: each["value"] for each in form.all("input") if each["value"]}
    filled |= {each["name"]: each.text for each in form.all("textarea")}
    return client.post(form["action"], data={**filled, **said}, headers=headers or {"Sec-Fetch-Site": "same-origin"})


def kept(archive: Path) -> list[dict[str, Any]]:
    return [json.loads(each.read_bytes()) for each in sorted((archive / FOLDER / "suggestions").glob("*"))]


def waiting(window: Window) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = window.client.get(f"{window.address}/suggestions").get_json()["suggestions"]
    return found


def test_a_suggestion_is_kept_and_the_page_says_so(listener: FlaskClient, archive: Path) -> None:
    answer = suggest(listener, {"turn-0": "One two\r\n tree.", "note": "", "name": "Nora Quill"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{LINE}?suggested=yes#suggested")
    assert "Thank you" in listener.get(f"{LINE}?suggested=yes").text
    (found,) = kept(archive)
    assert (found["seen"], found["said"]) == (["One two three."], ["One two tree."])
    assert (found["line"], found["note"], found["name"]) == ("first", None, "Nora Quill")
    assert "Thank you" not in listener.get(LINE).text


def test_without_suggestions_there_is_no_form_and_no_address(client: FlaskClient, archive: Path) -> None:
    assert "uggest" not in client.get(LINE).text
    answer = client.post(f"{LINE}/suggestions", data={}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 404
    assert not (archive / FOLDER / "suggestions").exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Accept": "*/*"}, 403),
    ],
)
def test_only_a_form_of_this_server_is_taken(
    listener: FlaskClient, archive: Path, headers: dict[str, str], status: int
) -> None:
    assert suggest(listener, {"turn-0": "One two tree."}, headers).status_code == status
    assert len(kept(archive)) == (status == 303)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 422),
        ({"turn-0": ""}, 422),
        ({"turn-0": "word " * 200}, 422),
        ({"note": "n" * 1001}, 422),
        ({"note": "Ferry.", "name": "n" * 81}, 422),
        ({"seen": "0" * 16, "note": "Ferry."}, 409),
        ({"note": "n" * 60_000}, 422),
    ],
)
def test_what_is_none_is_refused(listener: FlaskClient, archive: Path, said: dict[str, str], status: int) -> None:
    answer = suggest(listener, said)
    assert answer.status_code == status
    assert kept(archive) == []
    suggestion = parse(answer.text).one("div.suggest")
    is_all_there = len(said.get("note", "")) < 50_000
    assert suggestion.one("p", role="alert").text.endswith("What you typed stands below.") == is_all_there
    form = suggestion.one("form")
    assert form["action"].partition("#")[0] == f"{LINE}/suggestions"
    if is_all_there:
        typed = {each["name"]: each.text for each in form.all("textarea")}
        typed |= {each["name"]: each["value"] or "" for each in form.all("input")}
        assert {name: typed[name] for name in said if name != "seen"} == {
            name: text.strip() for name, text in said.items() if name != "seen"
        }


def test_what_was_refused_since_the_line_was_changed_can_be_sent_from_the_page_that_says_so(
    listener: FlaskClient, archive: Path
) -> None:
    refused = suggest(listener, {"seen": "0" * 16, "turn-0": "One <b> tree.", "name": '"Nora"'})
    assert "the line was changed since you opened its page" in refused.text.lower()
    form = parse(refused.text).one("div.suggest").one("form")
    filled = {each["name"]: each["value"] for each in form.all("input")}
    filled |= {each["name"]: each.text for each in form.all("textarea")}
    again = listener.post(form["action"], data=filled, headers={"Sec-Fetch-Site": "same-origin"})
    assert again.status_code == 303
    (found,) = kept(archive)
    assert (found["said"], found["name"]) == (["One <b> tree."], '"Nora"')


def test_a_version_of_before_and_a_line_that_is_not_there_take_none(listener: FlaskClient) -> None:
    sent = {"data": {"note": "Ferry."}, "headers": {"Sec-Fetch-Site": "same-origin"}}
    assert listener.post("/recordings/tones/lines/none/suggestions", **sent).status_code == 404
    assert listener.post("/recordings/none/lines/first/suggestions", **sent).status_code == 404
    assert listener.get("/recordings/tones/lines/first/suggestions").status_code == 405


def test_there_are_only_so_many(listener: FlaskClient, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("player.web.serving.suggestion_limits.OF_A_NETWORK", 2)
    for number in (1, 2):
        assert suggest(listener, {"note": f"Ferry {number}."}).status_code == 303
    answer = suggest(listener, {"note": "Ferry 3."})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")
    monkeypatch.setattr("player.web.serving.suggestion_limits.OF_A_NETWORK", 20)
    monkeypatch.setattr("player.web.serving.suggestion_limits.IN_A_DAY", 2)
    assert suggest(listener, {"note": "Ferry 3."}).status_code == 429
    monkeypatch.setattr("player.web.serving.suggestion_limits.IN_A_DAY", 20)
    monkeypatch.setattr("player.web.serving.suggestion_limits.WAITING", 2)
    answer = suggest(listener, {"note": "Ferry 3."})
    assert answer.status_code == 507
    assert "so many suggestions wait" in answer.text.lower()
    assert len(kept(archive)) == 2


def test_a_disk_that_is_full_is_told(listener: FlaskClient, archive: Path) -> None:
    (archive / FOLDER / "suggestions").write_text("in the way", encoding="utf-8")
    answer = suggest(listener, {"note": "Ferry."})
    assert answer.status_code == 507
    assert str(archive) not in answer.text


def test_at_the_desk_it_is_taken_with_one_step_and_credited(listener: FlaskClient, archive: Path) -> None:
    suggest(listener, {"turn-0": "One two tree.", "name": "Nora Quill"})
    window = desk_window(archive)
    assert window.look()["suggestions"] == 1
    (found,) = waiting(window)
    assert (found["line"], found["becomes"], found["name"]) == ("first", ["One two tree."], "Nora Quill")
    answer = window.post(f"suggestions/{found['id']}", {"do": "accept"})
    assert answer.status_code == 200, answer.text
    window.state = answer.get_json()["state"]
    assert (window.line("first")["text"], waiting(window)) == ("One two tree.", [])
    window.step(do="undo")
    assert (window.line("first")["text"], len(waiting(window))) == ("One two three.", 1)
    window.step(do="accept", id="first", suggestion=found["id"])
    assert len(kept(archive)) == 1, "nothing is written yet"
    assert window.post("write", {}).status_code == 200
    assert kept(archive) == []
    change = window.client.get(f"{window.address}/history/first").get_json()[0]
    assert (change["by"], change["credit"]) == ("Ines Keeper", ["Nora Quill"])


def test_it_is_dismissed_for_good(listener: FlaskClient, archive: Path) -> None:
    suggest(listener, {"note": "Ferry."})
    window = desk_window(archive)
    (found,) = waiting(window)
    address = f"suggestions/{found['id']}"
    assert window.post(address, {"do": "keep"}).status_code == 422
    assert window.post(address, {"do": "dismiss"}, X_Desk="").status_code == 403
    assert window.post(address, {"do": "accept"}).status_code == 422, "its words are the line's"
    assert window.post(address, {"do": "dismiss"}).status_code == 200
    assert kept(archive) == []
    assert window.post(address, {"do": "dismiss"}).status_code == 422
    assert window.post("suggestions/..%2f..%2frecording", {"do": "dismiss"}).status_code in {404, 422}


@pytest.mark.parametrize(
    ("now", "said", "becomes"),
    [
        ("Zero one two three.", "One two tree.", "Zero one two tree."),
        ("One two three. Four", "One too three.", "One too three. Four"),
        ("One two, three.", "One two three. Four.", "One two, three. Four."),
        ("One 2 three.", "One too three.", None),
        ("Well, two three.", "One two and three.", "Well, two and three."),
    ],
)
def test_only_what_the_listener_changed_is_changed(
    listener: FlaskClient, archive: Path, now: str, said: str, becomes: str | None
) -> None:
    suggest(listener, {"turn-0": said})
    window = desk_window(archive)
    window.step(do="words", id="first", text=now)
    (found,) = waiting(window)
    assert found["becomes"] == (None if becomes is None else [becomes])
    answer = window.post(f"suggestions/{found['id']}", {"do": "accept"})
    assert answer.status_code == (422 if becomes is None else 200)
    assert window.line("first")["text"] == (becomes or now)


def test_a_suggestion_to_a_line_that_was_divided_leads_to_its_words(listener: FlaskClient, archive: Path) -> None:
    suggest(listener, {"turn-0": "One two tree."})
    window = desk_window(archive)
    first = window.step(do="split", id="first", at=4, time=2500)["splices"][0]["new"][0]["id"]
    assert window.post("write", {}).status_code == 200
    (found,) = waiting(another_window(window.client))
    assert (found["line"], found["becomes"]) == (first, None)


def test_what_is_no_suggestion_is_not_shown(archive: Path) -> None:
    folder = archive / FOLDER / "suggestions"
    folder.mkdir()
    (folder / f"{'a' * 16}.json").write_text("{", encoding="utf-8")
    (folder / f"{'b' * 16}.json").write_text('{"line": "<b>", "seen": 1}', encoding="utf-8")
    (folder / f"{'c' * 16}.json").symlink_to(archive / FOLDER / "recording.toml")
    window = desk_window(archive)
    assert (waiting(window), window.look()["suggestions"]) == ([], 0)


def test_the_desk_takes_suggestions_of_its_own_pages_too(archive: Path) -> None:
    guard = EditingTokenGuard("127.0.0.1", Site(), "Ines Keeper")
    client = create_app(archive, Audience.EDITORS, guard=guard, takes_suggestions=True).test_client()
    assert client.post(f"{LINE}/suggestions").status_code == 403
    client.get(f"/?token={guard.token}")
    assert suggest(client, {"note": "Ferry."}).status_code == 303


def test_the_name_of_a_listener_is_taken_out_with_the_words(listener: FlaskClient, archive: Path) -> None:
    suggest(listener, {"turn-0": "One two tree.", "name": "Nora Quill"})
    suggest(listener, {"note": "Nora Quill heard it so."})
    window = desk_window(archive)
    taken, left = waiting(window) if waiting(window)[0]["name"] else reversed(waiting(window))
    answer = window.post(f"suggestions/{taken['id']}", {"do": "accept"})
    window.state = answer.get_json()["state"]
    window.post("write", {})
    words = ["history", "tones", "--expunge", "Nora Quill", "--by", "Ines Keeper", "--yes", "--archive", str(archive)]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    assert not any("Nora" in each.read_text("utf-8") for each in (archive / FOLDER).rglob("*.json"))
    told = CliRunner().invoke(main, ["history", "tones", "--line", "first", "--archive", str(archive)]).output
    assert "suggested by [removed] [removed]" in told
    assert [each["id"] for each in waiting(desk_window(archive))] == [left["id"]]


def test_check_knows_the_folder_and_what_is_no_suggestion_in_it(listener: FlaskClient, archive: Path) -> None:
    suggest(listener, {"note": "Ferry."})
    (folder,) = (archive / FOLDER).glob("sugg*")
    assert list(of_recording(archive / FOLDER)) == []
    (folder / "0123456789abcdef.json").write_text("[]", encoding="utf-8")
    advice, waits = unwritten_advice(archive / FOLDER, dt.datetime.now(dt.UTC))
    assert waits.what == "1 suggestion of a listener waits"
    assert "no suggestion" in advice.what


@pytest.mark.long
@pytest.mark.parametrize(
    ("tables", "statuses"),
    [
        (f'[[closed]]\nstart = "0:02"\nend = "0:04"\nuntil = "{FAR}"\n', (404, 404, 303)),
        ('[access]\ntranscript = "closed"\n', (403, 403, 403)),
        ('[access]\nrecord = "closed"\n', (404, 404, 404)),
        ('[access]\nrecord = "draft"\n', (404, 404, 404)),
        ('[withdrawal]\ndate = "2026-01-01"\n', (410, 410, 410)),
    ],
)
def test_nothing_is_taken_or_told_of_what_is_closed(tmp_path: Path, tables: str, statuses: tuple[int, ...]) -> None:
    root = write_closed(tmp_path / "archive", tables)
    client = create_app(root, takes_suggestions=True).test_client()
    lines = Archive(root, Audience.OWNERS).recording("tones").transcript
    assert lines is not None
    last = next(line for line in lines.lines if line.id == "last")
    for name, status in zip(("first", "closed-2000", "last"), statuses, strict=True):
        # As somebody would who knows the words.
        said = {"seen": seen_tag(last if name == "last" else lines.lines[1]), "turn-0": "x", "note": "Ferry."}
        answer = client.post(
            f"/recordings/tones/lines/{name}/suggestions", data=said, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code == status, name
        assert "One two" not in answer.text
    assert "Suggest" not in client.get("/recordings/tones/lines/closed-2000").text


@pytest.mark.long
def test_what_is_suggested_is_at_no_public_address(listener: FlaskClient, archive: Path) -> None:
    suggest(listener, {"turn-0": "One two hawsers.", "note": "bollards", "name": "Nora Quill"})
    (name,) = (each.name for each in (archive / FOLDER / "suggestions").iterdir())
    app = create_app(archive, takes_suggestions=True)
    app.extensions["index"].look()
    paths = [f"/recordings/tones{each}" for each in ("", "/text", "/transcript.vtt", "/cite", "/lines/first", "?t=2")]
    paths += [
        f"/recordings/tones/suggestions/{name}",
        f"/recordings/tones/suggestions/{name[:-5]}",
        "/search?q=bollards",
    ]
    paths += ["/", "/recordings/tones/edit/suggestions", f"/media/tones/suggestions/{name}", "/search?q=hawsers"]
    for path in paths:
        page = app.test_client().get(path).text
        assert "Nora" not in page, path
        if "/search" in path:
            assert "/recordings/tones" not in page, path
        else:
            assert "hawsers" not in page, path
            assert "bollards" not in page, path


@pytest.mark.long
def test_no_page_with_the_form_has_what_is_closed(tmp_path: Path) -> None:
    root = write_archive(tmp_path / "closed", Way.CLOSED)
    app = create_app(root, takes_suggestions=True)
    client = app.test_client()
    # What makes forms; the rest is the same as where no suggestions are taken.
    asking = [each for each in addresses(create_app(root).url_map) if each.endpoint in PAGES]
    answers = {each: Client(within=client).ask(each) for each in asking}
    assert leaks(answers, probes(root)) == []
    assert any(b"Suggest a correction" in each.body for each in answers.values())
    sent = {}
    for each, page in answers.items():
        if each.endpoint == "lines.line" and "?" not in each.path:
            said = {"seen": "0" * 16, "turn-0": "x"}
            made = client.post(f"{each.path}/suggestions", data=said, headers={"Sec-Fetch-Site": "same-origin"})
            sent[each] = Answer(made.status_code, {"content-type": made.content_type}, made.data)
            assert made.status_code in ({404, 409} if page.status == 200 else {403, 404, 410, 308}), each.path
    assert leaks(sent, probes(root)) == []

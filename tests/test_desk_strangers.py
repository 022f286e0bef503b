"""A page of another site, with or without the cookie of whoever edits, changes nothing at the desk."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest
from at_the_desk import desk_window
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from small_archive import TRANSCRIPT, write_archive
from test_drafts_guard import OVER_TLS, PUBLIC, basic

from player.archive.gate.shown import Audience
from player.errors import ServeError
from player.web.app import create_app
from player.web.serving.editors import EDITOR, EditingPasswordGuard, EditingTokenGuard, Editor, editing_guard
from player.web.serving.passwords import people_in
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from pathlib import Path
    from wsgiref.types import WSGIApplication

    from at_the_desk import Window
    from werkzeug.test import TestResponse

STEP: Final = {"do": "words", "id": "last", "text": "A stranger's words."}
INES: Final = "a long password of hers"
OTTO: Final = "another: long one, his"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Window]:
    """An archive, and its desk: every test that has it holds that nothing changed."""
    root = tmp_path_factory.mktemp("strangers") / "archive"
    write_archive(root)
    return root, desk_window(root)


def nothing_changed(root: Path) -> bool:
    folder = root / "transcripts/tones"
    return (folder / "transcript.vtt").read_text(encoding="utf-8") == TRANSCRIPT and not (folder / "working").exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://harbour.example"}, 403),
        ({"Origin": "http://localhost:9999"}, 403),
        ({"Origin": "https://localhost"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost.harbour.example"}, 403),
        ({"Origin": "", "Sec_Fetch_Site": ""}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Sec_Fetch_Site": "none"}, 403),
        ({"X_Desk": ""}, 403),
        ({"X_Desk": "0" * 64}, 403),
        ({"X_Desk": "ü"}, 403),
        # Such as a form of another site, or a request that a browser takes to be simple, would send.
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content_Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content_Type": "text/plain; charset=application/json"}, 415),
        ({"Content_Type": ""}, 415),
        ({"Host": "harbour.example"}, 403),
        ({"Host": "localhost.harbour.example"}, 403),
        ({"Forwarded": "for=192.0.2.7"}, 403),
        ({"If_Match": ""}, 422),
    ],
)
@pytest.mark.parametrize("path", ["steps", "write"])
def test_what_does_not_come_from_the_desk_changes_nothing(
    desk: tuple[Path, Window], path: str, headers: dict[str, str], status: int
) -> None:
    root, window = desk
    answer = window.post(path, STEP, **headers)
    assert answer.status_code == status, answer.text
    assert nothing_changed(root)


def test_who_has_no_cookie_gets_nothing(desk: tuple[Path, Window]) -> None:
    root, window = desk
    window = replace(window, client=window.client.application.test_client())
    for path in ("steps", "write"):
        assert window.post(path, STEP).status_code == 403
    for path in ("", "/state", "/history/first", "/outline"):
        answer = window.client.get(f"{window.address}{path}")
        assert answer.status_code == 403
        assert b"hum" not in answer.data
    assert nothing_changed(root)


@pytest.mark.long
def test_a_token_is_that_of_one_server_alone(archive: Path) -> None:
    window, other = desk_window(archive), desk_window(archive)
    assert window.token != other.token
    window.token = other.token
    assert window.post("steps", STEP).status_code == 403


@pytest.mark.parametrize("slug", ["tones", "others"])
def test_who_is_invited_changes_nothing_and_sees_no_other_recording(desk: tuple[Path, Window], slug: str) -> None:
    root, window = desk
    invited = {EDITOR: Editor("A narrator", "invited", slug, window.token)}

    class Invited(FlaskClient):
        def open(self, *args: Any, **kwargs: Any) -> TestResponse:
            return super().open(*args, **{**kwargs, "environ_overrides": invited})

    inner = create_app(root, Audience.EDITORS, guard=_Nobody(Site()))
    inner.test_client_class = Invited
    window = replace(window, client=inner.test_client())
    for path in ("steps", "write"):
        assert window.post(path, STEP).status_code == 403
    for path in ("", "/state", "/history/first"):
        assert window.client.get(f"{window.address}{path}").status_code == 403
    assert window.client.get(f"{window.address}/sound").status_code == (200 if slug == "tones" else 403)
    assert nothing_changed(root)


class _Nobody(EditingTokenGuard):
    """Lets everybody on: what is asked is whether the desk itself does."""

    def __init__(self, site: Site) -> None:
        super().__init__("127.0.0.1", site, "Nobody")

    def around(self, app: WSGIApplication) -> WSGIApplication:
        return app


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "GET"])
@pytest.mark.parametrize("path", ["steps", "write"])
def test_nothing_else_is_a_step(desk: tuple[Path, Window], path: str, method: str) -> None:
    _, window = desk
    answer = window.client.open(f"{window.address}/{path}", method=method, json=STEP)
    assert answer.status_code in {200, 405}
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert window.look()["unwritten"] == 0


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{",
        '"words"',
        "{}",
        '{"do": null}',
        '{"do": "dance"}',
        '{"do": "words"}',
        '{"do": "words", "id": 7, "text": "x"}',
        '{"do": "words", "id": "none", "text": "x"}',
        '{"do": "words", "id": "last", "text": 1}',
        '{"do": "words", "id": "last", "text": "half a \\ud800 letter"}',
        '{"do": "times", "id": "last", "start": NaN, "end": Infinity}',
        '{"do": "times", "id": "last", "start": -1, "end": 10}',
        '{"do": "times", "id": "last", "start": ' + "9" * 5000 + ', "end": 1}',
        '{"do": "choose", "id": "last", "which": "mine"}',
        '{"do": ["undo"]}',
        "[" * 50_000,
        '{"do":' * 9_000,
        '{"do": "words", "id": "last", "text": "' + "x" * 60_000 + '"}',
        b"\xff\xfe{}",
    ],
)
def test_what_is_no_operation_is_refused(desk: tuple[Path, Window], body: str | bytes) -> None:
    root, window = desk
    answer = window.post("steps", body)
    assert answer.status_code == 422, answer.text
    assert set(answer.get_json()) == {"what", "remedy"}
    assert str(root) not in answer.text
    assert nothing_changed(root)


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS: Final = ("id", "turn", "text", "speaker", "start", "end", "at", "time", "after", "first", "last", "which", "on")
OPERATIONS: Final = st.fixed_dictionaries(
    {
        "do": st.sampled_from(
            [
                *("words", "speaker", "times", "split", "join", "new", "remove", "doubt", "variant", "reading"),
                *("heard", "note", "choose", "undo", "redo"),
            ]
        )
    },
    optional={key: JSON | st.sampled_from(("first", "last", 0, 1, 2500)) for key in (*KEYS, "kind", "sources", "by")},
)


@pytest.mark.long
def test_whatever_is_asked_is_done_or_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("asked") / "archive"
    write_archive(root)
    window = desk_window(root)

    @given(OPERATIONS)
    def ask(operation: dict[str, object]) -> None:
        window.look()
        answer = window.post("steps", json.dumps(operation))
        assert answer.status_code in {200, 422}, (operation, answer.text)

    ask()
    again = desk_window(root)
    assert again.look()["lines"] == window.look()["lines"]
    assert window.post("write", {}).status_code in {200, 422}


@pytest.mark.long
def test_each_person_has_a_password_and_a_working_copy(archive: Path) -> None:
    app = create_app(
        archive, Audience.EDITORS, guard=EditingPasswordGuard({"Ines Keeper": INES, "Otto": OTTO}, PUBLIC), site=PUBLIC
    )

    def said(name: str, password: str) -> int:
        return app.test_client().get("/", headers={**OVER_TLS, "Authorization": basic(password, name)}).status_code

    assert said("Ines Keeper", INES) == said("ines keeper", INES) == said("Otto", OTTO) == 200
    assert said("Otto", INES) == said("Nobody", INES) == said("", OTTO) == 401
    client = app.test_client()
    page = client.get("/recordings/tones/edit", headers={**OVER_TLS, "Authorization": basic(OTTO, "otto")})
    token = re.search(r'data-token="([0-9a-f]{64})"', page.text)
    assert token
    # From now on by the cookie.
    state = client.get("/recordings/tones/edit/state", headers=OVER_TLS, base_url="https://tapes.example.org")
    assert state.get_json()["by"] == "Otto"
    sent = {
        **OVER_TLS,
        "Origin": "https://tapes.example.org",
        "X-Desk": token[1],
        "If-Match": f'"{state.get_json()["state"]}"',
    }
    done = client.post("/recordings/tones/edit/steps", json=STEP, headers=sent, base_url="https://tapes.example.org")
    assert done.status_code == 200, done.text
    (kept,) = (archive / "transcripts/tones/working").iterdir()
    assert kept.name.startswith("otto-")
    hers = app.test_client().get(
        "/recordings/tones/edit/state", headers={**OVER_TLS, "Authorization": basic(INES, "Ines Keeper")}
    )
    assert (hers.get_json()["by"], hers.get_json()["unwritten"]) == ("Ines Keeper", 0)
    # Nobody says who they are themselves.
    assert EDITOR not in client.environ_base
    # And over plain HTTP nobody is let in, nor asked for a password.
    assert (
        app.test_client()
        .get("/", headers={"Host": "tapes.example.org", "Authorization": basic(INES, "Otto")})
        .status_code
        == 403
    )


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("a password without a name\n", r":1: there is no name before the password"),
        ("Ines: short\n", r":1: the password has 5 characters"),
        (f"Ines: {INES}\nINES: {OTTO}\n", r':2: "INES" has a line before'),
        (f"{'x' * 101}: {INES}\n", r":1: the name is longer than 100 characters"),
        (f"a --> b: {INES}\n", r":1: the name has a control character or an arrow"),
        (f": {INES}\n", r":1: the name is empty"),
        ("\n\n", "there is nobody in the password's file"),
    ],
)
def test_a_file_of_people_says_what_is_wrong_with_it(tmp_path: Path, content: str, wrong: str) -> None:
    path = tmp_path / "people"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(ServeError, match=wrong):
        people_in(path)
    path.write_text(f"Ines Keeper: {INES}\r\n\nOtto:{OTTO}\n", encoding="utf-8")
    assert people_in(path) == {"Ines Keeper": INES, "Otto": OTTO}
    path.chmod(0o644)
    with pytest.raises(ServeError, match="others than its owner"):
        people_in(path)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org"])  # noqa: S104  # what is refused
def test_an_archive_is_edited_on_the_loopback_only(host: str) -> None:
    with pytest.raises(ServeError, match="an archive is edited on this machine only"):
        editing_guard(host, None, "Ines", Site())


def test_who_edits_has_a_name_that_a_comment_can_hold() -> None:
    for name in ("", "  ", "x" * 101, "a\nb", "a --> b"):
        with pytest.raises(ServeError, match="the name of who edits"):
            editing_guard("127.0.0.1", None, name, Site())
    assert isinstance(editing_guard("127.0.0.1", None, "Ines", Site()), EditingTokenGuard)

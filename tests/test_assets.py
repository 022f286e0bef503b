"""Style sheets and scripts have addresses that change with them, and are compressed once."""

import gzip
import os
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from player import roots
from player.errors import ServeError
from player.web.serving import headers
from player.web.serving.assets import static_files

CSS = "main { margin: 0 }\n" * 100
FILES = {
    "css/site.css": '@import "all.css" layer(page);',
    "css/all.css": CSS,
    "css/context.css": '@import "few.css" layer(page);',
    "css/later.css": '@import "few.css" layer(page);',
    "css/embed.css": '@import "few.css" layer(page);',
    "css/few.css": "p { margin: 0 }",
    "js/main.js": 'import { a } from "./a.js";\na();',
    "js/a.js": "export function a() {}",
    "js/desk.js": "const b = 1;",
    "js/basket.js": "const c = 1;",
    "js/basket-link.js": "const d = 1;",
    "js/embed.js": "const e = 1;",
    "js/later.js": 'import { a } from "./a.js";\na(2);',
    "css/unused.css": "",
    ".hidden": "secret",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "static"


def serve(folder: Path) -> FlaskClient:
    app = Flask(__name__, static_folder=None)
    headers.init_app(app)
    static_files.init_app(app, folder)

    @app.get("/")
    def page() -> str:
        return render_template_string("{{ asset('css/all.css') }} {{ asset_root }}")

    return app.test_client()


def addresses(client: FlaskClient) -> tuple[str, str]:
    sheet, root = client.get("/").text.split()
    return sheet, root


def test_an_address_holds_the_version_and_may_be_kept_for_ever(folder: Path) -> None:
    client = serve(folder)
    sheet, root = addresses(client)
    assert sheet == f"{root}/css/all.css"
    answer = client.get(sheet)
    assert answer.text == CSS
    assert answer.mimetype == "text/css"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(f"{root}/js/main.js").mimetype == "text/javascript"


@pytest.mark.parametrize("change", ["content", "name", "new"])
def test_the_version_changes_with_any_file(folder: Path, change: str) -> None:
    before = addresses(serve(folder))
    assert addresses(serve(folder)) == before
    script = folder / "js" / "a.js"
    if change == "content":
        script.write_text(f"{FILES['js/a.js']} //", encoding="utf-8")
    elif change == "name":
        (folder / "css" / "unused.css").rename(folder / "css" / "b.css")
    else:
        (folder / "new.svg").touch()
    assert addresses(serve(folder)) != before


def test_the_version_is_the_same_in_another_place_and_time(folder: Path, tmp_path: Path) -> None:
    before = addresses(serve(folder))
    for path in folder.rglob("*"):
        os.utime(path, (0, 0))
    assert addresses(serve(folder.rename(tmp_path / "elsewhere"))) == before


def test_an_old_version_answers_the_file_of_now_but_is_not_kept(folder: Path) -> None:
    answer = serve(folder).get("/static/0123456789/css/all.css")
    assert (answer.status_code, answer.text) == (200, CSS)
    assert answer.headers["Cache-Control"] == "no-cache"


def test_what_is_sent_is_what_the_version_was_computed_from(folder: Path) -> None:
    client = serve(folder)
    (folder / "css" / "all.css").write_text("changed", encoding="utf-8")
    assert client.get(addresses(client)[0]).text == CSS


def test_beside_them_stand_all_modules_in_one_and_all_sheets_in_one(folder: Path) -> None:
    client = serve(folder)
    _, root = addresses(client)
    names = (static_files.LINKED_SCRIPT, static_files.LINKED_LATER, static_files.LINKED_SHEET)
    script, later, sheet = (client.get(f"{root}/{name}") for name in names)
    assert [each.mimetype for each in (script, later, sheet)] == ["text/javascript", "text/javascript", "text/css"]
    assert {each.headers["Cache-Control"] for each in (script, later, sheet)} == {"public, max-age=31536000, immutable"}
    assert "function a(){}" in script.text
    assert "function a(){}" not in later.text
    assert "a(2);" in later.text
    assert CSS.strip() in sheet.text
    assert client.get(f"{root}/js/main.js").text == FILES["js/main.js"]


def test_what_cannot_be_linked_is_told_at_the_start(folder: Path) -> None:
    (folder / "js" / "main.js").write_text('import "./a.js";', encoding="utf-8")
    with pytest.raises(ServeError, match=r"^static/js/main.js:1: this form of import is not supported; write "):
        serve(folder)


@pytest.mark.parametrize("name", ["none.css", ".hidden", "../test_assets.py", "%2e%2e/secret", "css", "css/"])
def test_nothing_else_is_served(folder: Path, name: str) -> None:
    assert serve(folder).get(f"/static/0123456789/{name}").status_code == 404


def test_a_file_is_compressed_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compressed: list[bytes] = []
    real = headers.compressed

    def counted(body: bytes, coding: str, *, is_file: bool) -> bytes | None:
        compressed.append(body)
        return real(body, coding, is_file=is_file)

    monkeypatch.setattr(headers, "compressed", counted)
    client = serve(folder)
    sheet, root = addresses(client)
    for address in (sheet, sheet, f"{root}/js/main.js", sheet):
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert compressed.count(CSS.encode()) == 1
    assert gzip.decompress(answer.data).decode() == CSS
    assert "Accept-Encoding" in answer.headers["Vary"]
    again = client.get(sheet, headers={"Accept-Encoding": "gzip", "If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", answer.headers["ETag"])


def test_the_players_own_files_are_served_by_default() -> None:
    app = Flask(__name__, static_folder=None)
    static_files.init_app(app)
    for path in roots.STATIC.rglob("*.js"):
        assert app.test_client().get(f"/static/x/{path.relative_to(roots.STATIC)}").data == path.read_bytes()


def test_no_rule_looks_before_every_element_of_a_page() -> None:
    # `.title:has(...) ~ *` is asked of each element, and each asks all that stand before it: the square of the lines.
    for path in roots.STATIC.rglob("*.css"):
        assert "~ *" not in path.read_text(encoding="utf-8").replace("`~ *`", ""), path.name

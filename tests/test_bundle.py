"""Modules linked into one do what they do apart, and sheets say what they say apart; or they are refused."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import programs
import pytest

from player import roots
from player.errors import ServeError
from player.web.serving.assets import bundle, static_files

if TYPE_CHECKING:
    from pathlib import Path

LATER = "js/later.js"
CUES = 'export const TOLD = "cues";\nexport function at(now) {\n  return now + TOLD;\n}\n'


def scripts(**modules: str) -> str:
    """Link ``main`` and what it imports; a name with two underscores lies in a folder."""
    files = {f"js/{name.replace('__', '/')}.js": text.encode() for name, text in modules.items()}
    first, _ = bundle.link_scripts(files | {LATER: b""}, "js/main.js", LATER, "main.linked.js")
    return first.decode()


def sheets(**found: str) -> str:
    files = {f"css/{name.replace('__', '/')}.css": text.encode() for name, text in found.items()}
    return bundle.link_sheets(files, "css/site.css").decode()


def node(*arguments: str | Path) -> str:
    run = subprocess.run([programs.node(), *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr
    return run.stdout


def run(tmp_path: Path, text: str) -> list[str]:
    """Run a linked script, and give what it printed."""
    path = tmp_path / "linked.mjs"
    path.write_text(text, encoding="utf-8")
    return node(path).splitlines()


def test_the_players_own_scripts_and_sheets_can_be_linked_and_read(tmp_path: Path) -> None:
    files = {path.relative_to(roots.STATIC).as_posix(): path.read_bytes() for path in roots.STATIC.rglob("*.?s*")}
    path = tmp_path / "linked.mjs"
    first, second = bundle.link_scripts(files, static_files.SCRIPT, static_files.LATER_SCRIPT, "linked.mjs")
    path.write_bytes(first)
    (tmp_path / "later.mjs").write_bytes(second)
    alone = {name: bundle.link_scripts(files, name, name, "alone.mjs")[0] for name in static_files.ALONE}
    for number, script in enumerate(alone.values()):
        (tmp_path / f"{number}.mjs").write_bytes(script)
    desk, basket = alone[static_files.DESK_SCRIPT], alone[static_files.BASKET_SCRIPT]
    for each in ("later.mjs", "0.mjs", "1.mjs", "2.mjs", "3.mjs"):
        node("--check", tmp_path / each)
    node("--check", path)
    text = (first + second).decode()
    assert 'new URL("clock-worker.js",new URL("playback/audio-clock.js",import.meta.url).href)' in text
    apart = {
        "found.js",
        "copied.js",
        "copied-embed.js",
        "playback/whole-sound.js",
        "site-search.js",
        "search/site-words.js",
        "elements/site-search.js",
        "basket-link.js",
        "embed.js",
        "elements/embedded-passage.js",
        "lists/moved.js",
        "playback/clock-worker.js",
        "transcript/doubtful.js",
    }
    for name in files:
        if name.startswith("js/") and name.removeprefix("js/") not in {
            "main.js",
            "later.js",
            "desk.js",
            "basket.js",
            *apart,
        }:
            last_export = re.split(r"[ ({=]*[({=]", files[name].decode().rpartition("\nexport ")[2])[0].strip()
            linked = desk.decode() if name.startswith("js/desk/") else text
            if name in {
                *(f"js/elements/{each}.js" for each in ("basket-page", "found-passages", "set-page")),
                "js/clips/through.js",
            }:
                linked = basket.decode()
            assert len(re.findall(rf"^{re.escape(last_export)}\b", linked, re.MULTILINE)) == 1, name
    sheet = bundle.link_sheets(files, static_files.SHEET).decode()
    assert sheet.count("{") == sheet.count("}")
    assert "@import" not in sheet
    assert "/*" not in sheet


def test_modules_may_use_the_same_names(tmp_path: Path) -> None:
    text = scripts(
        main='import { at } from "./cues.js";\nimport { at as other } from "./lines.js";\nconst TOLD = 3;\n'
        "console.log(at(1), other(2), TOLD);",
        cues=CUES,
        lines=CUES.replace('"cues"', '"lines"'),
    )
    assert run(tmp_path, text) == ["1cues 2lines 3"]


def test_a_module_is_run_once_and_after_those_it_imports_in_their_order(tmp_path: Path) -> None:
    text = scripts(
        main='import { b } from "./b.js";\nimport {\n  a,\n  own,\n} from "./a.js";\nconsole.log("main", a, b, own());',
        a='import { c } from "./deep/c.js";\nconsole.log("a");\nexport const a = c;\nexport async function* own() {}\n',
        b='import { c } from "./deep/c.js";\nconsole.log("b");\nexport class b {}',
        deep__c='import { d } from "../d.js";\nconsole.log("c", d);\nexport const c = d',
        d='console.log("d");\nexport const d = 1;',
        unused='console.log("never");',
    )
    assert run(tmp_path, text) == ["d", "c 1", "b", "a", "main 1 [class b] Object [AsyncGenerator] {}"]


def test_comments_go_and_what_only_looks_like_one_stays(tmp_path: Path) -> None:
    text = scripts(
        main=r"""
/** The page's own: `not` a template. */
const list = ["// a", '/* b */', "\"//", `// c ${`/* d */ ${"}" + 1} // e`} \` // f`]; // "gone
const half = (4 + 4) / 2 / 2; /* it's
gone */ const found = /[/"'`]\/\/|\/\*/.test("///"), last = list[0] / 1; // gone
let count = 1, quarter = count++ / 4; // gone: 1 / 1
/* a line's end */ ++count;
const object = { return: 9, if(x) { return /* gone */ x } }
console.log(...list, half, found, last, count, quarter, object.return / 3, object.if(1) / 1)
const indented = `
  // kept
    /* kept */`;
console.log(indented);
""".lstrip()
    )
    assert "gone" not in text
    assert run(tmp_path, text) == [
        '// a /* b */ "// // c /* d */ }1 // e ` // f 2 true NaN 3 0.25 3 1',
        "",
        "  // kept",
        "    /* kept */",
    ]


def test_spaces_go_where_nothing_is_parted_by_them(tmp_path: Path) -> None:
    text = scripts(
        main="let a = 1 , b = [ 2 , 3 ] ;\nlet c = a + + a - - a + ( a ++ ) ;\n"
        "const d = 1 . constructor . name\nconst e = /x/ in { } , f = typeof /x/ , g = 8 / 4 / + 2 , h = a ? .5 : 1\n"
        "class K { #own = 1 ; static has ( it ) { return #own in it } }\n"
        "console . log ( a , b , c , d , e , f , g , h , K . has ( new K ( ) ) , `${ a } b` )"
    )
    assert "console.log(a,b,c,d,e,f,g,h,K.has(new K()),`${a} b`)" in text
    assert run(tmp_path, text) == ["2 [ 2, 3 ] 4 Number false object 1 0.5 true 2 b"]


def test_a_module_still_knows_the_folder_it_is_in(tmp_path: Path) -> None:
    text = scripts(
        main='import { worker } from "./clock.js";\nimport { far, sum } from "./deep/far.js";\n'
        "const here = (path) => new URL(path, import.meta.url).href;\n"
        'console.log(worker === here("w.js"), far === here("deep/w.js"), sum === `${here("deep/far.js")}!`);',
        clock='export const worker = new URL("w.js", import.meta.url).href;',
        deep__far='export const far = new URL("./w.js", import.meta.url).href;\n'
        'export const sum = import.meta.url + "!";',
    )
    assert run(tmp_path, text) == ["true true true"]


FORM = "this form of import is not supported"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('import "./cues.js";', FORM),
        ('import cues from "./cues.js";', FORM),
        ('import * as cues from "./cues.js";', FORM),
        ('import { at } from "cues";', FORM),
        ('import { at } from "https://example.org/cues.js";', FORM),
        ('import { at } from "./cues.js" with { type: "json" };', FORM),
        ('import { at } from "./cues.js"', FORM),
        ('const cues = () => import("./cues.js");', FORM),
        ("const cues = () => import('./cues.js');", FORM),
        ("const all = import.meta.resolve;", FORM),
        ('import { at } from "./none.js";', "there is no js/none.js"),
        ('import { nothing } from "./cues.js";', "js/cues.js does not export nothing"),
        ('import { turn } from "./turn.js";', "js/main.js imports this module too"),
        ("export default 1;", "this form of export is not supported"),
        ("export let count = 1;", "this form of export is not supported"),
        ("export { at };", "this form of export is not supported"),
        ('export * from "./cues.js";', "this form of export is not supported"),
        ("export const { a, b } = {};", "this form of export is not supported"),
        ("export function at() {}\nat = 1;", "at is exported and must not be reassigned"),
        ("await 1;", "a module that waits would delay all others"),
        ("const $1 = 0;", "$1 is reserved for a joined module"),
        ("if (at) /x/.test(at);", "this slash may be a division or begin a regular expression"),
        ("const half = {} / 2;", "this slash may be a division or begin a regular expression"),
        ("for (const each of /x/) at();", "this slash may be a division or begin a regular expression"),
        ("const open = `${1;", '"${" is not closed'),
        ("at(;", '"(" is not closed'),
        ("at());", '")" closes nothing'),
        ("at(];", '"]" closes nothing'),
        ('const open = "', "a string, a comment or a sign begins here and does not end"),
        ("const open = `", "a string, a comment or a sign begins here and does not end"),
        ("/* open", "a string, a comment or a sign begins here and does not end"),
        (r"const \u0061t = 1;", "a string, a comment or a sign begins here and does not end"),
    ],
)
def test_a_module_of_another_form_is_refused(line: str, told: str) -> None:
    with pytest.raises(ServeError) as refused:
        scripts(
            main=f"// The first line.\n{line}\n",
            cues=CUES,
            turn='import { at } from "./main.js";\nexport const turn = at;',
        )
    assert f": {told}; " in str(refused.value)
    assert str(refused.value).startswith("static/js/")


def test_a_refusal_names_the_line() -> None:
    with pytest.raises(ServeError, match=r"^static/js/cues.js:4: this form of export is not supported; write "):
        scripts(main='import { at } from "./cues.js";', cues="/*\n\n*/\nexport default 1;")


def test_each_sheet_is_in_its_layer_and_in_its_place() -> None:
    text = sheets(
        site='/* The order. */\n@layer base, page;\n\n@import "a.css" layer(base);\n@import "b.css" layer(page);\n',
        a="/* Gone. */\nmain {\n  margin: 0; /* Gone. */\n\n  > a { color: red }\n}\n",
        b='.b::after { content: "/* kept */"; background: url(data:image/gif;base64,/*//) }',
    )
    assert text == (
        "@layer base, page;\n"
        "@layer base {\nmain {\nmargin: 0;\n> a { color: red }\n}\n}\n"
        '@layer page {\n.b::after { content: "/* kept */"; background: url(data:image/gif;base64,/*//) }\n}\n'
    )


@pytest.mark.parametrize(
    ("site", "told"),
    [
        ("main { margin: 0 }", "css/site.css:1: this neither lists layers nor imports a sheet into one"),
        ('\n@import "a.css";', "css/site.css:2: this neither lists layers nor imports a sheet into one"),
        ('@import "a.css" layer(base) print;', "css/site.css:1: this neither lists layers nor"),
        ('@import "https://example.org/a.css" layer(base);', "css/site.css:1: this neither lists layers nor"),
        ('@layer base;\n@import "none.css" layer(base);', "css/site.css:2: there is no css/none.css"),
        (
            '@import "imports.css" layer(base);',
            "css/imports.css:2: @import is allowed only at the head of css/",
        ),
        ('@import "deep/far.css" layer(base);', "css/site.css:1: relative addresses in that sheet would break"),
        ('@import "open.css" layer(base);', 'css/open.css:1: "{" is not closed'),
        ('@import "closed.css" layer(base);', 'css/closed.css:2: "}" closes nothing'),
        ('@import "string.css" layer(base);', "css/string.css:1: a string, a comment or a sign begins here and"),
        ('@import "comment.css" layer(base);', "css/comment.css:2: a string, a comment or a sign begins here and"),
        (
            '@import "joins.css" layer(base);',
            "css/joins.css:1: a comment stands where a space would change",
        ),
    ],
)
def test_a_sheet_of_another_form_is_refused(site: str, told: str) -> None:
    with pytest.raises(ServeError) as refused:
        sheets(
            site=site,
            a="",
            imports='a { color: red }\n@import "a.css";',
            deep__far="a { background: url(b.svg) }",
            open="a { color: red",
            closed="a { color: red }\n} b { }",
            string='a { content: " }',
            comment="a { color: red }\n/* open",
            joins="a/* */.b { color: red }",
        )
    assert str(refused.value).startswith(f"static/{told}")


def test_a_second_script_takes_from_the_first_what_both_need(tmp_path: Path) -> None:
    modules = {
        "main": 'import { at } from "./cues.js";\nimport { own } from "./own.js";\nconsole.log("main", at(1), own);',
        "later": 'import { at } from "./cues.js";\nimport { far } from "./far.js";\nconsole.log("late", at(2), far());',
        "far": 'import { at as from } from "./cues.js";\nexport function far() {\n  return from(3);\n}',
        "own": "export const own = 4;",
        "cues": f'console.log("cues");\n{CUES}',
    }
    files = {f"js/{name}.js": text.encode() for name, text in modules.items()}
    first, second = bundle.link_scripts(files, "js/main.js", "js/later.js", "first.mjs")
    (tmp_path / "first.mjs").write_bytes(first)
    (tmp_path / "second.mjs").write_bytes(second)
    assert node(tmp_path / "second.mjs").splitlines() == ["cues", "main 1cues 4", "late 2cues 3cues"]
    assert node(tmp_path / "first.mjs").splitlines() == ["cues", "main 1cues 4"]


def test_a_script_may_bring_another_whose_address_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "other.mjs").write_text('console.log("other");', encoding="utf-8")
    text = scripts(
        main="export const bring = (address) => import(address);\nawaited(bring);\n"
        'function awaited(bring) {\n  bring("./other.mjs").then(() => console.log("there"));\n}'
    )
    assert run(tmp_path, text) == ["other", "there"]

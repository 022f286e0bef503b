"""A passage is cited from the record alone, in every style and format, and no title breaks out of its field."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from html_elements import Element, parse

from player.archive.recording import Original, Recording
from player.publish import bibliography, citation
from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

TODAY = dt.date(2026, 11, 25)
ADDRESS = "https://archive.example/recordings/tape#t=25,80"
STYLES = [write for _, write in citation.STYLES]
FORMATS = [write for *_, write in bibliography.FORMATS]
#: What breaks out of one format or another: ends of fields, of records and of lines, comments, commands.
HOSTILE = [
    'A "tape" } , note = {x',
    "{{{ open",
    "close }}}",
    "50% off & $5 #1_a ~ ^ \\input{/etc/passwd}",
    "A\nER  - \r\nTY  - BOOK\r\nTI  - B",
    "A\u2028ER  - \u2029TY  - BOOK\x85\x0b\x0cTI  - B\x00",
    "</script><script>alert(1)</script>",
    "\\",
]


def recording(title: str = "A tape", **given: Any) -> Recording:
    return Recording(**{"slug": "tape", "folder": Path("tape"), "title": title, "date": "1963-11-05", **given})


def reading(**given: Any) -> Recording:
    return recording("A reading", kind="reading", slug="voices", responsible_party="the project", **given)


def cited(of: Recording, start: int | None = 25_000, end: int | None = 80_000) -> citation.Cited:
    return citation.cite(of, ADDRESS, TODAY, start, end)


KEPT = recording(
    place="Oval Office",
    original=Original(description="A tape", repository="The Library", collection="The Papers", identifier="Tape 7"),
)


def bibtex_fields(text: str) -> dict[str, str]:
    """Read the one entry that a BibTeX file holds, by its braces, as BibTeX does: a backslash hides none."""
    entry = re.fullmatch(r"@misc\{([A-Za-z][A-Za-z0-9-]*),\n(.*)\}\n", text, re.DOTALL)
    assert entry, text
    fields, rest = {"key": entry[1]}, entry[2]
    while rest:
        name = re.match(r"  (\w+) = ", rest)
        assert name, rest
        value, at, depth = rest[name.end() :], 0, 0
        while depth or value[at] != ",":
            depth += (value[at] == "{") - (value[at] == "}")
            assert depth >= 0, text
            at += 1
        fields[name[1]] = value[:at]
        rest = value[at + 1 :].removeprefix("\n")
    return fields


def ris_fields(text: str) -> dict[str, str]:
    lines = text.split("\r\n")
    assert lines.pop() == ""
    assert lines.pop() == "ER  - "
    assert all(re.match(r"[A-Z][A-Z0-9]  - .", line) for line in lines), lines
    assert len(text.splitlines()) == len(lines) + 1
    fields = dict(line.split("  - ", 1) for line in lines)
    assert len(fields) == len(lines)
    return fields


def csl_item(text: str) -> dict[str, Any]:
    (item,) = json.loads(text)
    assert isinstance(item, dict)
    return item


def test_chicago_names_all_that_is_known() -> None:
    assert citation.chicago(cited(KEPT)) == (
        "“A tape,” audio recording, Oval Office, November 5, 1963, Tape 7, The Papers, The Library, 0:25–1:20, "
        f"accessed November 25, 2026, {ADDRESS}."
    )


def test_mla_names_all_that_is_known() -> None:
    assert citation.mla(cited(KEPT)) == (
        "“A tape.” 5 Nov. 1963, Oval Office. Audio recording, 0:25–1:20. Tape 7, The Papers, The Library. "
        f"{ADDRESS}. Accessed 25 Nov. 2026."
    )


def test_apa_names_all_that_is_known() -> None:
    assert citation.apa(cited(KEPT)) == (
        "A tape [Audio recording, 0:25–1:20]. (1963, November 5). Oval Office. Tape 7, The Papers, The Library. "
        f"Retrieved November 25, 2026, from {ADDRESS}"
    )


@pytest.mark.parametrize("write", [*STYLES, *FORMATS])
@pytest.mark.parametrize("number", ["HT 1971.12", "ark:/12345/x6", "10.5072/harbour-12"])
def test_every_form_names_what_the_archive_calls_it(write: Callable[[citation.Cited], str], number: str) -> None:
    assert number in write(cited(recording(identifier=number))), write(cited(recording(identifier=number)))


@pytest.mark.parametrize("written", ["10.5072/a", "doi:10.5072/a", "https://doi.org/10.5072/a", "DOI: 10.5072/a"])
def test_a_doi_has_a_field_of_its_own(written: str) -> None:
    found = cited(recording(identifier=written))
    assert bibtex_fields(bibliography.bibtex(found))["doi"] == "{10.5072/a}"
    assert ris_fields(bibliography.ris(found))["DO"] == "10.5072/a"
    assert csl_item(bibliography.csl_json(found))["DOI"] == "10.5072/a"


@pytest.mark.parametrize("write", [*STYLES, *FORMATS])
def test_what_is_not_known_is_left_out(write: Callable[[citation.Cited], str]) -> None:
    text = write(cited(recording(), None, None))
    assert "None" not in text
    assert not re.search(r"\[\]|\(\)|, ,|\. \.|,\.|\{\}", text), text
    assert "0:" not in text


@pytest.mark.parametrize("write", [*STYLES, *FORMATS])
def test_every_form_names_the_passage_the_address_and_what_the_record_says(
    write: Callable[[citation.Cited], str],
) -> None:
    text = write(cited(KEPT))
    for told in (
        "A tape",
        "0:25",
        "1:20",
        "Oval Office",
        "The Papers",
        "The Library",
        "Tape 7",
        ADDRESS,
        "1963",
        "2026",
    ):
        assert told in text, told
    assert "eading" not in text


@pytest.mark.parametrize("write", [*STYLES, *FORMATS])
def test_a_reading_is_never_cited_as_the_tape(write: Callable[[citation.Cited], str]) -> None:
    assert "synthetic reading, not the tape" in write(cited(reading())).casefold()


def test_in_every_format_the_title_of_a_reading_says_so() -> None:
    title = "A reading [Synthetic reading, not the tape]"
    assert bibtex_fields(bibliography.bibtex(cited(reading())))["title"] == f"{{{{{title}}}}}"
    assert ris_fields(bibliography.ris(cited(reading())))["TI"] == title
    assert csl_item(bibliography.csl_json(cited(reading())))["title"] == title


def test_who_answers_for_a_reading_is_named_as_no_more_than_that() -> None:
    for write in STYLES:
        assert "esponsible party: the project" in write(cited(reading()))


def test_what_is_inferred_of_where_it_is_kept_is_called_so() -> None:
    original = Original(description="A tape", repository="The Library", certainty="inferred")
    for write in STYLES:
        assert "The Library [inferred]" in write(cited(recording(original=original)))


def test_a_passage_within_one_second_is_told_apart() -> None:
    assert cited(KEPT, 25_100, 25_900).passage == "0:25.1 to 0:25.9"
    assert cited(KEPT, 25_100, 31_900).passage == "0:25 to 0:31"
    assert cited(KEPT, 25_100, None).passage == "from 0:25"


def test_quotation_marks_within_the_title_are_inner_ones() -> None:
    text = citation.chicago(cited(recording("He said “yes”")))
    assert text.startswith("“He said ‘yes’,” audio")


@pytest.mark.parametrize("title", ["Who was it?", "It is over."])
def test_a_title_that_ends_a_sentence_is_not_ended_twice(title: str) -> None:
    assert citation.mla(cited(recording(title))).startswith(f"“{title}” 5 Nov. 1963")


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_record_breaks_out_of_a_bibtex_field(text: str) -> None:
    hostile = recording(
        text, place=text, original=Original(description=text, repository=text, collection=text, identifier=text)
    )
    written = bibliography.bibtex(cited(hostile))
    fields = bibtex_fields(written)
    assert set(fields) == {"key", "title", "date", "year", "month", "howpublished", "note", "url", "urldate"}
    assert not re.search(r"(?<!\\)[%$&#_]", fields["title"] + fields["note"])
    assert "\\input" not in written


def test_bibtex_keeps_the_signs_of_a_title() -> None:
    fields = bibtex_fields(bibliography.bibtex(cited(recording("50% & {more} of Müller’s\ttape"))))
    assert fields["title"] == r"{{50\% \& \textbraceleft{}more\textbraceright{} of Müller’s tape}}"
    assert (fields["date"], fields["year"], fields["month"]) == ("{1963-11-05}", "{1963}", "nov")


def test_bibtex_keeps_the_doubt_of_a_date() -> None:
    fields = bibtex_fields(bibliography.bibtex(cited(recording(date="1963~"))))
    assert (fields["date"], fields["year"]) == ("{1963~}", "{about 1963}")
    assert "month" not in fields


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_record_breaks_out_of_a_ris_field(text: str) -> None:
    hostile = recording(
        text, place=text, original=Original(description=text, repository=text, collection=text, identifier=text)
    )
    fields = ris_fields(bibliography.ris(cited(hostile)))
    assert fields["TY"] == "SOUND"
    assert set(fields) == {"TY", "ID", "TI", "PY", "DA", "M3", "AN", "AV", "N1", "UR", "Y2"}


@pytest.mark.parametrize("text", HOSTILE)
def test_csl_json_is_json_whatever_the_record_says(text: str) -> None:
    item = csl_item(bibliography.csl_json(cited(recording(text, place=text))))
    assert item["title"] == citation.one_line(text)
    assert item["issued"] == {"date-parts": [[1963, 11, 5]]}
    assert item["URL"] == ADDRESS


def test_an_address_has_only_what_an_address_may_have() -> None:
    told = citation.cite(recording(), 'https://a"}{<x>\\ b/recordings/é#t=1', TODAY)
    assert told.address == "https://a%22%7D%7B%3Cx%3E%5C%20b/recordings/%C3%A9#t=1"


@pytest.mark.parametrize("slug", ["1963-11-05", "élan vital", "a{b},c"])
def test_the_key_is_one_that_every_program_reads(slug: str) -> None:
    key = bibtex_fields(bibliography.bibtex(cited(recording(slug=slug))))["key"]
    assert re.fullmatch(r"recording-[A-Za-z0-9-]+-25000-80000", key)


def ask(client: FlaskClient, address: str, status: int = 200) -> Element:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return parse(answer.text)


def test_the_page_has_each_citation_as_text_and_as_a_file(client: FlaskClient) -> None:
    html = ask(client, "/recordings/tones/cite?t=2,4.5")
    written = {each.one("h2").text.split()[0]: each for each in html.all("section.citation")}
    assert list(written) == ["Chicago", "MLA", "APA", "BibTeX", "RIS", "CSL-JSON", "Embed"]
    assert "/recordings/tones/embed?t=2,4.5" in written.pop("Embed").text
    for each in written.values():
        assert "A tape of tones" in each.text
        assert "http://localhost/recordings/tones#t=2,4.5" in each.text
        assert "0:02" in each.text
    for name, ending in (("BibTeX", "bib"), ("RIS", "ris"), ("CSL-JSON", "json")):
        link = written[name].one("a")
        assert link["href"] == f"/recordings/tones/cite.{ending}?t=2,4.5"
        answer = client.get(link["href"])
        assert answer.status_code == 200
        assert written[name].one("pre").text == " ".join(answer.text.split())
        assert answer.headers["Content-Disposition"].endswith(f"filename=tones_0m02s000-0m04s500.{ending}")


def test_the_page_describes_itself_by_the_styles_that_it_has(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(citation, "STYLES", (*citation.STYLES, ("Bluebook", citation.mla)))
    described = ask(client, "/recordings/tones/cite").one("meta", name="description")["content"]
    assert "in the styles of Chicago, MLA, APA and Bluebook, and" in described


def test_without_a_passage_the_whole_recording_is_cited(client: FlaskClient) -> None:
    html = ask(client, "/recordings/tones/cite")
    assert "The whole recording" in html.one("p.standfirst").text
    assert "http://localhost/recordings/tones." in html.all("section.citation")[0].text


def test_the_record_leads_to_its_citation(client: FlaskClient) -> None:
    link = ask(client, "/recordings/tones").one("section#about").one("p.to-cite").one("a")
    assert (link.text, link["href"]) == ("Cite this recording", "/recordings/tones/cite")


def test_a_passage_that_is_not_there_is_refused_in_words(client: FlaskClient) -> None:
    for asked in ("9,11", "10", "3600"):
        text = ask(client, f"/recordings/tones/cite?t={asked}", 400).one("main").text
        assert "The recording ends at 0:10" in text
    assert "is not a time" in ask(client, "/recordings/tones/cite?t=x", 400).one("main").text
    ask(client, "/recordings/nobody/cite", 404)
    assert "cite.bib" in ask(client, "/recordings/tones/cite.doc", 404).one("main").text


def test_what_is_not_held_can_be_cited(archive: Path) -> None:
    (archive / "media" / "tones.wav").unlink()
    assert "0:25–1:20" in ask(create_app(archive).test_client(), "/recordings/tones/cite?t=25,80").one("main").text


def test_nothing_of_a_record_reaches_the_page_unescaped(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "recording.toml"
    text = path.read_text(encoding="utf-8").replace("A tape of tones", "<img src=x onerror=alert(1)> & \\u0022")
    path.write_text(text, encoding="utf-8")
    html = ask(create_app(archive).test_client(), "/recordings/tones/cite")
    assert not html.all("img")
    assert html.one("h1").text == '<img src=x onerror=alert(1)> & "'


def test_no_cache_hands_on_what_names_the_asker_and_the_day(client: FlaskClient) -> None:
    for address in ("cite", "cite.bib"):
        answer = client.get(f"/recordings/tones/{address}", headers={"Host": "asked.example"})
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "http://asked.example/recordings/tones" in answer.text


def test_the_shipped_records_are_cited_apart(shipped_client: FlaskClient) -> None:
    tape = ask(shipped_client, "/recordings/1963-11-05-attwood/cite?t=25,80").one("main").text
    voices = ask(shipped_client, "/recordings/1963-11-05-attwood-reading/cite?t=25,80").one("main").text
    assert "John F. Kennedy Library" in tape
    assert "[inferred]" in tape
    assert "Synthetic reading" not in tape
    assert voices.count("ynthetic reading, not the tape") >= 7
    assert "Kennedy Library" not in voices


@pytest.fixture
def shipped_client() -> FlaskClient:
    return create_app(Path(__file__).parents[1]).test_client()

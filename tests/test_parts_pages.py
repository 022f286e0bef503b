"""What pages show of a recording that was joined from parts: where each begins, with and without a sound to hear."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from side_tapes import SIDES, SLUG, joined_of, record_of, rewrite, write_archive

from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long

PAGE = f"/recordings/{SLUG}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


def shown(root: Path, address: str = PAGE) -> str:
    answer = create_app(root).test_client().get(address)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", answer.text)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def test_the_parts_are_listed_with_links_to_where_they_begin(root: Path) -> None:
    listed = re.search(r'<nav class="parts".*?</nav>', shown(root))
    assert listed
    assert plain(listed[0]) == "2 parts 0:00 Side A lasts 0:02 0:02 Side B lasts 0:02"
    assert f'href="{PAGE}?t=2.993#part-2" data-seek="2993"' in listed[0]


def test_a_part_is_a_heading_in_the_transcript_above_its_first_line(root: Path) -> None:
    html = shown(root)
    transcript = html[html.index('<section class="transcript') :]
    headings = re.findall(
        r'<h3 class="part" id="(part-\d)">.*?</h3> <p class="turn">(\w+)</p> <p class="cue" id="(.*?)"', transcript
    )
    assert headings == [("part-1", "Ines", "cue-landing"), ("part-2", "Tom", "cue-bell")]


def test_whoever_spoke_before_a_part_is_named_again_in_it(root: Path) -> None:
    assert re.findall(r'<p class="turn">(\w+)</p>', shown(root)) == ["Ines", "Tom", "Tom", "Ines"]


def test_a_line_that_runs_over_belongs_to_the_part_in_which_it_begins(root: Path) -> None:
    path = root / "transcripts" / SLUG / "transcript.vtt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("00:00:03.100 -->", "00:00:02.950 -->"), encoding="utf-8")
    assert re.search(r'id="part-2">.*?</h3> <p class="turn">Ines</p> <p class="cue" id="cue-last"', shown(root))


def test_a_part_without_lines_has_its_name_above_the_next(root: Path) -> None:
    path = root / "transcripts" / SLUG / "transcript.vtt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("landing")] + text[text.index("bell") :], encoding="utf-8")
    assert re.search(r'id="part-1">.*?</h3> <h3 class="part" id="part-2">.*?</h3> <p class="turn">Tom', shown(root))


def test_lines_without_times_are_in_the_part_that_a_comment_names(root: Path) -> None:
    path = root / "transcripts" / SLUG / "transcript.vtt"
    notes = [
        "NOTE untimed u1\n<v Ines>The landing stage.",
        "NOTE part: 2\n\nNOTE untimed u2\n<v Ines>The fog.",
        "NOTE part: x\n\nNOTE untimed u3\n<v Ines>The bell.",
    ]
    path.write_text("WEBVTT\n\n" + "\n\n".join(notes) + "\n", encoding="utf-8")
    found = re.findall(r'id="(part-\d|cue-\w+)"', shown(root))
    assert found == ["part-1", "cue-u1", "part-2", "cue-u2", "cue-u3"]


def test_the_timeline_has_a_stroke_where_a_part_begins(root: Path) -> None:
    html = shown(root)
    assert len(re.findall(r'<line class="part-start" x1="54\.', html)) == 1
    assert [plain(each) for each in re.findall(r'<text class="part-name".*?</text>', html)] == ["Side A", "Side B"]


def test_without_a_transcript_the_list_leads_to_the_times_alone(root: Path) -> None:
    (root / "transcripts" / SLUG / "transcript.vtt").unlink()
    assert f'href="{PAGE}?t=2.993" data-seek="2993"' in shown(root)


def test_without_a_sound_the_list_leads_to_the_headings(root: Path) -> None:
    joined_of(root).unlink()
    listed = re.search(r'<nav class="parts".*?</nav>', shown(root))
    assert listed
    assert 'href="#part-2"' in listed[0]
    assert "data-seek" not in listed[0]
    assert "?t=" not in listed[0]


def test_the_text_alone_has_the_parts_above_who_speaks(root: Path) -> None:
    html = shown(root, f"{PAGE}/text")
    headings = [(level, plain(text)) for level, text in re.findall(r"<(h[23])[^>]*>(.*?)</h", html)]
    assert headings == [
        ("h2", "Side A, from 0:00"),
        ("h3", "Ines"),
        ("h3", "Tom"),
        ("h2", "Side B, from 0:02"),
        ("h3", "Tom"),
        ("h3", "Ines"),
        ("h2", "Download this text"),
    ]


@pytest.mark.parametrize(("count", "is_folded"), [(12, False), (13, True)])
def test_more_than_a_dozen_parts_are_folded(root: Path, count: int, *, is_folded: bool) -> None:
    text = record_of(root).read_text(encoding="utf-8")
    tables = "".join(
        f'[[part]]\nmedia = "{number}.wav"\ntitle = "Disc {number}"\nstart = "{number / 10}"\nsha256 = "{"0" * 64}"\n\n'
        for number in range(count)
    )
    record_of(root).write_text(re.sub(r"(?:\[\[part\]\](?:\n\w.*)+\s*)+", tables, text), encoding="utf-8")
    listed = re.search(r'<nav class="parts many".*?</nav>', shown(root))
    assert listed
    assert listed[0].count("<li>") == count
    assert ("<details><summary><h2" in listed[0]) is is_folded


def test_a_recording_of_one_sound_has_none_of_it(root: Path) -> None:
    text = record_of(root).read_text(encoding="utf-8")
    record_of(root).write_text(re.sub(r"\[\[part\]\](?:\n\w.*)+", "", text), encoding="utf-8")
    for address in (PAGE, f"{PAGE}/text"):
        html = shown(root, address)
        assert "Side" not in html
        assert "parts" not in html


def test_the_names_of_the_files_are_on_no_page_and_the_files_at_no_address(root: Path) -> None:
    client = create_app(root).test_client()
    for address in (PAGE, f"{PAGE}/text", f"{PAGE}/cite?t=1,2", f"{PAGE}/lines/bell", "/"):
        assert not [name for name in SIDES if name in client.get(address).text]
    for name in SIDES:
        for address in (f"/media/parts/{SLUG}/{name}", f"/media/{name}", f"/media/{SLUG}/{name}"):
            assert client.get(address).status_code == 404


def test_a_title_is_text_whatever_is_in_it(root: Path) -> None:
    rewrite(root, '"Side B"', "'<b>Side</b> & \"B\"'")
    for address in (PAGE, f"{PAGE}/text", f"{PAGE}/cite?t=3.5,4"):
        html = shown(root, address)
        assert "<b>Side" not in html
        assert "&lt;b&gt;Side" in html


@pytest.mark.parametrize(
    "table", ['\n[access]\nsound = "closed"\n', '\n[[closed]]\nstart = "3"\nend = "4"\nwhat = "sound"\n']
)
def test_where_sound_is_closed_no_part_is_sent_and_its_times_stay(root: Path, table: str) -> None:
    with record_of(root).open("a", encoding="utf-8") as file:
        file.write(table)
    client = create_app(root).test_client()
    html = client.get(PAGE).text
    assert '<nav class="parts"' in html
    assert client.get(f"/media/{SLUG}").status_code in {403, 404}
    assert client.get(f"/media/parts/{SLUG}/{SIDES[1]}").status_code == 404

"""What a screen reader reads of each kind of page, in order, is what a file in tests/data/read-in-order says.

After a change that is meant, write the files again, and read the difference as a listener would:

    PLAYER_TEST_REWRITE=1 .venv/bin/python -m pytest tests/browser/test_read_in_order.py
    git diff tests/data/read-in-order
"""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser.accessibility_tree import tree
from browser.conftest import serving, until_drawn
from context_files import add_context
from machine_words import write_machine
from shut_tones import WORDS, write_shut
from small_archive import bind, write_archive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.long

HELD = Path(__file__).parents[1] / "data" / "read-in-order"
#: Each page by the name of its file.
PAGES = {
    "recordings": "/",
    "recording": "/recordings/tones",
    "line": "/recordings/tones/lines/first",
    "text": "/recordings/tones/text",
    "people": "/people",
    "person": "/people/ada",
    "chronology": "/chronology",
    "dossiers": "/dossiers",
    "dossier": "/dossiers/pitch",
    "sources": "/sources",
    "source": "/sources/log",
    "search": "/search?q=second",
    "search-none": "/search?q=nowhere-to-be-found",
    "narrowed": "/recordings/?decade=1960s",
    "about": "/about",
    "accessibility": "/accessibility",
    "error": "/recordings/nowhere",
}
#: The same of an archive of which something is closed.
CLOSED = {
    "closed": "/recordings/tones",
    "closed-line": "/recordings/tones/lines/closed-5000",
    "closed-text": "/recordings/tones/text",
    "withdrawn": "/recordings/gone/text",
}
#: The same of an archive of which a machine wrote the words.
MACHINE = {
    "machine": "/recordings/tones",
    "machine-line": "/recordings/tones/lines/first",
    "machine-search": "/search?q=the",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the small archive and what is around its recording."""
    root = write_archive(tmp_path_factory.mktemp("read") / "archive")
    bind(root)
    add_context(root)
    with serving(root, tmp_path_factory.mktemp("cache")) as address:
        until_drawn(f"{address}/recordings/tones/waveform.svg")
        yield address


@pytest.fixture(scope="module")
def shut(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the small archive, of whose recording a line is closed; another was withdrawn."""
    root = write_shut(tmp_path_factory.mktemp("shut") / "archive", WORDS)
    gone = root / "transcripts" / "gone"
    gone.mkdir()
    record = 'title = "Gone"\ndate = "1963"\n[withdrawal]\ndate = "2026-05-03"\nreason = "At the narrator\'s wish."\n'
    (gone / "recording.toml").write_text(record, encoding="utf-8")
    with serving(root, tmp_path_factory.mktemp("cache")) as address:
        until_drawn(f"{address}/recordings/tones/waveform.svg")
        yield address


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the small archive, which shows what a machine wrote."""
    root = write_machine(tmp_path_factory.mktemp("machine") / "archive")
    with serving(root, tmp_path_factory.mktemp("cache")) as address:
        until_drawn(f"{address}/recordings/tones/waveform.svg")
        yield address


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_in_the_order_that_is_held(context: BrowserContext, site: str, name: str) -> None:
    assert_held(context, site, PAGES[name], name)


@pytest.mark.parametrize("name", CLOSED)
def test_a_page_of_which_something_is_closed_is_too(context: BrowserContext, shut: str, name: str) -> None:
    assert_held(context, shut, CLOSED[name], name)


@pytest.mark.parametrize("name", MACHINE)
def test_a_page_of_a_machines_words_is_too(context: BrowserContext, machine: str, name: str) -> None:
    assert_held(context, machine, MACHINE[name], name)


def assert_held(context: BrowserContext, site: str, address: str, name: str) -> None:
    page = context.new_page()
    page.goto(f"{site}{address}", wait_until="networkidle")
    # Neither the port nor the day is the page's.
    found = re.sub(r"accessed \w+ \d+, \d{4}", "accessed today", tree(page).replace(site, "http://archive"))
    path = HELD / f"{name}.txt"
    if os.environ.get("PLAYER_TEST_REWRITE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
        pytest.skip(f"{path.name} is written again; read the difference")
    held = path.read_text(encoding="utf-8")
    changed = difflib.unified_diff(held.splitlines(), found.splitlines(), "held", "found", lineterm="")
    assert found == held, "\n".join(changed)


def test_each_file_belongs_to_a_page() -> None:
    assert {path.stem for path in HELD.iterdir()} == {*PAGES, *CLOSED, *MACHINE}

"""A sound of any name is saved by the browser under that very name, whatever its letters are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.conftest import serving
from small_archive import write_archive

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.long

#: A name, and what Chromium calls the file: a quotation mark is none of a name's letters everywhere.
NAMES = {
    "Пётр «Łódź» 録音 😀.wav": "Пётр «Łódź» 録音 😀.wav",
    'say "x" 100%41; a=b.wav': "say _x_ 100%41; a=b.wav",
}


@pytest.mark.parametrize(("name", "saved"), NAMES.items(), ids=["letters", "signs"])
def test_chromium_saves_a_sound_under_its_own_name(
    context: BrowserContext, tmp_path: Path, name: str, saved: str
) -> None:
    archive = write_archive(tmp_path / "archive")
    record = archive / "transcripts" / "tones" / "recording.toml"
    (archive / "media" / "tones.wav").rename(archive / "media" / name)
    record.write_text(record.read_text(encoding="utf-8").replace('"tones.wav"', f"'{name}'"), encoding="utf-8")
    with serving(archive, tmp_path / "cache") as address:
        page = context.new_page()
        page.goto(f"{address}/")
        with page.expect_download() as download:
            page.evaluate(
                "() => Object.assign(document.createElement('a'), {href: '/media/tones', download: ''}).click()"
            )
        assert download.value.suggested_filename == saved
        assert download.value.path().read_bytes() == (archive / "media" / name).read_bytes()

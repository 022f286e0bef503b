"""docs/files.md tells the truth: its table of keys is the code's."""

from pathlib import Path

from player.archive import keys

ROOT = Path(__file__).resolve().parents[1]
FILES = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")


def test_the_table_of_keys_is_the_codes_own() -> None:
    shown = FILES.partition("<!-- keys: printed by `python -m player.archive.keys` -->\n")[2].partition(
        "<!-- /keys -->"
    )[0]
    assert shown.strip() == keys.table()

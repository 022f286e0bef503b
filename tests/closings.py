"""Small archives in which something is closed: the record of the tones with other tables, and people beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from small_archive import bind, write_archive

if TYPE_CHECKING:
    from pathlib import Path

#: A last day that has passed, and one that will not while this program is in use.
PASSED: Final = "2020"
FAR: Final = "2941"
PEOPLE: Final = """\
[[person]]
id = "ada"
name = "Ada"
role = "Who speaks"
sources = ["log"]
"""


def write_closed(root: Path, tables: str = "", *, people: str | None = None) -> Path:
    """Write the small archive, with nothing wrong in it, and these tables at the end of its record."""
    write_archive(root)
    bind(root)
    record = record_of(root)
    record.write_text(f"{record.read_text(encoding='utf-8')}\n{tables}", encoding="utf-8")
    if people is not None:
        (root / "transcripts" / "people.toml").write_text(people, encoding="utf-8")
    return root


def record_of(root: Path, slug: str = "tones") -> Path:
    return root / "transcripts" / slug / "recording.toml"


def another(root: Path, slug: str, tables: str = "", media: str | None = None) -> Path:
    """Write another record beside it, of the same sound if that is named."""
    path = record_of(root, slug)
    path.parent.mkdir()
    sound = f'media = "{media}"\n' if media else 'status = "not held"\n'
    path.write_text(f'title = "Another"\ndate = "1963"\n{sound}{tables}', encoding="utf-8")
    return path

"""The small archive, whose recording has what is told before all else: labels, and what to know before hearing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from small_archive import bind, write_archive

if TYPE_CHECKING:
    from pathlib import Path

ADVICE = "It is <loud>."
TEXT = "Énonce d'abord\nle nom du lieu, <b>puis</b> écoute."
_TABLES = f'''
[[label]]
name = "TK Attribution (TK A)"
text = """{TEXT}"""
language = "fr"
community = "Conseil du lieu"
address = "https://localcontextshub.example/projects/1"

[[label.translation]]
language = "he"
name = "ייחוס"
text = "אמרו את שם המקום."

[[subject]]
label = "Tones"
address = "https://headings.example/tones"

[[subject]]
label = "Silence"
'''


def write_told(root: Path, advice: str = ADVICE) -> Path:
    """Write the archive at ``root``, which must not be there."""
    write_archive(root)
    bind(root)
    path = root / "transcripts" / "tones" / "recording.toml"
    keys = f'advice = "{advice}"\nseries = "Tones & hums"\ntags = ["a b", "c#"]\nidentifier = "T 1"\n'
    record = path.read_text(encoding="utf-8").replace('"unidentified"', '"unidentified"\nrole = "interviewer"')
    path.write_text(keys + record + _TABLES, encoding="utf-8")
    return root

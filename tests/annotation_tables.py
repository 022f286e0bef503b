"""Notes as a person wrote them, and tables of them as a test writes and reads these."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clipping import run

if TYPE_CHECKING:
    from pathlib import Path

NOTES = '''\
# Kept by hand.

[[annotation]]   # of the first line
id = "who"
kind = 'person'
title = "Who Ada is"
body = """
A *person*; she "kept the quay".
And more.
"""
sources = ["log, p. 1", "log, p. 2|3"]   # both
cue = "first"
people = ["ada"]

[[annotation.claim]]
id = "one"
says = "She kept it."
certainty = "reported"
sources = ["log"]

# Late:
[[annotation]]
id = "late"
kind = "event"
title = "=Something late"
body = "Near the end."
sources = ["log"]
start = 8.5
end = "0:10"
'''


@pytest.fixture
def notes(archive: Path) -> Path:
    """The notes of the small archive, written as no program would."""
    path = archive / "transcripts" / "tones" / "annotations.toml"
    path.write_bytes(NOTES.encode())
    return path


def exported(archive: Path, name: str = "notes.csv") -> Path:
    path = archive.parent / name
    answer = run(archive, "annotations", "tones", "--export", str(path), "--force")
    assert (answer.exit_code, answer.output) == (0, f"2 annotations written to {path}\n"), answer.output
    return path


def imported(archive: Path, written: str | bytes, *options: str, name: str = "notes.csv") -> tuple[int, str]:
    path = archive.parent / name
    path.write_bytes(written if isinstance(written, bytes) else written.encode())
    answer = run(archive, "annotations", "tones", "--import", str(path), *options)
    return answer.exit_code, answer.output

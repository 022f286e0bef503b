"""Whatever stands in a file that programs make: its reader gives whole lines, or refuses it in words."""

from __future__ import annotations

import json
from contextlib import suppress
from copy import deepcopy
from importlib import import_module
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from imported_lines import DATA, are_whole

from player.errors import ArchiveError

if TYPE_CHECKING:
    from pathlib import Path

    from player.intake.transcripts.formats import Reader

FOLDERS = {
    "whisper": "whisper",
    "whisperx": "whisperx",
    "aws-transcribe": "aws_transcribe",
    "deepgram": "deepgram",
    "podcast": "podcast",
    "oyez": "oyez",
    "textgrid": "textgrid",
    "elan": "elan",
    "ohms": "ohms",
}
SAMPLES = sorted(path for folder in FOLDERS for path in (DATA / folder).iterdir())
DOCUMENTS = [path for path in SAMPLES if path.suffix == ".json"]

pytestmark = pytest.mark.long
broken = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])

ODD: st.SearchStrategy[object] = st.sampled_from(
    [
        None,
        True,
        [],
        {},
        "",
        "NaN",
        "-1",
        "1e999",
        -1,
        10**30,
        float("nan"),
        float("inf"),
        "\ud800",
        "a-->b\n\n<v X>",
        [[1]],
    ]
    # A list that is changed at the next draw would else be the same everywhere, or in itself.
).map(deepcopy) | st.text(max_size=12)


def reader(path: Path) -> Reader:
    return cast("Reader", import_module(f"player.intake.transcripts.programs.{FOLDERS[path.parent.name]}"))


def holds(path: Path, content: bytes) -> None:
    """Read a file, which may be refused, but not otherwise fail."""
    own = reader(path)
    assert own.is_one(path, content) in {True, False}
    with suppress(ArchiveError):
        are_whole(own.read(path, content))


@pytest.mark.sampled(14)
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
@given(data=st.data())
@broken
def test_a_file_with_bytes_that_were_changed(path: Path, data: st.DataObject) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 40))
        content[start : start + length] = data.draw(
            st.binary(max_size=12) | st.sampled_from([b'"', b"<", b"-", b"9" * 30])
        )
    holds(path, bytes(content))


@pytest.mark.sampled(14)
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
@given(share=st.floats(0, 1))
@broken
def test_a_file_that_was_cut_off(path: Path, share: float) -> None:
    content = path.read_bytes()
    holds(path, content[: round(share * len(content))])


@pytest.mark.sampled(14)
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
@given(content=st.binary(max_size=400))
@broken
def test_a_file_that_is_something_else(path: Path, content: bytes) -> None:
    holds(path, content)
    holds(path, path.read_bytes()[:60] + content)


def places(value: object) -> list[tuple[object, object]]:
    """Give each holder of a document with each key of it."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found: list[tuple[object, object]] = []
    for key, below in inner:
        found += [(value, key), *places(below)]
    return found


@pytest.mark.sampled(10)
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
@given(data=st.data())
@broken
def test_values_of_the_wrong_kind(path: Path, data: st.DataObject) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    for _ in range(data.draw(st.integers(1, 8))):
        holder, key = data.draw(st.sampled_from(places(document)))
        cast("dict[object, object]", holder)[key] = data.draw(ODD)
    holds(path, json.dumps(document).encode())

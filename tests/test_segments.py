"""A segment of an index rests on the recording itself; every other note names what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from player.archive.annotations import ANNOTATION_KINDS, SEGMENT, read_annotations
from player.errors import ArchiveError

if TYPE_CHECKING:
    from pathlib import Path

NOTE = (
    '[[annotation]]\nid = "a"\nkind = "{}"\ntitle = "The quay"\nbody = "Who built it."\nstart = "0:01"\nend = "0:02"\n'
)


def test_a_segment_may_have_a_title_alone(tmp_path: Path) -> None:
    path = tmp_path / "annotations.toml"
    path.write_text(NOTE.format(SEGMENT).replace('body = "Who built it."\n', ""), encoding="utf-8")
    assert read_annotations(path, ())[0].body == ""


@pytest.mark.parametrize("kind", ANNOTATION_KINDS)
def test_only_a_segment_may_go_without_a_source(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "annotations.toml"
    path.write_text(NOTE.format(kind), encoding="utf-8")
    if kind == SEGMENT:
        assert read_annotations(path, ())[0].citations == ()
        return
    with pytest.raises(ArchiveError, match=r'annotations\.toml:1: the key "sources" is missing; write sources = … '):
        read_annotations(path, ())

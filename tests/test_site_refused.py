"""``player export --site`` where a copy cannot be: it is told in a line, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from clip_server import LIMIT
from site_copy import contents, copied, export
from test_index_disk import OWN_MOUNTS, mounting

from player.web.site import in_place
from player.web.site.earlier import LIST

ROOT: Final = Path(__file__).resolve().parents[1]
#: A disk with what is at $1 and no room for more; one that may only be read.
FULL: Final = (
    'cp -a "$1" "$1-before" && mount -t tmpfs -o size=20m none "$1" && cp -a "$1-before/." "$1" '
    '&& { dd if=/dev/zero of="$1/filler" bs=64k 2>/dev/null; true; }'
)
READ_ONLY: Final = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"'


def run_where(mount: str, archive: Path, place: Path) -> subprocess.CompletedProcess[str]:
    """Make a copy in ``place``, where ``mount`` has put something; leave what is there then beside it."""
    script = f'{mount} && place=$1 && shift && "$@"; code=$?; rm -f "$place/filler"; cp -a "$place" "$place-after"'
    command = [sys.executable, "-m", "player", "export", "--site", str(place / "copy"), "--archive", str(archive)]
    return subprocess.run(
        [*(OWN_MOUNTS or ()), f"{script}; exit $code", "sh", str(place), *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )


@pytest.mark.long
@mounting
@pytest.mark.parametrize("is_made", [False, True], ids=["none made before", "one made before"])
@pytest.mark.parametrize(("mount", "why"), [(FULL, "no space left"), (READ_ONLY, "read-only file system")])
def test_where_it_cannot_be_written_that_is_told_and_what_was_there_stays(
    context_archive: Path, tmp_path: Path, mount: str, why: str, *, is_made: bool
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    if is_made:
        copied(context_archive, place / "copy")
    before = contents(place)
    record = context_archive / "transcripts/tones/recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("A tape", "Another tape"), encoding="utf-8")
    ran = run_where(mount, context_archive, place)
    assert ran.returncode == 1, (ran.stdout, ran.stderr)
    assert why in ran.stderr.lower()
    assert len(ran.stderr.splitlines()) == 1, ran.stderr
    after = Path(f"{place}-after")
    assert contents(after) == before
    assert [path.name for path in after.iterdir()] == (["copy"] if is_made else [])


@pytest.mark.long
def test_a_link_stays_and_the_copy_is_where_it_leads(context_archive: Path, tmp_path: Path) -> None:
    link, folder = tmp_path / "link", tmp_path / "web" / "copy"
    link.symlink_to(folder)
    copied(context_archive, link)
    (folder / "index.html").write_text("An older one.", encoding="utf-8")
    copied(context_archive, link, "--replace")
    assert link.readlink() == folder
    assert "An older one." not in contents(folder)["index.html"].decode()
    assert [path.name for path in folder.parent.iterdir()] == ["copy"]


@pytest.mark.parametrize(
    ("to", "why"),
    [("archive/media", "this is in the archive"), ("link", "leads nowhere"), ("a-file", "this is a file")],
)
def test_a_link_to_where_no_copy_can_be_is_refused(context_archive: Path, tmp_path: Path, to: str, why: str) -> None:
    (tmp_path / "a-file").write_text("Somebody's own.", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / to)
    before = contents(tmp_path)
    ran = export(context_archive, tmp_path / "link")
    assert (ran.exit_code, why in ran.output, len(ran.output.splitlines())) == (1, True, 1), ran.output
    assert contents(tmp_path) == before


@pytest.mark.long
def test_a_name_that_is_too_long_is_told(context_archive: Path, tmp_path: Path) -> None:
    ran = export(context_archive, tmp_path / ("x" * 300))
    assert (ran.exit_code, len(ran.output.splitlines())) == (1, 1), ran.output
    assert "name too long" in ran.output


@pytest.mark.parametrize("is_there", [False, True])
def test_what_a_killed_process_had_put_aside_comes_back_or_goes(tmp_path: Path, *, is_there: bool) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / LIST).write_text("before", encoding="utf-8")
    copy.replace(in_place._aside(copy))  # noqa: SLF001  # as where two folders cannot change places
    if is_there:
        copy.mkdir()
        (copy / LIST).write_text("after", encoding="utf-8")
    in_place.recover(copy, LIST)
    assert contents(tmp_path) == {f"copy/{LIST}": b"after" if is_there else b"before"}


def test_a_folder_that_somebody_made_meanwhile_leaves_what_was_put_aside(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    in_place._aside(copy).mkdir()  # noqa: SLF001  # likewise
    copy.mkdir()
    in_place.recover(copy, LIST)
    assert in_place._aside(copy).is_dir()  # noqa: SLF001  # likewise

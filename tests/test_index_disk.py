"""Where the index cannot be written, or not to its end, it is kept in memory, which is said, and shows the same."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from bench.many import Many, slug, write_archive
from clip_server import LIMIT
from index_contents import contents, fresh

from player.archive.archive import Archive
from player.index.index import Index

if TYPE_CHECKING:
    from collections.abc import Callable

FEW: Final = Many(recordings=6, lines=60, notes=3, beside=6)
PROGRAM: Final = Path(__file__).with_name("index_contents.py")
NOT_KEPT: Final = "the index cannot be kept"

pytestmark = pytest.mark.long


def _own_mounts() -> list[str] | None:
    """Give how to start a shell that may mount what nobody else sees; None where this machine does not let one."""
    for own in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        command = [*own, "sh", "-c"]
        try:
            done = subprocess.run([*command, "mount -t tmpfs -o size=100k none /mnt"], capture_output=True, check=False)
        except OSError:
            return None
        if done.returncode == 0:
            return command
    return None


OWN_MOUNTS: Final = _own_mounts()
mounting = pytest.mark.skipif(OWN_MOUNTS is None, reason="no file system can be mounted here")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("many") / "few", FEW)


@pytest.fixture(scope="module")
def whole(few: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    return fresh(few, tmp_path_factory.mktemp("whole"))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setenv("PLAYER_CACHE", str(folder))
    return folder


def look(root: Path, **options: Any) -> tuple[dict[str, list[str]], str]:
    """Look in a process of its own; give what the index then holds, and what was said."""
    return _done([sys.executable, str(PROGRAM), str(root)], **options)


def look_where(mount: str, root: Path, cache: Path) -> tuple[dict[str, list[str]], str]:
    """Do so where ``mount`` has put something at the place of the cache, which it has as $1."""
    script = f'{mount} && shift && exec "$@"'
    return _done([*(OWN_MOUNTS or ()), script, "-", str(cache), sys.executable, str(PROGRAM), str(root)])


def _done(command: list[str], **options: Any) -> tuple[dict[str, list[str]], str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT, **options)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found, done.stderr


def at_most(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("size", [0, 1, 4096, 20_000, 70_000, 150_000, 300_000])
def test_where_no_file_may_be_so_large_it_is_in_memory(
    few: Path, whole: dict[str, list[str]], cache: Path, size: int
) -> None:
    found, said = look(few, preexec_fn=at_most(size))
    assert found == whole
    assert said.count(NOT_KEPT) == 1, said
    assert look(few) == (whole, ""), cache


@mounting
@pytest.mark.parametrize("size", [8, 40, 100, 300])
def test_where_the_disk_is_full_it_is_in_memory_and_then_goes_on_from_what_is_there(
    few: Path, whole: dict[str, list[str]], cache: Path, size: int
) -> None:
    kept = cache.parent / "kept"
    mount = f'mount -t tmpfs -o size={size}k none "$1"'
    keep = f'{mount} && trap \'cp -a "$1" "{kept}"\' EXIT'
    script = f'{keep}; cache=$1; shift; "$@"; code=$?; set -- "$cache"; exit $code'
    found, said = _done([*(OWN_MOUNTS or ()), script, "-", str(cache), sys.executable, str(PROGRAM), str(few)])
    assert found == whole
    assert said.count(NOT_KEPT) == 1, said
    # There is room again.
    cache.rmdir()
    shutil.copytree(kept, cache)
    assert look(few) == (whole, "")


@mounting
def test_where_there_is_no_room_for_a_change_the_change_is_shown_and_kept_when_there_is(
    tmp_path: Path, cache: Path
) -> None:
    root = write_archive(tmp_path / "few", FEW)
    Index.of(Archive(root)).look()
    path = root / "transcripts" / slug(0) / "transcript.vtt"
    path.write_text(path.read_text(encoding="utf-8") * 3, encoding="utf-8")
    whole = fresh(root, tmp_path / "fresh")
    size = sum(path.stat().st_size for path in cache.rglob("*")) // 1024 + 40
    fill = f'cp -a "$1" "$1-copy" && mount -t tmpfs -o size={size}k none "$1" && cp -a "$1-copy/." "$1"'
    found, said = look_where(fill, root, cache)
    assert found == whole
    assert said.count(NOT_KEPT) <= 1
    assert look(root) == (whole, "")


@mounting
@pytest.mark.parametrize("is_made", [False, True], ids=["none made before", "one made before"])
def test_where_the_cache_can_only_be_read_it_is_in_memory(
    few: Path, whole: dict[str, list[str]], cache: Path, *, is_made: bool
) -> None:
    if is_made:
        Index.of(Archive(few)).look()
    found, said = look_where('mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"', few, cache)
    assert found == whole
    assert said.count(NOT_KEPT) <= 1 if is_made else said.count(NOT_KEPT) == 1, said  # what is there can be read


@mounting
def test_a_change_is_shown_where_the_cache_can_only_be_read(tmp_path: Path, cache: Path) -> None:
    root = write_archive(tmp_path / "few", FEW)
    Index.of(Archive(root)).look()
    path = root / "transcripts" / slug(0) / "recording.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('title = "', 'title = "Anew, '), encoding="utf-8")
    found, _ = look_where('mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"', root, cache)
    assert found == fresh(root, tmp_path / "fresh")


@pytest.mark.parametrize("there", ["a file", "a link to nowhere", "a loop of links"])
def test_where_the_cache_is_no_folder_it_is_in_memory(
    few: Path, whole: dict[str, list[str]], cache: Path, there: str
) -> None:
    cache.rmdir()
    if there == "a file":
        cache.touch()
    else:
        cache.symlink_to(cache if there == "a loop of links" else "/proc/nowhere/at-all")
    found, said = look(few)
    assert found == whole
    assert said.count(NOT_KEPT) == 1, said


def test_one_in_memory_follows_changes_too(tmp_path: Path, cache: Path) -> None:
    root = write_archive(tmp_path / "few", FEW)
    cache.rmdir()
    cache.touch()
    index = Index.of(Archive(root))
    index.look()
    shutil.rmtree(root / "transcripts" / slug(1))
    index.look()
    assert contents(index) == fresh(root, tmp_path / "fresh")

"""Whatever ends ``player export --site``, at whatever moment: the copy is as it was or as it will be, and whole."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import site_keeper
from context_files import add_context
from drawing import SEED, kills
from site_copy import contents
from small_archive import bind, write_archive

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.long

ROOT: Final = Path(__file__).resolve().parents[1]
PROGRAM: Final = Path(site_keeper.__file__)
LIMIT: Final = 300  # seconds until a test is given up; none is measured by it
#: `make bench` ends it a hundred times in each of the ways.
KILLS: Final = kills(3)
MINUTE: Final = 61  # seconds: a folder that is as new as that may yet be another process's
WORDS: Final = "transcripts/tones/transcript.vtt"


@dataclass(frozen=True)
class Copies:
    """An archive and where its copy is to be, with what that has before the archive was changed, and since."""

    archive: Path
    folder: Path
    before: dict[str, bytes] | None
    after: dict[str, bytes]

    def run(self, *how: str, moment: int = 0) -> subprocess.CompletedProcess[str]:
        """Make the copy, to its end or to a moment."""
        return subprocess.run(
            self.command(*how, moment=moment), env=environ(), capture_output=True, text=True, check=False, timeout=LIMIT
        )

    def command(self, *how: str, moment: int = 0) -> list[str]:
        return [sys.executable, str(PROGRAM), str(self.archive), str(self.folder), str(moment), *how]

    def begin(self, kept: Path) -> None:
        """Have the copy as it was, and nothing beside it."""
        shutil.rmtree(self.folder.parent, ignore_errors=True)
        self.folder.parent.mkdir()
        if self.before is not None:
            shutil.copytree(kept, self.folder)

    def check(self, how: Sequence[str], told: object) -> None:
        """Hold what a run has left to what must be so, and make the copy once more."""
        there = self.there()
        if there is None and self.before is not None and "apart" in how:  # between two renames
            (aside,) = self.folder.parent.glob(".tape-player-*.before")
            there = contents(aside)
        assert there in (self.before, self.after), told
        for left in self.folder.parent.glob(".tape-player-*.new"):
            os.utime(left, (time.time() - MINUTE,) * 2)
        ran = self.run(*how)
        assert ran.returncode == 0, (told, ran.stdout, ran.stderr)
        assert self.there() == self.after, told
        assert [path.name for path in self.folder.parent.iterdir()] == [self.folder.name], told

    def there(self) -> dict[str, bytes] | None:
        return contents(self.folder) if self.folder.exists() else None


def environ() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{PROGRAM.parent}"}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with an archive that was changed since it was copied, that copy, and one as it is now."""
    place = tmp_path_factory.mktemp("kept")
    archive = place / "archive"
    write_archive(archive)
    bind(archive)
    add_context(archive)
    for name in ("before", "after"):
        made = Copies(archive, place / name, None, {}).run()
        assert made.returncode == 0, made.stderr
        words, record = archive / WORDS, archive / "transcripts/tones/recording.toml"
        words.write_text(words.read_text(encoding="utf-8").replace("Silence", "Quiet"), encoding="utf-8")
        record.write_text(record.read_text(encoding="utf-8").replace("A tape", "Another tape"), encoding="utf-8")
    return place


@pytest.fixture(params=["made", "made anew"])
def copies(request: pytest.FixtureRequest, kept: Path, tmp_path: Path) -> Copies:
    before = contents(kept / "before") if request.param == "made anew" else None
    return Copies(kept / "archive", tmp_path / "out" / "copy", before, contents(kept / "after"))


@pytest.mark.parametrize("how", [(), ("apart",)], ids=["exchanged", "put aside"])
def test_it_ends_before_any_thing_that_it_does_to_a_file(copies: Copies, kept: Path, how: tuple[str, ...]) -> None:
    copies.begin(kept / "before")
    whole = copies.run(*how)
    found = re.search(r"things done: (\d+)", whole.stdout)
    assert found, (whole.stdout, whole.stderr)
    things = int(found[1])
    assert things >= 100, "`make bench` ends it at a hundred of them"
    drawn = random.Random(SEED)  # noqa: S311  # which moments, not a secret
    # Most of what it does is writing pages; the folders change places towards the end.
    moments = {things - drawn.randrange(12), *drawn.sample(range(1, things + 1), min(KILLS, things))}
    for moment in sorted(moments):
        copies.begin(kept / "before")
        ran = copies.run(*how, moment=moment)
        assert ran.returncode == -signal.SIGKILL, (moment, ran.stderr)
        copies.check(how, f"seed {SEED}, before thing {moment} of {things}")


def test_it_ends_at_any_time_with_the_processes_that_work_for_it(copies: Copies, kept: Path) -> None:
    copies.begin(kept / "before")
    since = time.monotonic()
    assert copies.run("beside").returncode == 0
    length = time.monotonic() - since
    drawn = random.Random(SEED)  # noqa: S311  # when, not a secret
    for _ in range(KILLS):
        copies.begin(kept / "before")
        moment = drawn.uniform(length / 4, length)
        with subprocess.Popen(copies.command("beside"), env=environ(), stdout=subprocess.DEVNULL) as process:
            timer = threading.Timer(moment, process.kill)
            timer.start()
            process.wait(timeout=LIMIT)
            timer.cancel()
        copies.check(("beside",), f"seed {SEED}, after {moment:.3f} of {length:.3f} s")

"""What a measured command has in memory is counted once, whatever numbers its processes have."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from bench import _watched as watching
from bench._processes import begun

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are told by Linux's /proc")


def test_who_began_first_is_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as stack:
        wait = [sys.executable, "-c", "input()"]
        first, second = (
            stack.enter_context(subprocess.Popen(wait, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)).pid
            for _ in range(2)
        )
        assert 0 < begun(os.getpid()) <= begun(first) <= begun(second)
        for ticks in ({first: 1, second: 2}, {first: 2, second: 1}):
            monkeypatch.setattr(watching, "begun", ticks.__getitem__)
            assert list(watching._apart([first, second])) == sorted(ticks, key=ticks.__getitem__)  # noqa: SLF001  # what is asked is which come, and in which order


def test_a_process_that_is_gone_began_at_no_time() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    assert begun(gone.pid) == 0

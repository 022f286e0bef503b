"""The threads of a server share the memory that the C library keeps for them."""

from __future__ import annotations

import platform
import subprocess
import sys
import textwrap

import pytest

# glibc reserves 64 MB of addresses for an arena, of which all but what is in use may not be touched.
PROGRAM = """
    import re, sys, threading
    from pathlib import Path
    from player import arenas

    if sys.argv[1] == "one":
        arenas.share_one()
    there, done = threading.Barrier(8), threading.Event()

    def take():
        there.wait()
        held = [bytes(50_000) for _ in range(20)]
        there.wait()
        done.wait()

    threads = [threading.Thread(target=take, daemon=True) for _ in range(7)]
    for thread in threads:
        thread.start()
    there.wait()
    there.wait()
    sizes = re.findall("^([0-9a-f]+)-([0-9a-f]+) ---p", Path("/proc/self/maps").read_text(), re.MULTILINE)
    print(sum(32 << 20 < int(end, 16) - int(start, 16) < 64 << 20 for start, end in sizes))
    done.set()
"""


def arenas(how: str) -> int:
    command = [sys.executable, "-c", textwrap.dedent(PROGRAM), how]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no arenas")
def test_threads_share_one_arena_where_they_are_told_to() -> None:
    assert arenas("each its own") > 1
    assert arenas("one") == 0


FAULTS = """
    import ctypes, resource, sys, zlib
    from player import arenas

    # As it is until something larger was freed, which no program is sure not to have done.
    ctypes.CDLL(None).mallopt(-1, 128 * 1024)
    if sys.argv[1] == "kept":
        arenas.keep_freed()
    text = b"a line, and another one; " * 400
    zlib.compress(text, 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(100):
        zlib.compress(text, 1)
    print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) // 100)
"""


def faults(how: str) -> int:
    """Give how many pages of memory are asked of the system for each answer that is compressed."""
    command = [sys.executable, "-c", textwrap.dedent(FAULTS), how]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries keep what was freed as they do")
def test_memory_that_was_freed_is_used_again_where_it_is_told_to() -> None:
    assert faults("given back") > 5
    assert faults("kept") == 0

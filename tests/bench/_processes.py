"""What processes cost: the processors' time, and memory, as Linux counts them (proc(5))."""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def processes_at(port: int) -> set[int]:
    """Give the processes that listen at ``port`` of 127.0.0.1."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
    (number,) = (words[9] for words in map(str.split, lines) if words[1:4:2] == [f"0100007F:{port:04X}", "0A"])
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        for path in _descriptors(process):
            with suppress(OSError):
                if str(path.readlink()) == f"socket:[{number}]":
                    found.add(int(process.name))
    return found


def _descriptors(process: Path) -> list[Path]:
    """Give those of a process; none where it has ended since it was listed, or belongs to others."""
    with suppress(OSError):
        return list((process / "fd").iterdir())
    return []


def with_children(processes: Iterable[int]) -> set[int]:
    """Give the processes, those that they started, and all that these started."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(path.parts[2])] = int(_state(path)[1])
    found = set(processes)
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def worked(process: int, *, with_ended: bool = True) -> float:
    """Give how many milliseconds of the processors a process has had, and those of its children that have ended."""
    times = map(int, _state(Path(f"/proc/{process}/stat"))[11 : 15 if with_ended else 13])
    return sum(times) * 1000 / os.sysconf("SC_CLK_TCK")


def begun(process: int) -> int:
    """Give when a process began, in ticks of its system's clock; 0 where it is gone."""
    with suppress(OSError):
        return int(_state(Path(f"/proc/{process}/stat"))[19])
    return 0


def memory(processes: Iterable[int], kind: str = "Pss") -> float:
    """Give the megabytes (10^6 bytes) of processes: what several share is divided among them (PSS), or is not (Rss)."""
    found = [Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii") for process in processes]
    return sum(int(re.findall(rf"^{kind}:\s+(\d+) kB", text, re.MULTILINE)[0]) for text in found) * 1024 / 1e6


def cost(command: Sequence[str], **variables: str) -> float:
    """Run a command to its end; give the seconds of the processors that it and all that it started took."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, **variables}) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return used.ru_utime + used.ru_stime


def _state(path: Path) -> list[str]:
    """Give the words of a ``stat`` after the name, which may hold anything: the state comes first, then the parent."""
    return path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()

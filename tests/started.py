"""Starts a player that serves, waits until it says where, and ends it."""

from __future__ import annotations

import re
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@contextmanager
def started(command: Sequence[str], **options: Any) -> Iterator[str]:
    """Start the command that serves, as ``subprocess.Popen`` does with ``options``; give the address it is at."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        address = re.search(r"http://\S+(?=/)", said)
        try:
            assert address, f"the server said {said!r}"
            yield address[0]
        finally:
            process.terminate()


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])

"""What a test starts can be ended by Ctrl-C, however the tests themselves were started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__)
HEARS = "import signal; print(all(signal.getsignal(n) != signal.SIG_IGN for n in (2, 1, 3)))"


def test_what_a_test_starts_hears_ctrl_c_and_the_end_of_a_terminal() -> None:
    assert subprocess.run([sys.executable, "-c", HEARS], check=True, capture_output=True).stdout == b"True\n"


@pytest.mark.long
@pytest.mark.parametrize("workers", ["0", "1"])
def test_it_does_where_the_tests_were_started_in_the_background_or_by_nohup(workers: str) -> None:
    first = test_what_a_test_starts_hears_ctrl_c_and_the_end_of_a_terminal.__name__
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", workers, f"{HERE}::{first}"]
    ignoring = ["sh", "-c", 'trap "" INT QUIT HUP; exec "$@"', "sh"]
    done = subprocess.run([*ignoring, *tests], capture_output=True, text=True, check=False, cwd=HERE.parents[1])
    assert done.returncode == 0, done.stdout
    deaf = subprocess.run([*ignoring, sys.executable, "-c", HEARS], check=True, capture_output=True).stdout
    assert deaf == b"False\n"


@pytest.mark.long
def test_those_who_ignored_ctrl_c_go_on_ignoring_it() -> None:
    code = (
        "import conftest, os, signal\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "conftest.pytest_configure()\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "print('still here')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=HERE.parent)
    assert (done.returncode, done.stdout) == (0, "still here\n"), done.stderr

"""In CI nothing is skipped, but for what a machine *is*: a plugin of pytest that makes a failure of any other skip."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
#: The whole of what CI may skip. That something is not installed is no such reason: see programs.py.
MAY_BE_SKIPPED = (
    "root may write anywhere",
    "no IPv6 here",
    "the root is no mount point here",  # in a chroot
    "the full texts are not beside the repository",
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Report a test that CI may not skip as failed."""
    report = yield
    return report if hasattr(report, "wasxfail") else _without_skip(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Report a whole file that CI may not skip as failed."""
    return _without_skip((yield))


def _without_skip(report: Report) -> Report:
    """Make a failure of a skip that is not among those that CI may have."""
    if report.skipped and os.environ.get("CI") and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if not reason.startswith(MAY_BE_SKIPPED):
            report.outcome = "failed"
            report.longrepr = f"CI may not skip this: {reason}\n(what it may skip is listed in tests/ci_skips.py)"
    return report

"""A small archive of its own for each test, the application over it, and a runner for the command."""

from __future__ import annotations

import gc
import os
import signal
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from context_files import add_context
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2.bccache import Bucket, BytecodeCache
from small_archive import bind, write_archive
from werkzeug.routing import Rule

from player import roots
from player.web.app import create_app
from player.web.serving.assets import static_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import CodeType

    from flask.testing import FlaskClient

pytest_plugins = ("basketing", "ci_skips", "drawing", "index_engines", "many_tapes")

# Most of what a test makes is gone with it. To look for what is not at every 700th thing took a tenth of their time.
gc.set_threshold(7_000)

# How long an example takes is the machine's business.
settings.register_profile(
    "whatever the machine",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("whatever the machine")


class _Compiled(BytecodeCache):
    """Templates as they were compiled for an application before: most tests make one of their own."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        # By the template's own text too, so that one that was changed is compiled again.
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Compiled()}


def _with_builders_kept() -> None:
    """Let what makes the addresses of a rule be compiled once: it takes half of the time that an application takes."""
    compiled: Callable[..., Any] = Rule._compile_builder  # noqa: SLF001  # where Werkzeug compiles it
    known: dict[Any, Any] = {}

    def kept(rule: Rule, append_unknown: bool = True) -> Any:
        key = (tuple(rule._trace), append_unknown)  # noqa: SLF001  # all that is compiled, without defaults
        if rule.defaults:
            return compiled(rule, append_unknown)
        if key not in known:
            known[key] = compiled(rule, append_unknown)
        return known[key]

    Rule._compile_builder = kept  # type: ignore[assignment, method-assign]  # noqa: SLF001  # as above


_with_builders_kept()


def _with_own_files_kept() -> None:
    """Let the program's own sheets and scripts be read once, and not for each application."""
    read = static_files._read  # noqa: SLF001  # what reads them
    own = cache(partial(read, roots.STATIC))
    static_files._read = lambda folder: own() if folder == roots.STATIC else read(folder)  # noqa: SLF001  # as above


_with_own_files_kept()


def pytest_configure() -> None:
    """Let whatever a test starts hear a signal that it is sent.

    ``nohup`` and a shell that starts something in the background let it ignore some, and so all that it starts. A
    handler is not handed down as that is: the tests go on ignoring them, and what they start begins as from a terminal.
    """
    for name in ("SIGINT", "SIGQUIT", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


def pytest_collection_finish() -> None:
    """Let nobody who looks for cycles look through all tests: half a million things, which stay to the end."""
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Say how many tests run at once: half as many again as there are cores, since many wait while a sound plays.

    On two cores the quick tests took 190 s by three, 214 s by four: each takes 5 s of CPU to find its tests, a Chromium
    of its own, and 0.9 GB, for which there are at most four more than cores.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + min(4, (cores + 1) // 2)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The small archive, this test's own."""
    return write_archive(tmp_path / "archive")


@pytest.fixture
def context_archive(archive: Path) -> Path:
    """The small archive with people, a chronology and a dossier around its recording; nothing is wrong with it."""
    bind(archive)
    return add_context(archive)


@pytest.fixture
def app(archive: Path) -> Flask:
    """The application over the small archive."""
    app = create_app(archive)
    app.testing = True
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application."""
    return app.test_client()


@pytest.fixture
def runner() -> CliRunner:
    """A runner of the ``player`` command."""
    return CliRunner()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's cache out of the tests, and the tests out of it."""
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    # A copy that is being made outlives the test that has opened a page.
    monkeypatch.setenv("PLAYER_COPY_MEGABYTES", "0")
    for name in ("PLAYER_ARCHIVE", "PLAYER_URL", "PLAYER_PROXIES", "PLAYER_ACCESS_LOG"):
        monkeypatch.delenv(name, raising=False)

"""The two commands of the set-up say what they need, and do their work once."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import programs
import pytest
import tones
from held_sounds import hold
from small_archive import write_archive
from tones import encode, encoded, write_tones

from player.stamp import close_stamp

ROOT = Path(__file__).parent.parent


def make(*told: str) -> subprocess.CompletedProcess[str]:
    # a make that runs these tests must not pass its own flags on
    environment = {
        name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MFLAGS", "MAKELEVEL"}
    }
    # The Python that the environment would be made of, where none is named: to look for one takes half a second.
    environment.setdefault("PYTHON", sys.executable)
    return subprocess.run(
        ["make", "--no-print-directory", *told], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """Give a place for a program that stands in for Python."""
    return tmp_path / "python"


def write(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.mark.long
@pytest.mark.parametrize(
    "target", ["run", "install", "test", "test-all", "check", "bench", "reading", "picture", "clean", "help"]
)
def test_each_target_can_be_made(target: str, tmp_path: Path) -> None:
    done = make("-n", target, f"VENV={tmp_path}/venv")
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "venv").exists()


def test_make_alone_lists_what_can_be_made() -> None:
    listed = [line.split()[0] for line in make().stdout.splitlines()]
    assert listed == ["help", "run", "install", "test", "test-all", "check", "bench", "reading", "picture", "clean"]


def test_what_make_run_installs_is_said_where_each_extra_is_declared() -> None:
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    extras = re.findall(r"((?:^#.*\n)+)^(\w+) = \[$", declared, re.MULTILINE)
    said = {name for comment, name in extras if "`make run` installs it too" in comment}
    (line,) = (each for each in make("-n", "install", "VENV=none").stdout.splitlines() if "--editable" in each)
    assert set(re.findall(r"'\.\[([\w,]+)\]'", line)[0].split(",")) == said


def test_the_tests_are_compiled_once_while_the_types_are_checked(tmp_path: Path) -> None:
    told, told_again = tmp_path / "told", tmp_path / "again"
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    for stamp in (".created", ".installed", ".test"):
        (venv / stamp).touch()
    write(venv / "bin" / "python", 'echo "$*${MYPY_NUM_WORKERS:+ by $MYPY_NUM_WORKERS}" >> "$TOLD"; [ "$2" != mypy ]')
    for path in (told, told_again):
        done = make("check", f"VENV={venv}", f"TOLD={path}")
        # mypy's word is the one that counts.
        assert done.returncode != 0
    assert "-m pytest --collect-only -qq\n" in told.read_text(encoding="utf-8")
    assert "pytest" not in told_again.read_text(encoding="utf-8")
    for path in (told, told_again):
        assert path.read_text(encoding="utf-8").splitlines()[:2] == ["-m ruff check .", "-m ruff format --check ."]
        assert "-m mypy by 2\n" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("cores", "tests"), [(1, 2), (2, 3), (4, 6), (8, 12), (16, 20), (64, 68)])
def test_more_tests_than_cores_run_at_once_as_far_as_there_is_memory(
    cores: int, tests: int, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("xdist")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    assert pytestconfig.hook.pytest_xdist_auto_num_workers(config=pytestconfig) == tests


def test_what_is_found_out_about_the_sounds_of_tests_is_kept_at_once(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive")
    wav = write_tones(tmp_path / "tones.wav", seconds=1)
    small = archive / "media" / "tones.wav"
    written = [small, wav, encoded(wav, "flac"), hold(archive, small)]
    assert [close_stamp(path).is_settled for path in written] == [True] * len(written)


def test_a_sound_that_many_tests_ask_for_is_encoded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (write_archive(tmp_path / name) / "media" / "tones.wav" for name in ("first", "second"))
    made = encode(first, first.with_suffix(".flac"), "-c:a", "flac")
    monkeypatch.setattr(tones, "ffmpeg", None)
    assert encode(second, second.with_suffix(".flac"), "-c:a", "flac").read_bytes() == made.read_bytes()


def test_the_address_is_chosen_by_host_and_port() -> None:
    assert "serve --host 0.0.0.0 --port 8001" in make("-n", "run", "HOST=0.0.0.0", "PORT=8001").stdout


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ('case "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac', "Python 3.11 or later is needed"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "apt-get install python3-venv"),
    ],
)
def test_a_python_that_will_not_do_is_refused_with_what_to_do(
    python: Path, tmp_path: Path, script: str, words: str
) -> None:
    done = make("install", f"PYTHON={write(python, script)}", f"VENV={tmp_path}/venv")
    assert done.returncode != 0
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "venv").exists()


def test_a_python_that_is_too_old_is_named(python: Path, tmp_path: Path) -> None:
    old = write(python, 'case "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac')
    assert "Python 3.9.2" in make("install", f"PYTHON={old}", f"VENV={tmp_path}/venv").stderr


def test_a_python_that_is_not_there_is_named_with_the_package_to_install(tmp_path: Path) -> None:
    done = make("install", "PYTHON=no-such-python", f"VENV={tmp_path}/venv")
    assert done.returncode != 0
    assert "no-such-python was not found" in done.stderr
    assert "apt-get install python3" in done.stderr


def test_the_environment_is_made_once(python: Path, tmp_path: Path) -> None:
    # stands in for Python, its venv and pip: it notes each call and makes the environment's own python
    calls = tmp_path / "calls"
    script = f'echo "$*" >> {calls}\nif [ "$2" = venv ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; fi'
    told = ("-j4", "install", f"PYTHON={write(python, script)}", f"VENV={tmp_path}/venv")
    assert make(*told).returncode == 0
    first = calls.read_text(encoding="utf-8").splitlines()
    assert sum("--editable" in call for call in first) == 1
    assert make(*told).returncode == 0
    assert calls.read_text(encoding="utf-8").splitlines() == first


def test_what_ci_runs_is_a_script_that_can_be_run() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    checked = subprocess.run(["bash", "-n", script], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A copy of what CI runs, where nothing is installed and what it would call is noted in ``calls``."""
    for name in (".ci/run", "tests/programs.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for found in ("bash", "dirname", "env"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / found).symlink_to(programs.find(found) or found)
    (tmp_path / "bin" / "python3").symlink_to(sys.executable)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to("/usr/bin/python3")
    for name in ("apt-get", "make"):
        write(tmp_path / "bin" / name, f'echo "{name} $* CI=$CI seed=$PLAYER_TEST_SEED" >> {tmp_path}/calls')
    return tmp_path


def run_ci(bare: Path, user: int, **settings: str) -> subprocess.CompletedProcess[str]:
    write(bare / "bin" / "id", f"echo {user}")
    return subprocess.run(
        [bare / ".ci" / "run"],
        env={"PATH": str(bare / "bin"), **settings},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_ci_installs_what_the_tests_ask_for_and_runs_them_all(bare: Path) -> None:
    done = run_ci(bare, 0)
    assert (done.returncode, done.stderr) == (0, "")
    *_, installed, tested = (bare / "calls").read_text(encoding="utf-8").splitlines()
    assert installed.startswith("apt-get install ")
    assert {"chromium", "firefox-esr", "poppler-utils"} <= set(installed.split())
    assert tested == "make test-all CI=true seed="


def test_ci_draws_the_same_examples_for_the_same_commit(bare: Path) -> None:
    write(bare / "bin" / "git", 'echo "00000ff3a9c1d2e4b5f60718293a4b5c6d7e8f90"')
    for settings, seed in ({}, "255"), ({"PLAYER_TEST_SEED": "7"}, "7"):
        assert run_ci(bare, 0, **settings).returncode == 0
        assert (bare / "calls").read_text(encoding="utf-8").splitlines()[-1] == f"make test-all CI=true seed={seed}"


def test_where_it_may_not_install_ci_says_what_is_missing(bare: Path) -> None:
    done = run_ci(bare, 1000)
    assert done.returncode == 1
    assert done.stderr.startswith("missing: ")
    assert "poppler-utils" in done.stderr
    assert not (bare / "calls").exists()

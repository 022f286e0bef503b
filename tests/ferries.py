"""Archives of several recordings, and commands over all of them as programs, here or with others."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import tiny_engine
from clusters import LIMIT
from tones import write_tones

from player.intake.beginning import begin

RECORD: Final = 'title = "Ferry {number}"\ndate = "1971"\nmedia = "ferry-{number}.wav"\n'
#: Has a process hear tones, and nothing else.
_TINY: Final = "import tiny_engine; tiny_engine.install()\n"


def write_ferries(root: Path, count: int, seconds: int = 4) -> Path:
    """Write an archive of recordings that say the first words of ``tiny_engine``, two in a line; none has times."""
    begin(root)
    blocks = [
        f"NOTE untimed k{number}\n{one} {other}.\n"
        for number, (one, other) in enumerate(zip(*[iter(tiny_engine.WORDS[:seconds])] * 2, strict=True), 1)
    ]
    for number in range(count):
        folder = root / "transcripts" / f"ferry-{number}"
        folder.mkdir()
        (folder / "recording.toml").write_text(RECORD.format(number=number), encoding="utf-8")
        (folder / "transcript.vtt").write_text("\n".join(["WEBVTT\n", *blocks]), encoding="utf-8")
        sound = root / "media" / f"ferry-{number}.wav"
        if number:
            shutil.copy(root / "media" / "ferry-0.wav", sound)
        else:
            write_tones(sound, seconds=seconds)
    return root


def hearing_tones(folder: Path) -> dict[str, str]:
    """Give the environment of processes that hear tones."""
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(_TINY, encoding="utf-8")
    program = Path(tiny_engine.__file__).parent
    return {"PYTHONPATH": os.pathsep.join(map(str, (folder, program, program.parent)))}


def told(root: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
    """Run a command over the archive, from the folder that it is in; give its exit code, and what it says."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "player", *arguments, "--archive", str(root)],
        cwd=root.parent,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )
    return done.returncode, done.stdout, done.stderr

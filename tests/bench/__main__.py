"""``make bench``: figures, each with what it is to be compared with. Nothing here passes or fails."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))  # as pytest does: `browser.talk`, `bench.following`


def main() -> None:
    """Run every module beside this one, or those that are named, and print the lines that each measures."""
    found = sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))
    for name in sys.argv[1:] or found:
        for line in import_module(f"bench.{name}").measure():
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

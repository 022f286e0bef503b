"""Names the files of what was changed at the desk and is not written yet, in the folder ``working`` of a recording."""

from __future__ import annotations

from typing import Final

#: What a working copy ends in; and what stands before the number in the name of one that was set aside.
SUFFIX: Final = ".jsonl"
SET_ASIDE: Final = ".set-aside-"

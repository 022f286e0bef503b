"""Sets what a clip gets by default, in a module that the command line can import without those that cut."""

from __future__ import annotations

from typing import Final

#: How long a clip fades in and out, in milliseconds: enough against clicks.
FADE: Final = 5
#: The format of a clip that has the recording's own bytes.
COPY: Final = "copy"
#: The silence between joined passages, in milliseconds.
GAP: Final = 500
#: The frames a second that an edit list can count in.
FPS: Final = ("23.976", "24", "25", "29.97", "30", "50", "59.94", "60")

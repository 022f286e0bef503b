"""How much memory a process has held at most, as a program that is run in it says."""

from __future__ import annotations

import sys
from typing import Final

_OF_LINUX: Final = """\
def own_peak():
    import re
    return int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) / 1024
"""
_ELSEWHERE: Final = """\
def own_peak():
    import resource, sys
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 ** 2 if sys.platform == "darwin" else 1024)
"""
#: Code that defines ``own_peak``, which gives megabytes. What getrusage says of itself may be what the process that
#: started it took: Linux keeps that over exec.
OWN_PEAK: Final = _OF_LINUX if sys.platform == "linux" else _ELSEWHERE

"""Memory that a block frees is kept for the next one: handing it back to the system and asking anew costs
a tenth of a block's time in page faults.
"""

from __future__ import annotations

import ctypes
import functools
import sys

_TRIM, _MMAP = -1, -3  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD of mallopt(3)
_ARRAY = 32 << 20  # bytes: the highest that the C library takes; larger arrays come and go as before
_KEPT = 512 << 20  # bytes at the top of the heap that are kept


@functools.cache
def keep_freed() -> bool:
    """Tell the C library to keep what is freed, where it can be told; whether it could."""
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and all(mallopt(*option) == 1 for option in ((_MMAP, _ARRAY), (_TRIM, _KEPT)))

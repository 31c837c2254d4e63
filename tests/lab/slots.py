"""At most four hosts run on this machine at once, whoever started them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

SLOTS = 4
FOLDER = Path("/run/lock/readiness-lab")


@contextmanager
def slot(seconds: float = 1800) -> Iterator[int]:
    """Hold one of the machine's places for a running host; raise TimeoutError when none comes free."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for number in range(SLOTS):
            lock = FileLock(FOLDER / f"slot-{number}")
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue
            try:
                yield number
            finally:
                lock.release()
            return
        time.sleep(0.5)
    raise TimeoutError(f"all {SLOTS} places for lab hosts stayed taken for {seconds:.0f} s")

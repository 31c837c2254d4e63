"""Holds a launch where flock does not exist: the kernel answers ENOSYS to this process (seccomp(2)).

`python -m tests.store.noflock FOLDER WHO` prints whom it took over from, or by whom it is held, and then
holds it until its standard input ends.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from pathlib import Path

from readiness_tui.errors import LaunchLockedError
from readiness_tui.store.lock import acquire

FLOCK = {"x86_64": 73, "aarch64": 32}
"""The system call's number, by machine."""

_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERRNO, _ENOSYS = 0x7FFF0000, 0x00050000, 38


def forbid_flock() -> None:
    """From now on there is no flock for this process."""
    program = (
        (_LOAD, 0, 0, 0),  # the number of the call
        (_EQUAL, 0, 1, FLOCK[os.uname().machine]),
        (_RETURN, 0, 0, _ERRNO | _ENOSYS),
        (_RETURN, 0, 0, _ALLOW),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    for call in ((_NO_NEW_PRIVILEGES, 1, 0, 0, 0), (_SECCOMP, _FILTER, ctypes.addressof(header), 0, 0)):
        if libc.prctl(*map(ctypes.c_ulong, call)) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


def main() -> None:
    """Hold it."""
    forbid_flock()
    try:
        lock = acquire(Path(sys.argv[1]), sys.argv[2])
    except LaunchLockedError as error:
        print(error.message, flush=True)
        return
    print(f"mine, before {lock.taken_over.who if lock.taken_over else 'nobody'}", flush=True)
    sys.stdin.read()
    lock.release()


if __name__ == "__main__":
    main()

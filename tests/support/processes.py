"""Ends what a test has started, and only that, even when a daemon has moved to a session of its own.

The process that calls adopt_orphans() becomes the parent of whatever its descendants leave behind
(PR_SET_CHILD_SUBREAPER), so that "mine" is a question of ancestry, never of a name.
"""

import ctypes
import os
import signal
import time

_PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans():
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def _parents():
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    fields = file.read().rsplit(b")", 1)[1].split()
            except OSError:
                continue
            if fields[0] != b"Z":
                parents[int(name)] = int(fields[1])
    return parents


def descendants(of=None):
    """Ids of all living descendants of a process (default: this one), children first."""
    root = of or os.getpid()
    parents = _parents()
    found, layer = [], [root]
    while layer:
        layer = [pid for pid, parent in parents.items() if parent in layer]
        found += layer
    return found


def reap():
    """Collects ended children nobody waits for any more."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _signal(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            pass


def end_descendants(of=None, grace=3.0):
    """SIGTERM, then SIGKILL, to every descendant; returns how many there were."""
    first = descendants(of)
    _signal(first, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while descendants(of) and time.monotonic() < deadline:
        if of is None:
            reap()
        time.sleep(0.02)
    _signal(descendants(of), signal.SIGKILL)
    if of is None:
        time.sleep(0.05)
        reap()
    return len(first)

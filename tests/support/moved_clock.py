"""A service whose clock a test moves while it runs (libfaketime).

    with Clock() as clock, MovedService(clock, engine="sqlite") as service:
        …
        clock.set("+31d")
"""

import os
import tempfile
import unittest.mock

from service import Service

LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


class Clock:
    """A clock in a file, for the processes started around()."""

    def __init__(self, when="+0d"):
        if not os.path.exists(LIBRARY):
            raise FileNotFoundError(f"{LIBRARY}: deploy/setup --tests installs faketime")
        self._file = tempfile.NamedTemporaryFile("w", prefix="clock-")
        self._variables = {"LD_PRELOAD": LIBRARY, "FAKETIME_TIMESTAMP_FILE": self._file.name, "FAKETIME_NO_CACHE": "1",
                           "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1", "TZ": "UTC"}
        self.set(when)

    def set(self, when):
        """ "+31d" from now, or "@2027-03-28 00:59:50" and running on from there."""
        self._file.seek(0)
        self._file.truncate()
        self._file.write(when)
        self._file.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    def around(self):
        return unittest.mock.patch.dict(os.environ, self._variables)


class MovedService(Service):
    """Commands beside it keep the machine's clock."""

    def __init__(self, clock, **more):
        super().__init__(**more)
        self._clock = clock

    def start(self):
        with self._clock.around():
            super().start()

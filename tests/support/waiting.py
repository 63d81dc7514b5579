"""Waiting for a condition instead of for time."""

import time


class TimedOut(AssertionError):
    pass


def wait_until(condition, timeout=30.0, what="the condition", interval=0.05):
    """Returns the first truthy value of condition(); raises TimedOut when there is none in time."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimedOut(f"{what}: not within {timeout:g} s; last value {value!r}")
        time.sleep(interval)

"""A scenario's figures, each a line "name value target pass|fail" with tabs between.

    card = Scorecard("framing_gate", expected=["H1", "H2"])
    tearDownModule = card.finish          # an expected line that nobody wrote is a failure

    class Framing(unittest.TestCase):
        def test_h1(self):
            card.line("H1 Content-Length with Transfer-Encoding", status, "400, closed", status == 400)

The first word of a name is what tests/scorecard knows the line by. A line that says fail fails the test that wrote
it (after the line is out); put lines that must all come into subTest()s. Lines go to standard output, or into the
file that CONVOKE_TEST_SCORECARD names.
"""

import os
import re
import sys
import threading


class LineFailed(AssertionError):
    pass


class LineMissing(AssertionError):
    pass


def _field(value):
    """Anything as one field: no tab, no line end."""
    return re.sub(r"\s+", " ", str(value)).strip() or "-"


class Scorecard:
    def __init__(self, name, expected=()):
        self.name, self._expected, self._seen, self._lock = name, list(expected), set(), threading.Lock()

    def line(self, name, value, target, ok):
        """Writes the line down; raises LineFailed unless `ok`."""
        name = _field(name)
        text = "\t".join((name, _field(value), _field(target), "pass" if ok else "fail"))
        with self._lock:
            self._seen.add(name.split(" ")[0])
            path = os.environ.get("CONVOKE_TEST_SCORECARD")
            if path:
                with open(path, "a") as file:
                    file.write(text + "\n")
            else:
                print(text, file=sys.stdout, flush=True)
        if not ok:
            raise LineFailed(text)

    def finish(self):
        """Raises LineMissing for what was expected and never came (unless only some tests were chosen)."""
        missing = [name for name in self._expected if name.split(" ")[0] not in self._seen]
        if missing and not os.environ.get("CONVOKE_TEST_SELECTED"):
            raise LineMissing(f"{self.name}: no line for {', '.join(missing)}")

"""Every #include of every room against the table of the house: which room may use which.

Linking alone does not catch a header that reaches into another room, so all files are read.
"""

import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Rooms by folder, the deepest first; what each may include of the others. Values are made of values: who may use
# service/domain may use calendar/, whose types domain's are made of. service/core is every service room's base.
_CORE = {"service/core"}
_VALUES = _CORE | {"service/domain", "calendar"}
_DOOR = _VALUES | {"service/usecases", "service/http", "notifications/rendering"}
ROOMS = {
    "config": set(),
    "calendar": set(),
    "notifications/rendering": {"calendar"},
    "notifications": {"calendar", "notifications/rendering"},
    "service/core": {"calendar"},
    "service/domain": _CORE | {"calendar"},
    "service/store": _VALUES,
    "service/usecases": _VALUES | {"service/store"},
    "service/http": _CORE | {"calendar"},
    "service/api": _DOOR,
    "service/web": _DOOR,
    "service/feeds": _DOOR,
    "service/caldav": _DOOR,
    "service/jobs": _VALUES | {"service/usecases", "notifications", "notifications/rendering"},
}
# The command line puts everything together, and so does main.cpp.
ASSEMBLY = ("service/cli/", "service/main.cpp")
# A verb runs in a transaction that its caller opens: these headers are the seam. What a door may not do with them is
# checked below: no SQL outside of service/store/.
SEAM = {"service/store/database.hpp", "service/store/transaction.hpp"}
SEAM_USERS = {"service/api", "service/web", "service/feeds", "service/caldav", "service/jobs"}
# calendar/failure.hpp is the one failure type of every room.
FAILURE = "calendar/failure.hpp"

# Libraries that only some may see: start of the include, and the folders or files that may name it.
LIBRARIES = {
    "libical/": ("calendar/",),
    "date/": ("calendar/",),
    "sqlite3.h": ("service/store/",),
    "libpq-fe.h": ("service/store/",),
    "boost/beast": ("service/http/session", "service/core/boost_beast.cpp"),
    "boost/asio": ("notifications/", "service/"),
    "openssl/": ("notifications/", "service/http/", "service/core/"),
    "gmime/": ("notifications/",),
    "kainjow/": ("notifications/rendering/",),
    "toml++/": ("config/",),
    "CLI/": ("service/cli/",),
    "spdlog/": ("service/core/",),
}
NEVER = {"service/domain": ("boost/asio",), "service/usecases": ("boost/asio",),
         "notifications/rendering": ("boost/asio", "openssl/")}

_SQL = re.compile(r'"\s*(?:SELECT\s|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)')
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^">]+)[">]', re.M)


def room_of(path):
    return next((room for room in sorted(ROOMS, key=len, reverse=True) if path.startswith(room + "/")), None)


def violations(path, text):
    """What one file of the house may not include, as sentences."""
    room, found = room_of(path), []
    if not path.startswith("service/store/") and _SQL.search(text):
        found.append(f"{path} holds SQL: {_SQL.search(text)[0]}")
    for bracket, target in _INCLUDE.findall(text):
        for start, allowed in LIBRARIES.items():
            if target.startswith(start) and not path.startswith(allowed):
                found.append(f"{path} includes <{target}>, which belongs to {' and '.join(allowed)}")
        if any(target.startswith(start) for start in NEVER.get(room, ())):
            found.append(f"{path} includes <{target}>, which {room} must not know")
        if bracket == "<" or path.startswith(ASSEMBLY):
            continue
        if target.startswith(".") or (ROOT / path).parent.joinpath(target).is_file() and not (ROOT / target).is_file():
            found.append(f"{path} includes \"{target}\": include paths start at the root")
        other = room_of(target)
        if target.startswith("service/cli/"):
            found.append(f"{path} includes {target}: nothing uses the command line")
        elif other is None or other == room or other in ROOMS.get(room, set()) or target == FAILURE:
            continue
        elif not (target in SEAM and room in SEAM_USERS):
            found.append(f"{path} includes {target}: {room} may use {', '.join(sorted(ROOMS[room])) or 'no other room'}")
    return found


def sources():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "--",
                             "*.cpp", "*.hpp", "*.h", "*.cc"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    for name in sorted(set(listed.stdout.split("\n")) - {""}):
        if not name.startswith("tests/") and (ROOT / name).is_file():
            yield name, (ROOT / name).read_text()


class House(unittest.TestCase):
    def test_every_include_is_allowed(self):
        found, count = [], 0
        for name, text in sources():
            count += 1
            found += violations(name, text)
        self.assertGreater(count, 10, "the files of the house were not found")
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_every_source_file_is_in_a_room(self):
        lost = [name for name, _ in sources() if room_of(name) is None and not name.startswith(ASSEMBLY)]
        self.assertEqual(lost, [])

    def test_planted_violations_are_found(self):
        for path, line in [
                ("calendar/a.cpp", '#include "service/domain/event.hpp"'),
                ("calendar/a.cpp", '#include "notifications/letter.hpp"'),
                ("config/a.cpp", '#include "calendar/zone.hpp"'),
                ("notifications/a.cpp", '#include "service/store/database.hpp"'),
                ("notifications/rendering/a.cpp", '#include "notifications/letter.hpp"'),
                ("service/domain/a.cpp", '#include "service/store/database.hpp"'),
                ("service/domain/a.cpp", '#include "notifications/letter.hpp"'),
                ("service/store/a.cpp", '#include "service/http/message.hpp"'),
                ("service/usecases/a.cpp", '#include "service/http/message.hpp"'),
                ("service/usecases/a.cpp", "  #  include <boost/asio/awaitable.hpp>"),
                ("service/http/a.cpp", '#include "service/domain/event.hpp"'),
                ("service/http/router.cpp", "#include <boost/beast/http.hpp>"),
                ("service/api/a.cpp", '#include "service/store/events.hpp"'),
                ("service/web/a.cpp", "#include <sqlite3.h>"),
                ("service/jobs/a.cpp", '#include "service/http/message.hpp"'),
                ("service/api/a.cpp", '#include "service/cli/options.hpp"'),
                ("service/api/a.cpp", "#include <libical/ical.h>"),
                ("service/api/a.cpp", '#include "../usecases/events.hpp"'),
                ("service/api/a.cpp", 'tx.run("SELECT id FROM event")')]:
            with self.subTest(path=path, line=line):
                self.assertTrue(violations(path, "#pragma once\n" + line + "\n"))

    def test_what_the_table_allows_is_not_found(self):
        for path, line in [
                ("service/api/a.cpp", '#include "service/usecases/events.hpp"'),
                ("service/api/a.cpp", '#include "service/store/database.hpp"'),
                ("service/http/session_plain.cpp", "#include <boost/beast/http.hpp>"),
                ("service/cli/a.cpp", '#include "service/http/server.hpp"'),
                ("config/a.cpp", '#include "calendar/failure.hpp"'),
                ("service/store/sqlite/a.cpp", "#include <sqlite3.h>")]:
            with self.subTest(path=path, line=line):
                self.assertEqual(violations(path, line + "\n"), [])


if __name__ == "__main__":
    unittest.main()

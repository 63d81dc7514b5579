"""Thunderbird on a screen of its own (Xvfb), with a new profile whose only calendar is a subscription.

    with Thunderbird(feed_url, zone="Europe/Dublin") as program:
        program.occurrences(first_day, last_day)   # what it shows, as it shows it
        program.picture(path, day)                 # the week of that day

It is asked through Marionette, its own protocol for remote control, so that what is compared is what the program
computed and draws, not what the feed says.
"""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile

from waiting import wait_until

_CALENDAR = "11111111-2222-4333-8444-555555555555"

_READ = """
const [first, last, done] = arguments;
(async () => {
  const {cal} = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
  const items = await cal.manager.getCalendars()[0].getItemsAsArray(
    Ci.calICalendar.ITEM_FILTER_ALL_ITEMS | Ci.calICalendar.ITEM_FILTER_CLASS_OCCURRENCES, 0,
    cal.createDateTime(first), cal.createDateTime(last));
  const zone = cal.dtz.defaultTimezone;
  return items.map(item => {
    const start = item.startDate.isDate ? item.startDate : item.startDate.getInTimezone(zone);
    return {uid: item.id, title: item.title, zone: zone.tzid, status: item.status, all_day: item.startDate.isDate,
            sequence: item.getProperty("SEQUENCE"), transparent: item.getProperty("TRANSP") == "TRANSPARENT",
            utc: item.startDate.nativeTime / 1000000, day: start.icalString.slice(0, 8),
            time: start.isDate ? null : `${String(start.hour).padStart(2, "0")}:${String(start.minute).padStart(2, "0")}`};
  });
})().then(items => done({items}), error => done({error: String(error)}));
"""

_SHOW = """
const [day] = arguments;
const {cal} = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const window = Services.wm.getMostRecentWindow("mail:3pane");
window.resizeTo(window.screen.width, window.screen.height);
window.moveTo(0, 0);
for (const id of ["today-pane-panel", "bottom-events-box"]) {
  const part = window.document.getElementById(id);
  if (part) part.hidden = part.collapsed = true;
}
window.switchToView("week");
window.goToDate(cal.createDateTime(day));
const view = window.currentView();
view.scrollToMinute?.(8 * 60);
return view.getItems ? view.getItems().length : -1;
"""

_REFRESH = """
const {cal} = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
for (const calendar of cal.manager.getCalendars()) calendar.refresh();
"""


class Marionette:
    """Length-prefixed JSON: [0, id, command, parameters] there, [1, id, error, result] back."""

    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._left, self._id = b"", 0
        self._receive()
        self("WebDriver:NewSession", capabilities={})
        self("Marionette:SetContext", value="chrome")

    def _receive(self):
        while b":" not in self._left:
            self._more()
        length, self._left = self._left.split(b":", 1)
        while len(self._left) < int(length):
            self._more()
        message, self._left = self._left[:int(length)], self._left[int(length):]
        return json.loads(message)

    def _more(self):
        got = self._socket.recv(65536)
        if not got:
            raise ConnectionError("Thunderbird closed its remote control")
        self._left += got

    def __call__(self, command, **parameters):
        self._id += 1
        message = json.dumps([0, self._id, command, parameters]).encode()
        self._socket.sendall(str(len(message)).encode() + b":" + message)
        _, _, error, answer = self._receive()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return answer

    def run(self, script, *arguments):
        return self("WebDriver:ExecuteScript", script=script, args=list(arguments))["value"]

    def run_async(self, script, *arguments):
        return self("WebDriver:ExecuteAsyncScript", script=script, args=list(arguments), scriptTimeout=60000)["value"]

    def close(self):
        self._socket.close()


class Thunderbird:
    def __init__(self, url, zone):
        self._url, self._zone, self._processes = url, zone, []

    def __enter__(self):
        for program in ("thunderbird", "Xvfb", "import"):
            if not shutil.which(program):
                raise FileNotFoundError(f"{program}: deploy/setup --tests installs it")
        self._place = pathlib.Path(tempfile.mkdtemp(prefix="thunderbird-"))
        try:
            self._start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_):
        self._end()

    def _start(self):
        profile, home = self._place / "profile", self._place / "home"
        profile.mkdir()
        home.mkdir()
        (profile / "user.js").write_text("".join(
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in self._preferences().items()))
        display = self._screen()
        self._environment = dict(os.environ, DISPLAY=display, HOME=str(home), TZ=self._zone, MOZ_CRASHREPORTER_DISABLE="1",
                                 LC_ALL="C.UTF-8")
        with open(self._place / "log", "wb") as log:
            self._processes.append(subprocess.Popen(
                ["thunderbird", "--profile", str(profile), "--no-remote", "--marionette", "--remote-allow-system-access",
                 "-calendar"], env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True))
        port = profile / "MarionetteActivePort"
        wait_until(lambda: self._processes[-1].poll() is not None or (port.exists() and port.read_text().strip()), 180,
                   "Thunderbird's remote control")
        if self._processes[-1].poll() is not None:
            raise RuntimeError(f"Thunderbird ended: {(self._place / 'log').read_text(errors='replace')[-3000:]}")
        self._remote = Marionette(int(port.read_text()))
        wait_until(lambda: self._remote.run(
            "const window = Services.wm.getMostRecentWindow('mail:3pane');"
            "return !!window && window.document.readyState == 'complete' && typeof window.goToDate == 'function'"), 120,
            "Thunderbird's window")

    def _screen(self):
        """A screen on a number that is free; Xvfb says which."""
        read, write = os.pipe()
        self._processes.append(subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"], pass_fds=[write],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        os.close(write)
        with os.fdopen(read) as said:
            number = said.readline().strip()
        if not number:
            raise RuntimeError("Xvfb found no free screen")
        return f":{number}"

    def _preferences(self):
        registry = f"calendar.registry.{_CALENDAR}."
        return {
            registry + "type": "ics", registry + "uri": self._url, registry + "name": "Convoke",
            registry + "cache.enabled": True, registry + "readOnly": True, registry + "refreshInterval": "60",
            registry + "calendar-main-in-composite": True, registry + "color": "#00008b",
            "calendar.list.sortOrder": _CALENDAR, "calendar.timezone.local": self._zone,
            "calendar.timezone.useSystemTimezone": False, "calendar.week.start": 1, "calendar.view.daystarthour": 7,
            "calendar.view.visiblehours": 12, "marionette.port": 0,
            # Nothing of it asks the network or greets a new user.
            "mail.provider.suppress_dialog_on_startup": True, "mail.spotlight.firstRunDone": True, "mail.rights.version": 1,
            "mailnews.start_page.enabled": False, "mailnews.start_page_override.mstone": "ignore",
            "mail.shell.checkDefaultClient": False, "mail.inappnotifications.enabled": False, "mail.accounthub.enabled": False,
            "app.update.enabled": False, "app.normandy.enabled": False, "extensions.update.enabled": False,
            "datareporting.policy.dataSubmissionPolicyBypassNotification": True, "network.proxy.type": 0,
            "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
        }

    def occurrences(self, first, last):
        """Every occurrence from `first` until `last` ("20270301"), series expanded: uid, title, utc (seconds), day and
        time as the program shows them in its zone, status."""
        answer = self._remote.run_async(_READ, first, last)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return sorted(answer["items"], key=lambda one: (one["utc"], one["title"]))

    def refresh(self):
        self._remote.run(_REFRESH)

    def picture(self, path, day):
        """The week that holds `day`, as a PNG file."""
        self._remote.run(_SHOW, day)
        month = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        wait_until(lambda: self._remote.run(
            "const view = Services.wm.getMostRecentWindow('mail:3pane').currentView();"
            "const date = view.selectedDay ?? view.startDate;"
            "return `${date.year}-${String(date.month + 1).padStart(2, '0')}-${String(date.day).padStart(2, '0')}`") == month,
            30, f"the week of {month} on the screen")
        # Two equal pictures in a row: it has finished drawing.
        last = None

        def still():
            nonlocal last
            subprocess.run(["import", "-window", "root", str(path)], env=self._environment, check=True)
            now = subprocess.run(["identify", "-format", "%#", str(path)], stdout=subprocess.PIPE, check=True).stdout
            same, last = now == last, now
            return same

        wait_until(still, 60, "a picture that stands still", interval=1)

    def _end(self):
        remote = getattr(self, "_remote", None)
        if remote:
            try:
                remote("Marionette:Quit", flags=["eForceQuit"])
            except (OSError, RuntimeError, ConnectionError):
                pass
            remote.close()
        for process in reversed(self._processes):
            try:
                process.wait(20 if remote else 0.1)
            except subprocess.TimeoutExpired:
                pass
            remote = None
            if process.poll() is None:
                if process.args[0] == "Xvfb":
                    process.terminate()
                else:
                    os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self._place, ignore_errors=True)

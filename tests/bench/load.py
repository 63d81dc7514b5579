"""Load and what it costs: wrk against a server, with the server's own CPU time and memory.

Not a test: machines differ. Figures are quoted as ratios of targets measured turn by turn in the same run.
"""

import os
import re
import statistics
import subprocess
import tempfile
import time

_TICKS = os.sysconf("SC_CLK_TCK")
_MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}


def process_tree(pid):
    """The process and all that descend from it."""
    children = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat") as file:
                children.setdefault(int(file.read().rsplit(")", 1)[1].split()[1]), []).append(int(entry))
        except OSError:
            pass  # ended meanwhile
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return found


def cpu_seconds(pids):
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def pss_mib(pids):
    """Proportional set size: shared pages are divided among those who share them."""
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            total += int(re.search(r"^Pss:\s+(\d+)", file.read(), re.M)[1])
    return total / 1024


class Target:
    """A server under load. `headers`: sent with each request."""

    def __init__(self, name, url, pid, headers=None, connections=64):
        self.name, self.url, self.pid = name, url, pid
        self.headers, self.connections, self.rounds = headers or {}, connections, []


def _milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * _MILLISECONDS[unit]


def _round(target, seconds):
    pids = process_tree(target.pid)
    # A core each: else the kernel may put the server and its client on one.
    for pid in pids:
        subprocess.run(["taskset", "-apc", "0", str(pid)], stdout=subprocess.DEVNULL, check=True)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write("".join(f"wrk.headers[ [==[{name}]==] ] = [==[{value}]==]\n" for name, value in target.headers.items()))
        script.flush()
        before = cpu_seconds(pids)
        done = subprocess.run(["taskset", "-c", "1", "wrk", "-t1", f"-c{target.connections}", f"-d{seconds}s", "--latency",
                               "--timeout", "20s", "-s", script.name, target.url],
                              capture_output=True, text=True, check=True)
        used = cpu_seconds(pids) - before
    text = done.stdout
    count = int(re.search(r"(\d+) requests in", text)[1])
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    errors = re.search(r"Socket errors: (.*)", text)
    if count == 0 or failed or errors:
        raise RuntimeError(f"{target.name}: {text}")
    target.rounds.append({
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
        "p50": _milliseconds(re.search(r"^\s+50%\s+(\S+)", text, re.M)[1]),
        "p99": _milliseconds(re.search(r"^\s+99%\s+(\S+)", text, re.M)[1]),
        "cpu": 1e6 * used / count,
        "pss": pss_mib(pids)})


def compare(title, targets, rounds=5, seconds=2):
    """Every target once a round, the order turned each time; prints a table and answers the medians of the ratios to
    the first target, pair by pair."""
    for target in targets:
        target.rounds.clear()
    for number in range(rounds):
        for target in targets if number % 2 == 0 else targets[::-1]:
            _round(target, seconds)
            time.sleep(0.2)  # what the last requests left in the queues
    print(f"\n{title}: wrk -c{targets[0].connections} -d{seconds}s, {rounds} rounds in turn, medians\n"
          f"{'':12}{'req/s':>10}{'ratio':>8}{'(least-most)':>16}{'p50 ms':>9}{'p99 ms':>9}{'CPU us/req':>12}{'PSS MiB':>9}")
    ratios = {}
    for target in targets:
        pairs = [mine["rate"] / first["rate"] for mine, first in zip(target.rounds, targets[0].rounds)]
        ratios[target.name] = statistics.median(pairs)
        middle = {key: statistics.median(one[key] for one in target.rounds) for key in target.rounds[0]}
        print(f"{target.name:12}{middle['rate']:10,.0f}{ratios[target.name]:8.2f}{f'({min(pairs):.2f}-{max(pairs):.2f})':>16}"
              f"{middle['p50']:9.2f}{middle['p99']:9.2f}{middle['cpu']:12.1f}{middle['pss']:9.1f}", flush=True)
    return ratios

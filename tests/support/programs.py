"""The helper programs of tests/programs, built when a scenario first asks for them."""

import fcntl
import json
import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def program(name):
    """The path of a program, built beside the service under test (or in build/) if need be."""
    service = os.environ.get("CONVOKE_BINARY", os.path.join(ROOT, "build", "convoke"))
    place = os.path.dirname(os.path.abspath(service))
    with open(os.path.join(place, "programs.lock"), "w") as lock:  # two scenarios may ask at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(["cmake", "--build", place, "--target", name], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{name} does not build:\n{done.stdout[-3000:]}")
    return os.path.join(place, "tests", "programs", name)


def answers(command, orders, environment=None):
    """One JSON answer for each JSON order, by a program that reads and writes them line by line."""
    sent = "".join(json.dumps(order) + "\n" for order in orders)
    done = subprocess.run(command, input=sent.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=environment)
    if done.returncode != 0:
        raise RuntimeError(f"{command[-1]} ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    if len(found) != len(orders):
        raise RuntimeError(f"{command[-1]}: {len(found)} answers to {len(orders)} orders")
    return found

"""What the scripts share: timing in batches, and the JSON line that tells what came of it."""

import ctypes
import json
import os
import signal
import statistics
import sys
import time

MIB = 1 << 20
REPEATS = 9
PR_SET_PDEATHSIG = 1


def missing(system, error):
    sys.exit(f"{system} is not set up ({error}): run `tests/peers/setup python`")


def prepare():
    """For a script to call first."""
    # Through the `finally` blocks, so that nothing that was started stays behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    # One core for both processes, as children inherit it. They take turns anyway, and a call takes two to three times
    # as long when the scheduler happens to put them on two cores, which it does or does not for a whole run.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def end_with_parent():
    """For a child to call first: it ends when its parent does, however that ends."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def sample(batch, *, calls=1, ops=1, repeats=REPEATS):
    """Nanoseconds per operation, one figure a repeat.

    A repeat calls `batch` so many times, and each call does so many operations. One more goes before, to warm up.
    """
    figures = []
    for _ in range(1 + repeats):
        start = time.perf_counter_ns()
        for _ in range(calls):
            batch()
        figures.append((time.perf_counter_ns() - start) / (calls * ops))
    return figures[1:]


def lives(remote, repeats):
    """Starts remotes one after the other: the nanoseconds that each took to its first answer, and its memory.

    `remote` is a context manager that is entered when the first call has been answered. It gives the process id.
    """
    starts, memory = [], []
    for _ in range(1 + repeats):
        start = time.perf_counter_ns()
        with remote() as pid:
            starts.append(time.perf_counter_ns() - start)
            memory.append(unshared(pid))
    return starts[1:], memory[1:]


def persistently(connect, *refusals):
    """Connects to a server that is about to come up, and is refused in one of these ways until then."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return connect()
        except refusals:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.0005)


def unshared(pid):
    """The bytes of memory that this process shares with no other."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:
        return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def brief(figures, unit="ns"):
    """The median of these figures and the best of them, for a note."""
    median = statistics.median(figures)
    if unit == "bytes":
        scale, name = MIB, "MiB"
    else:
        scale, name = next((it for it in [(1e6, "ms"), (1e3, "us")] if median >= it[0]), (1, "ns"))
    return f"{median / scale:.1f} {name}, best {min(figures) / scale:.1f}"


class System:
    """One of the peers."""

    def __init__(self, name, version):
        self.name = name
        self.version = version

    def report(self, what, figures, note=None, unit="ns"):
        line = {
            "system": self.name,
            "version": self.version,
            "what": what,
            "unit": unit,
            "median": round(statistics.median(figures), 1),
            "min": round(min(figures), 1),
        }
        if note:
            line["note"] = note
        print(json.dumps(line), flush=True)

    def report_lives(self, ways, repeats=REPEATS):
        """`cold_start` and `memory` of the way to start a remote that is best at it; the others go into the note."""
        results = {way: lives(remote, repeats) for way, remote in ways.items()}
        for what, index, unit in [("cold_start", 0, "ns"), ("memory", 1, "bytes")]:
            figures = {way: result[index] for way, result in results.items()}
            best = min(figures, key=lambda way: statistics.median(figures[way]))
            others = [f"{way}: {brief(it, unit)}" for way, it in figures.items() if way != best]
            self.report(what, figures[best], "; ".join([best, *others]), unit)

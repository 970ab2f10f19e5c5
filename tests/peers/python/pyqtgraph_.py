"""`pyqtgraph.multiprocess`: proxies of the objects in another process; both ends poll."""

import contextlib
import itertools
import os
import signal

import timing
from counter import ITEMS

try:
    import pyqtgraph
    from pyqtgraph.multiprocess import ForkedProcess, Process, proxy
except ImportError as error:
    timing.missing("pyqtgraph", error)

FETCHED = 20
# A call takes ten milliseconds.
REPEATS = 5
# With a ForkedProcess, whose connection is a socket pair, so many fill its buffers, and both ends block for ever.
WINDOW = 4000


@contextlib.contextmanager
def started(kind, **options):
    """A remote process, and the module with the counter in it."""
    remote = kind()
    try:
        remote.setProxyOptions(**options)
        yield remote, remote._import("counter")
    except BaseException:
        # Not asked to end, as it may be stuck in a message.
        os.kill(process_id(remote), signal.SIGKILL)
        raise
    remote.join()


def process_id(remote):
    return remote.childPid if isinstance(remote, ForkedProcess) else remote.proc.pid


@contextlib.contextmanager
def answering(kind):
    """A remote that has answered a first call; gives its process id."""
    with started(kind, deferGetattr=True) as (remote, module):
        module.Counter().add(1)
        yield process_id(remote)


def of_each_kind():
    """What the two kinds of process differ in: a call and a chain as written, and an object made and let go."""
    call, chain, create = {}, {}, {}
    for kind, calls in [(ForkedProcess, 5), (Process, 2)]:
        with started(kind) as (remote, module):
            deep = module.Counter(4)
            call[kind] = timing.sample(lambda: deep.add(1), calls=calls, repeats=REPEATS)
            chain[kind] = timing.sample(lambda: deep.inner.inner.inner.inner.add(1), repeats=REPEATS)
            remote.setProxyOptions(deferGetattr=True)
            create[kind] = timing.sample(lambda: module.Counter(), calls=calls, repeats=REPEATS)
    return call, chain, create


def pipelined(counter):
    """Calls that are all sent before the first result is asked for."""
    requests = [counter.add(1, _callSync="async") for _ in range(WINDOW)]
    for request in requests:
        request.result()


def main():
    timing.prepare()
    system = timing.System("pyqtgraph", pyqtgraph.__version__)
    system.report_lives(
        {"ForkedProcess": lambda: answering(ForkedProcess), "Process": lambda: answering(Process)},
        repeats=REPEATS,
    )

    call, chain, create = of_each_kind()
    with started(ForkedProcess, deferGetattr=True) as (_, module):
        counter = module.Counter(4)
        system.report(
            "call",
            timing.sample(lambda: counter.add(1), calls=20, repeats=REPEATS),
            f"deferGetattr; without it: {timing.brief(call[ForkedProcess])}; Process: {timing.brief(call[Process])}",
        )
        tell = proxy(lambda n: n)
        system.report(
            "callback_100",
            timing.sample(lambda: counter.call_back(tell, 100), ops=100, repeats=REPEATS),
        )
        system.report("chain", chain[ForkedProcess], f"Process: {timing.brief(chain[Process])}")
        system.report(
            "chain_deferred",
            timing.sample(lambda: counter.inner.inner.inner.inner.add(1), calls=10, repeats=REPEATS),
            "deferGetattr",
        )
        system.report(
            "create_release", create[ForkedProcess], f"deferGetattr; Process: {timing.brief(create[Process])}"
        )
        numbers = counter.items(_returnType="proxy")
        by_value = timing.brief(timing.sample(lambda: counter.items(), ops=ITEMS))
        system.report(
            "iterate",
            timing.sample(lambda: sum(itertools.islice(numbers, FETCHED)), ops=FETCHED, repeats=REPEATS),
            f"{FETCHED} items, one call each; a list by value: {by_value}",
        )
        data = os.urandom(timing.MIB)
        system.report("argument_1mib", timing.sample(lambda: counter.size(data), calls=5))
        system.report("echo_1mib", timing.sample(lambda: counter.echo(data), calls=5))

    with started(Process, deferGetattr=True) as (_, module):
        counter = module.Counter()
        system.report(
            "pipelined",
            timing.sample(lambda: pipelined(counter), ops=WINDOW),
            f"async, {WINDOW} outstanding; with Process, as a ForkedProcess takes fewer",
        )


if __name__ == "__main__":
    main()

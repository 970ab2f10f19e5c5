"""RPyC over a Unix socket: a plain service, not the classic mode, in which the remote may run code in the caller."""

import contextlib
import itertools
import multiprocessing
import os
import tempfile

import timing
from counter import ITEMS, Counter

try:
    import rpyc
    from rpyc.core.channel import Channel
    from rpyc.utils.helpers import buffiter
    from rpyc.utils.server import OneShotServer
except ImportError as error:
    timing.missing("RPyC", error)

WINDOW = 50
CONFIG = {"allow_public_attrs": True}


class CounterService(rpyc.Service):
    exposed_Counter = Counter


def serve(path):
    timing.end_with_parent()
    OneShotServer(CounterService, socket_path=path, protocol_config=CONFIG).start()


@contextlib.contextmanager
def started(method="fork"):
    """A server in a process of its own, and the connection to it."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "socket")
        server = multiprocessing.get_context(method).Process(target=serve, args=(path,))
        server.start()
        try:
            connection = timing.persistently(
                lambda: rpyc.utils.factory.unix_connect(path, config=CONFIG), FileNotFoundError, ConnectionRefusedError
            )
            yield server, connection
        finally:
            server.kill()
            server.join()


@contextlib.contextmanager
def answering(method):
    """A remote that has answered a first call; gives its process id."""
    with started(method) as (server, connection):
        connection.root.Counter().add(1)
        yield server.pid


def pipelined(add):
    """Calls that are all sent before the first result is asked for."""
    for result in [add(1) for _ in range(WINDOW)]:
        result.wait()


def megabytes():
    """The times of 1 MiB as an argument, and of 1 MiB there and back."""
    data = os.urandom(timing.MIB)
    with started() as (_, connection):
        counter = connection.root.Counter()
        size, echo = counter.size, counter.echo
        return timing.sample(lambda: size(data), calls=2), timing.sample(lambda: echo(data), calls=2)


def main():
    timing.prepare()
    system = timing.System("RPyC", rpyc.__version__)
    system.report_lives(
        {
            "server forked": lambda: answering("fork"),
            "server in a new interpreter": lambda: answering("spawn"),
        }
    )

    with started() as (_, connection):
        make = connection.root.Counter
        counter = make(4)
        add = counter.add
        as_written = timing.brief(timing.sample(lambda: counter.add(1), calls=500))
        system.report(
            "call",
            timing.sample(lambda: add(1), calls=2000),
            f"the bound method, fetched once; as written: {as_written}",
        )
        add_async = rpyc.async_(add)
        system.report(
            "pipelined",
            timing.sample(lambda: pipelined(add_async), calls=20, ops=WINDOW),
            f"async, {WINDOW} outstanding",
        )
        call_back = counter.call_back
        for times, calls in [(100, 10), (1000, 1), (5000, 1)]:
            callbacks = timing.sample(lambda: call_back(lambda n: n, times), calls=calls, ops=times, repeats=7)
            system.report(f"callback_{times}", callbacks)
        system.report("chain", timing.sample(lambda: counter.inner.inner.inner.inner.add(1), calls=50))
        system.report("create_release", timing.sample(lambda: make(), calls=100))
        items = counter.items()
        one_by_one = timing.brief(timing.sample(lambda: sum(itertools.islice(items, 1000)), ops=1000))
        system.report(
            "iterate",
            timing.sample(lambda: sum(buffiter(items, max_chunk=1000)), ops=ITEMS),
            f"buffiter, in chunks of up to 1000; one call an item: {one_by_one}",
        )

    compressed = megabytes()
    # A server that is forked has it from here.
    Channel.COMPRESSION_THRESHOLD = 2 * timing.MIB
    for what, figures, slower in zip(["argument_1mib", "echo_1mib"], megabytes(), compressed):
        system.report(what, figures, f"compression off; with it, as is the default: {timing.brief(slower)}")


if __name__ == "__main__":
    main()

"""Pyro5 over a Unix socket, with msgpack, which is faster than the serializer it takes by default."""

import contextlib
import multiprocessing
import os
import tempfile
import threading

import timing
from counter import ITEMS, Counter

try:
    import msgpack  # noqa: F401, as Pyro5 goes without it if it has to
    import Pyro5
    from Pyro5.api import BatchProxy, Daemon, Proxy, expose
    from Pyro5.errors import CommunicationError
except ImportError as error:
    timing.missing("Pyro5", error)

Pyro5.config.SERIALIZER = "msgpack"
BATCH = 500


@expose
class PyroCounter(Counter):
    """Known to the daemon, as only then it goes by proxy."""

    @property
    def nested(self):
        return self.inner

    def call_back(self, listener, times):
        super().call_back(listener.tell, times)


# The methods that it inherits.
expose(Counter)


@expose
class Factory:
    def __init__(self, daemon):
        self.daemon = daemon

    def create(self, depth=0):
        counter = each = PyroCounter(depth)
        while each:
            self.daemon.register(each)
            each = each.inner
        return counter

    def release(self, object_id):
        self.daemon.unregister(object_id)

    def stream(self):
        return iter(range(ITEMS))


@expose
class Listener:
    """The caller's object, which the remote calls back."""

    def tell(self, n):
        return n


def serve(path):
    timing.end_with_parent()
    daemon = Daemon(unixsocket=path)
    daemon.register(Factory(daemon), "factory")
    daemon.requestLoop()


def connect(path):
    factory = Proxy(f"PYRO:factory@./u:{path}")
    factory._pyroBind()
    return factory


@contextlib.contextmanager
def started(method="fork"):
    """A server in a process of its own, and the proxy of its factory."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "socket")
        server = multiprocessing.get_context(method).Process(target=serve, args=(path,))
        server.start()
        try:
            yield server, timing.persistently(lambda: connect(path), CommunicationError)
        finally:
            server.kill()
            server.join()


@contextlib.contextmanager
def answering(method):
    """A remote that has answered a first call; gives its process id."""
    with started(method) as (server, factory):
        factory.create().add(1)
        yield server.pid


@contextlib.contextmanager
def listening():
    """An object of this process to be called back, which a thread serves."""
    with tempfile.TemporaryDirectory() as folder:
        daemon = Daemon(unixsocket=os.path.join(folder, "socket"))
        listener = Listener()
        daemon.register(listener)
        thread = threading.Thread(target=daemon.requestLoop)
        thread.start()
        try:
            yield listener
        finally:
            daemon.shutdown()
            thread.join()


def create_and_release(factory):
    counter = factory.create()
    factory.release(counter._pyroUri.object)


def batch(counter):
    """Calls that go in one message."""
    calls = BatchProxy(counter)
    for _ in range(BATCH):
        calls.add(1)
    for _ in calls():
        pass


def main():
    timing.prepare()
    system = timing.System("Pyro5", Pyro5.__version__)
    system.report_lives(
        {
            "server forked": lambda: answering("fork"),
            "server in a new interpreter": lambda: answering("spawn"),
        }
    )

    with started() as (_, factory):
        counter = factory.create()
        counter._pyroSerializer = "serpent"
        serpent = timing.brief(timing.sample(lambda: counter.add(1), calls=2000))
        counter._pyroSerializer = "msgpack"
        system.report(
            "call",
            timing.sample(lambda: counter.add(1), calls=2000),
            f"msgpack; serpent, the default: {serpent}",
        )
        system.report(
            "pipelined",
            timing.sample(lambda: batch(counter), calls=2, ops=BATCH),
            f"a BatchProxy of {BATCH} calls",
        )
        with listening() as listener:
            for times, calls in [(100, 10), (1000, 1), (5000, 1)]:
                callbacks = timing.sample(lambda: counter.call_back(listener, times), calls=calls, ops=times)
                system.report(f"callback_{times}", callbacks, "served by a thread in the caller")
        deep = factory.create(4)
        system.report(
            "chain",
            timing.sample(lambda: deep.nested.nested.nested.nested.add(1), calls=20),
            "each proxy opens a connection of its own",
        )
        system.report(
            "create_release",
            timing.sample(lambda: create_and_release(factory), calls=100),
            "released by a call of its own, as there is no other way",
        )
        by_value = timing.brief(timing.sample(lambda: counter.items(), ops=ITEMS))
        system.report(
            "iterate",
            timing.sample(lambda: sum(factory.stream()), ops=ITEMS, repeats=5),
            f"an item stream, one call an item; a list by value: {by_value}",
        )
        data = os.urandom(timing.MIB)
        system.report("argument_1mib", timing.sample(lambda: counter.size(data), calls=20))
        system.report("echo_1mib", timing.sample(lambda: counter.echo(data), calls=20))


if __name__ == "__main__":
    main()

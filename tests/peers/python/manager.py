"""`multiprocessing.managers`: the standard library's own way to live objects in another process."""

import contextlib
import multiprocessing
import os
import platform
import threading
from multiprocessing.managers import BaseManager, BaseProxy

import timing
from counter import ITEMS, Counter


class ManagedCounter(Counter):
    def get_inner(self):
        return self.inner

    def call_back(self, listener, times):
        super().call_back(listener.tell, times)


def items():
    return iter(range(ITEMS))


class Listener:
    """The caller's object, which the remote calls back."""

    def tell(self, n):
        return n


class GeneratorProxy(BaseProxy):
    """As the documentation of `multiprocessing` has it."""

    _exposed_ = ["__next__"]

    def __iter__(self):
        return self

    def __next__(self):
        return self._callmethod("__next__")


class Remote(BaseManager):
    """The process that has the objects."""


class Caller(BaseManager):
    """The server in this process that takes the callbacks."""


METHODS = ["add", "get_inner", "call_back", "size", "echo", "items"]
Remote.register("Counter", ManagedCounter, exposed=METHODS, method_to_typeid={"get_inner": "Inner"})
# A type of its own, as one with a constructor would be called with the object to wrap.
Remote.register("Inner", exposed=METHODS, method_to_typeid={"get_inner": "Inner"}, create_method=False)
Remote.register("items", items, proxytype=GeneratorProxy)
Caller.register("Listener", Listener, exposed=["tell"])


@contextlib.contextmanager
def started(method):
    """A remote that has answered a first call; gives its process id."""
    remote = Remote(ctx=multiprocessing.get_context(method))
    remote.start(initializer=timing.end_with_parent)
    with remote:
        remote.Counter().add(1)
        yield remote._process.pid


def listener():
    """A proxy to a listener in this process, which a thread serves."""
    # Threads that come and go with each connection, and the socket: all end with the process.
    server = Caller().get_server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    caller = Caller(address=server.address)
    caller.connect()
    return caller.Listener()


def main():
    timing.prepare()
    system = timing.System("multiprocessing manager", platform.python_version())
    # First, while there is no thread that a fork could not take along.
    system.report_lives(
        {
            "fork, the default": lambda: started("fork"),
            "spawn": lambda: started("spawn"),
        }
    )

    remote = Remote()
    remote.start(initializer=timing.end_with_parent)
    with remote:
        counter = remote.Counter()
        system.report("call", timing.sample(lambda: counter.add(1), calls=4000))
        note = "served by a thread in the caller"
        tell = listener()
        for times, calls in [(100, 10), (1000, 1), (5000, 1)]:
            callbacks = timing.sample(lambda: counter.call_back(tell, times), calls=calls, ops=times)
            system.report(f"callback_{times}", callbacks, note)
        deep = remote.Counter(4)
        system.report(
            "chain",
            timing.sample(lambda: deep.get_inner().get_inner().get_inner().get_inner().add(1), calls=20),
            "methods that give proxies, as attributes are out of reach",
        )
        system.report(
            "create_release",
            timing.sample(lambda: remote.Counter(), calls=50),
            "to make it, to count its proxy and to release it, each by a new connection",
        )
        by_value = timing.brief(timing.sample(lambda: counter.items(), ops=ITEMS))
        system.report(
            "iterate",
            timing.sample(lambda: sum(1 for _ in remote.items()), ops=ITEMS, repeats=7),
            f"a generator's proxy, one call an item; a list by value: {by_value}",
        )
        data = os.urandom(timing.MIB)
        system.report("argument_1mib", timing.sample(lambda: counter.size(data), calls=50))
        system.report("echo_1mib", timing.sample(lambda: counter.echo(data), calls=50))


if __name__ == "__main__":
    main()

"""The object that every remote has."""

ITEMS = 10_000


class Counter:
    """Counts. Others are nested in it, so deep."""

    def __init__(self, depth=0):
        self.count = 0
        self.inner = type(self)(depth - 1) if depth else None

    def add(self, by):
        self.count += by
        return self.count

    def call_back(self, tell, times):
        for n in range(times):
            tell(n)

    def size(self, data):
        return len(data)

    def echo(self, data):
        return data

    def items(self):
        return list(range(ITEMS))

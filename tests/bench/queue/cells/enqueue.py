"""B: how fast runs are enqueued, one by one by eight clients and in bulk by one."""

from adapter import ask


def measure(peer, database, options):
    ask(peer, database, "prepare")
    single = ask(peer, database, "enqueue", count=options.singles, batch=1, clients=8)
    wal = database.wal()
    bulk = ask(peer, database, "enqueue", count=options.runs, batch=1000, clients=1)
    open_count = database.value(peer.about["open"])
    return {
        "single": single["count"] / single["seconds"],
        "bulk": bulk["count"] / bulk["seconds"],
        "wal": (database.wal() - wal) / bulk["count"],
        "lost": single["count"] + bulk["count"] - open_count,
    }

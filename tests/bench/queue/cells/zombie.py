"""F and G: a worker is frozen past its lease and wakes up while a second try runs; does its completion count?

In F the frozen worker was the first to start, so it leads where peers have a leader; in G an older worker lives on.
"""

import contextlib
import signal
import time

from adapter import Adapter, ask

LEASE = 2
PATIENCE = 45
HOLD = 8
RUN = 7
LEADER_SLOTS = 2


def freeze_the_leader(peer, database, options):
    ask(peer, database, "prepare")
    return freeze(peer, database)


def freeze_another(peer, database, options):
    ask(peer, database, "prepare")
    # The leader's slots are taken, so that it leaves the next run to the zombie.
    with worker(peer, database, slots=LEADER_SLOTS) as leader:
        ask(peer, database, "enqueue", count=LEADER_SLOTS, batch=1, clients=1, hold=300)
        for _ in range(LEADER_SLOTS):
            leader.hear("start", timeout=30)
        return freeze(peer, database)


def freeze(peer, database):
    with worker(peer, database) as zombie:
        ask(peer, database, "enqueue", **{"from": RUN}, count=1, batch=1, clients=1, hold=HOLD)
        frozen_at = zombie.hear("start", timeout=30)["at"]
        with worker(peer, database) as heir:
            zombie.signal(signal.SIGSTOP)
            with contextlib.suppress(TimeoutError):
                second = heir.hear("start", timeout=PATIENCE)
                while second["n"] != RUN:
                    second = heir.hear("start", timeout=PATIENCE)
                return {"recovered": second["at"] - frozen_at, "accepted": wake(peer, database, zombie, frozen_at, second["at"])}
            return {"recovered": None, "accepted": None}


def wake(peer, database, zombie, frozen_at, second_at):
    """Whether the run counts as done while its second try still works on it."""
    # The first try must be over when it wakes, and the second must have begun.
    time.sleep(max(0.0, frozen_at + HOLD + 0.3 - time.time(), second_at + 0.5 - time.time()))
    zombie.signal(signal.SIGCONT)
    while time.time() < second_at + HOLD - 0.3:
        if database.value(peer.about["done"], n=RUN):
            return True
        time.sleep(0.02)
    return False


@contextlib.contextmanager
def worker(peer, database, slots=4):
    with Adapter(peer, database, "work", slots=slots, lease=LEASE, say=True) as adapter:
        adapter.hear("ready")
        yield adapter

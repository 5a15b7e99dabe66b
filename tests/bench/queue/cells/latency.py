"""C: how long an idle worker takes from the call that enqueues a run to the start of its work."""

from adapter import ask


def measure(peer, database, options):
    ask(peer, database, "prepare")
    count = min(options.samples, peer.most_samples)
    samples = sorted(ask(peer, database, "latency", slots=peer.slots, samples=count)["samples"])

    def at(share):
        return samples[int((len(samples) - 1) * share)]

    return {"samples": count, "p50": at(0.5), "p99": at(0.99), "max": samples[-1]}

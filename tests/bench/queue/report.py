"""The figures as people read them: one table per cell, in Markdown."""

import statistics

TITLES = {
    "A": "Burn-down of a full queue, one worker process",
    "B": "Enqueue: one by one by eight clients, and in calls of 1,000 by one",
    "C": "From the call that enqueues to the start of the work, on an idle worker (ms)",
    "D": "500 runs a second; in the middle third a transaction is left open",
    "E": "Recovery after kill -9, lease 2 s where it can be set",
    "F": "The zombie: the worker that started first is frozen past its lease and wakes while a second try runs",
    "G": "The zombie again: another worker, older than the frozen one, lives",
}
NOT_SEEN = "never (45 s waited)"


def brief(figures):
    """One line for the terminal."""
    return ", ".join(f"{key} {number(value)}" for key, value in figures.items())


def number(value):
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "–"}[value]
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return " / ".join(number(each) for each in value)
    return str(value)


def markdown(meta, peers, results):
    about = meta["options"]
    lines = [
        f"Machine: {meta['machine']}; binaries of `target/{meta['binaries']}`; {about['repeat']} repetitions of A–C in a "
        f"shuffled order, a fresh database for each; min / median / max.",
    ]
    for cell, title in TITLES.items():
        rows = [(peer, [result for result in results if result["cell"] == cell and result["peer"] == peer.name]) for peer in peers]
        rows = [(peer, found) for peer, found in rows if found]
        if rows:
            lines += ["", f"### {cell}. {title}", "", *TABLES[cell](rows, about)]
    lines += ["", "### The peers", "", "| peer | version | what it keeps of a finished run | settings |", "| --- | --- | --- | --- |"]
    lines += [f"| {peer.name} | {peer.about['version']} | {peer.about['keeps']} | {peer.about['settings']} |" for peer in peers]
    return "\n".join(lines) + "\n"


def spread(found, key):
    values = sorted(result[key] for result in found if result.get(key) is not None)
    if not values:
        return "–"
    if len(values) == 1:
        return number(values[0])
    return f"{number(values[0])} / **{number(float(statistics.median(values)))}** / {number(values[-1])}"


def middle(found, key):
    values = [result[key] for result in found if result.get(key) is not None]
    return number(float(statistics.median(values))) if values else "–"


def worst(found, key):
    values = [result[key] for result in found if result.get(key) is not None]
    return number(max(values)) if values else "–"


def table(head, rows, cells):
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join(["---"] * len(head)) + " |"]
    for peer, found in rows:
        good = [result for result in found if "error" not in result]
        if good:
            words = cells(good)
            if len(good) < len(found):
                words[0] += f" ({len(found) - len(good)} of {len(found)} failed)"
        else:
            words = ["failed: " + found[0]["error"].replace("|", "/")[:120]] + [""] * (len(head) - 2)
        lines.append("| " + " | ".join([peer.name, *words]) + " |")
    return lines


def burn_down(rows, about):
    return table(
        ["peer", "runs", "runs/s", "transactions/run", "WAL bytes/run", "dead tuples after", "lost", "doubled"], rows,
        lambda found: [number(found[0]["runs"]), spread(found, "per_second"), middle(found, "transactions"), middle(found, "wal"),
                       middle(found, "dead"), worst(found, "lost"), worst(found, "doubled")],
    )


def enqueue(rows, about):
    return table(
        ["peer", "single/s", "bulk/s", "WAL bytes/run in bulk", "lost"], rows,
        lambda found: [spread(found, "single"), spread(found, "bulk"), middle(found, "wal"), worst(found, "lost")],
    )


def latency(rows, about):
    return table(
        ["peer", "samples", "p50", "p99", "max"], rows,
        lambda found: [number(found[0]["samples"]), spread(found, "p50"), spread(found, "p99"), worst(found, "max")],
    )


def steady(rows, about):
    return table(
        ["peer", "enqueued/s", "handled/s by thirds", "p50 ms by thirds", "p99 ms by thirds", "transactions/run", "WAL bytes/run",
         "dead tuples, pinned", "drained after (s)", "left open", "lost", "doubled"], rows,
        lambda found: [number(found[0][key]) for key in ("produced", "rates", "p50s", "p99s", "transactions", "wal", "dead", "drained",
                                                         "left", "lost", "doubled")],
    )


def recovery(rows, about):
    def cells(found):
        seconds = found[0]["seconds"]
        return [NOT_SEEN if seconds is None else f"{seconds:.1f}", number(found[0]["robbed"])]

    return table(["peer", "seconds until another began it", "taken from a worker that lives"], rows, cells)


def zombie(rows, about):
    def cells(found):
        recovered, accepted = found[0]["recovered"], found[0]["accepted"]
        return [NOT_SEEN if recovered is None else f"{recovered:.1f}", {True: "accepted", False: "refused", None: "–"}[accepted]]

    return table(["peer", "seconds until the second try", "stale completion"], rows, cells)


TABLES = {"A": burn_down, "B": enqueue, "C": latency, "D": steady, "E": recovery, "F": zombie, "G": zombie}

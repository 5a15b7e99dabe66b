"""A running adapter: its words as they come, its signals, its end."""

import collections
import json
import os
import queue
import signal
import subprocess
import threading
import time


class Adapter:
    """One process of a peer; ended on leaving."""

    def __init__(self, peer, database, verb, **options):
        self.name = f"{peer.name} {verb}"
        self.process = subprocess.Popen(
            [*peer.command, verb, json.dumps(options)],
            env={**os.environ, **peer.environment, "DATABASE_URL": database.url if database else ""},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=peer.folder,
        )
        self.words = queue.Queue()
        self.complaints = collections.deque(maxlen=8)
        threading.Thread(target=self._listen, daemon=True).start()
        threading.Thread(target=self._collect_complaints, daemon=True).start()

    def _listen(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                self.words.put(json.loads(line))
        self.words.put(None)

    def _collect_complaints(self):
        for line in self.process.stderr:
            self.complaints.append(line.rstrip())

    def hear(self, event, timeout=120, heard=None):
        """The next word of this name; others are put into `heard`."""
        end = time.monotonic() + timeout
        while True:
            try:
                word = self.words.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"{self.name} did not say {event} within {timeout} s") from None
            if word is None:
                self.process.wait(10)
                raise RuntimeError(f"{self.name} ended with {self.process.returncode}: {' | '.join(self.complaints)}")
            if word["event"] == event:
                return word
            if heard is not None:
                heard.append(word)

    def heard(self):
        """Everything said by now."""
        words = []
        while True:
            try:
                word = self.words.get_nowait()
            except queue.Empty:
                return words
            if word is not None:
                words.append(word)

    def signal(self, number):
        self.process.send_signal(number)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.stdin.close()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)


def ask(peer, database, verb, timeout=600, **options):
    """Runs a verb that ends by itself; its last `result` or `describe`."""
    with Adapter(peer, database, verb, **options) as adapter:
        if verb == "prepare":
            adapter.process.wait(timeout)
            if adapter.process.returncode != 0:
                time.sleep(0.1)
                raise RuntimeError(f"{adapter.name} failed: {' | '.join(adapter.complaints)}")
            return None
        return adapter.hear("describe" if verb == "describe" else "result", timeout)

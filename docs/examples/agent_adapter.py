#!/usr/bin/env python3
"""A reference adapter for agent steps: the protocol of docs/STEPS.md in the standard library alone.

Replace `work` with your agent. Work is kept in memory here, so it goes on when a Runboard worker is
restarted, but not when this program is.

    python3 agent_adapter.py --port 8090
"""
import argparse, json, threading, uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOCK = threading.Condition()
BY_ID, BY_KEY = {}, {}


class Work:
    def __init__(self, given):
        self.id, self.given, self.canceled = uuid.uuid4().hex, given, threading.Event()
        self.events, self.state = [], {"status": "running", "output": None, "error": None, "artifacts": []}
        threading.Thread(target=self.run, daemon=True).start()

    def say(self, kind, **fields):
        with LOCK:
            self.events.append({"seq": len(self.events) + 1, "type": kind, **fields})
            LOCK.notify_all()

    def end(self, status, **fields):
        with LOCK:
            self.state.update(status=status, **fields)
        self.say("end")

    def run(self):
        try:
            work(self, self.given.get("input") or {})
        except Exception as error:
            self.end("failed", error={"message": str(error), "retryable": False})


def work(job, wanted):
    """Counts to `count`, one every `seconds`; your agent goes here."""
    count = int(wanted.get("count", 3))
    for number in range(1, count + 1):
        if job.canceled.wait(float(wanted.get("seconds", 0))):
            return job.end("canceled", artifacts=[{"name": "part.txt", "text": f"{number - 1} of {count}"}])
        job.say("log", text=f"thought {number}")
        job.say("progress", done=number, total=count, message=f"thought {number}")
    if wanted.get("fail"):
        return job.end("failed", error={"message": wanted["fail"], "hint": "Ask for something else.", "retryable": False})
    job.end("success", output={"count": count, "echo": wanted.get("echo")},
            artifacts=[{"name": "report.md", "text": f"# {count} thoughts"}, {"name": "raw.json"}])


class Adapter(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
        parts = self.path.strip("/").split("/")
        if parts == ["runs"]:
            # The same key means the same work, unless that failed: then it is begun anew.
            with LOCK:
                key = self.headers["Idempotency-Key"]
                known = BY_KEY.get(key)
                resumed = known is not None and known.state["status"] in ("running", "success")
                job = known if resumed else Work(body)
                BY_KEY[key] = BY_ID[job.id] = job
            return self.answer(200 if resumed else 201, {"id": job.id, "resumed": resumed})
        job = BY_ID.get(parts[1]) if len(parts) == 3 and parts[2] == "cancel" else None
        if not job:
            return self.answer(404, {"message": "There is no such run."})
        job.canceled.set()
        with LOCK:
            LOCK.wait_for(lambda: job.state["status"] != "running", timeout=3)
        self.answer(202, {})

    def do_GET(self):
        path, _, query = self.path.partition("?")
        parts = path.strip("/").split("/")
        job = BY_ID.get(parts[1]) if len(parts) > 1 else None
        if not job:
            return self.answer(404, {"message": "There is no such run."})
        if parts[2:] == ["events"]:
            return self.stream(job, int(self.headers.get("Last-Event-ID") or 0))
        if parts[2:3] == ["artifacts"]:
            return self.answer(200, {"name": parts[3], "events": len(job.events)})
        after = int(dict(pair.split("=") for pair in query.split("&") if pair).get("after", 0))
        with LOCK:
            self.answer(200, {"id": job.id, "events": job.events[after:], **job.state})

    def stream(self, job, after):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        while True:
            with LOCK:
                LOCK.wait_for(lambda: len(job.events) > after, timeout=15)
                news = job.events[after:]
            # A comment keeps a silent stream alive.
            text = "".join(f"id: {event['seq']}\ndata: {json.dumps(event)}\n\n" for event in news) or ": still here\n\n"
            self.wfile.write(text.encode())
            self.wfile.flush()
            after += len(news)
            if news and news[-1]["type"] == "end":
                self.close_connection = True
                return

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, default=8090)
    server = ThreadingHTTPServer(("127.0.0.1", arguments.parse_args().port), Adapter)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()

#!/usr/bin/env python3
"""A worker in plain Python: runs the scripts of shell steps, keeps its leases, stops when a run is lost.

    RUNBOARD_URL=http://127.0.0.1:7411 RUNBOARD_TOKEN=rb_... python3 worker.py   (a token of the role worker)
"""
import json, os, signal, socket, subprocess, sys, threading, urllib.request

URL, TOKEN = os.environ["RUNBOARD_URL"], os.environ["RUNBOARD_TOKEN"]

def call(path, **body):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=45) as answer:
        return json.loads(answer.read() or "{}")

def say(path, **item):
    return call(path, items=[item])["items"][0]["outcome"]

def keep(lease, state, seconds):
    """Renews the lease; when it is lost or the run should end, ends what runs."""
    while not state["over"].wait(seconds):
        try:
            state["word"] = say("/runs.heartbeat", **lease)
        except OSError:
            continue  # The lease outlives a few beats that do not get through.
        if state["word"] != "ok":
            os.killpg(state["process"].pid, signal.SIGKILL)
            return

def work(run, seconds):
    lease, seq = {"run_id": run["run_id"], "lease_seq": run["lease_seq"]}, 0
    for position, step in enumerate(run["template"]["definition"]["steps"]):
        if step["id"] in run["steps_done"]:
            continue
        about = {**lease, "step": step["id"], "position": position, "kind": "shell"}
        say("/steps.record", **about, status="running")
        process = subprocess.Popen(["sh", "-c", step["with"]["script"]], env={"PATH": os.environ["PATH"], **step["with"].get("env", {})},
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        state = {"process": process, "over": threading.Event(), "word": "ok"}
        threading.Thread(target=keep, args=(lease, state, seconds), daemon=True).start()
        for seq, line in enumerate(process.stdout, seq + 1):
            say("/logs.append", **lease, step=step["id"], seq=seq, lines=line.rstrip("\n"))
        code = process.wait()
        state["over"].set()
        if state["word"] == "lost":
            return print(run["run_id"], "is lost: stopped and discarded", flush=True)
        say("/steps.record", **about, status="failed" if code else "success", output={"exit_code": code})
        if code:
            status = "canceled" if state["word"] == "cancel_requested" else "failed"
            return say("/runs.complete", **lease, status=status, retryable=True, error={"code": "step_failed", "step": step["id"], "message": f"exit code {code}"})
    say("/runs.complete", **lease, status="success", result={"steps": position + 1})

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
me = call("/workers.register", name=f"python-{os.getpid()}", host=socket.gethostname(), pid=os.getpid(), lanes=["B"], kinds=["shell"], slots=1)
try:
    while (answer := call("/runs.claim", worker_id=me["worker_id"], want=1, wait_seconds=20))["state"] == "ok":
        for run in answer["items"]:
            work(run, me["heartbeat_ms"] / 1000)
finally:
    call("/workers.deregister", worker_id=me["worker_id"])

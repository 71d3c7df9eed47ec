# SPDX-License-Identifier: Apache-2.0
"""Runs a hub as its supervisor does, and talks to it as its peers do: plain frames, no library of ours."""
import fcntl
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import uuid

import zmq

BUILD = pathlib.Path(os.environ["BEACONWALL_BUILD"])
SOURCE = pathlib.Path(os.environ["BEACONWALL_SOURCE"])
DEADLINE = 60.0  # bounds how long a failure takes to show, no more
START, PLUG, UNPLUG, ROLE, STOP, READY, BEAT, ADDRESS, RESTART = 1, 4, 5, 6, 7, 16, 17, 19, 20


def until(what, condition, seconds=DEADLINE):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError("waited in vain for " + what)


def control_message(kind, incarnation=0, value=(0, 0, 0, 0), name="", text=""):
    return struct.pack("<IIQ4q80s256s128s", 0x42574331, kind, incarnation, *value, name.encode(), text.encode(), b"")


class Wall:
    """A run directory, a state directory, a copy of the test site, and at most one hub."""

    def __init__(self, plugins=None):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="bw-hub-"))
        self.run, self.state, self.site = self.root / "run", self.root / "state", self.root / "site"
        self.run.mkdir()
        shutil.copytree(SOURCE / "tests/hub/site", self.site)
        self.plugins = plugins
        self.process = self.control = None
        self.environment = {}  # more of it for the hub
        self.endpoint = "ipc://%s/hub.sock" % self.run

    def start(self, file_size_limit=None):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        high = fcntl.fcntl(theirs.fileno(), fcntl.F_DUPFD, 50)

        def child():
            os.dup2(high, 3)
            if file_size_limit:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_size_limit, file_size_limit))

        environment = dict(os.environ, BEACONWALL_PLUGIN_PATH=str(self.plugins or ""), **self.environment)
        log = open(self.root / "log", "ab")
        self.process = subprocess.Popen(
            [BUILD / "libexec/beaconwall-hub", "--site", self.site, "--run-dir", self.run, "--state-dir", self.state, "--headless"],
            preexec_fn=child, pass_fds=(3,), env=environment, stderr=None if file_size_limit else log)
        log.close()
        os.close(high)
        theirs.close()
        ours.settimeout(DEADLINE)
        self.control = ours
        ours.send(control_message(START))
        self.wait_control(READY)

    def wait_control(self, kind):
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            data = self.control.recv(512)
            if not data:
                raise AssertionError("the hub closed its control socket")
            if struct.unpack_from("<II", data)[1] == kind:
                return data[48:128].split(b"\0")[0].decode()
        raise AssertionError("no control message of kind %d" % kind)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.control.close()
        self.process = None

    def stop(self):
        if self.process:
            self.control.send(control_message(STOP))
            try:
                code = self.process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise
            self.control.close()
            self.process = None
            return code

    def log(self):
        file = self.root / "log"
        return file.read_text(errors="replace") if file.exists() else ""

    def close(self):
        if self.process:
            self.kill()
        print(self.log()[-20000:], file=sys.stderr)  # shown when the test fails
        shutil.rmtree(self.root)


def event(type_, subject="thing/1", data=None, id_=None):
    return {"specversion": "1.0", "id": id_ or str(uuid.uuid4()), "source": "test", "type": type_, "subject": subject,
            "data": {} if data is None else data}


def delivery(lane, sequence, n, event_json):
    return {"lane": lane & 1, "replayed": bool(lane & 0x80), "sequence": sequence, "n": n, "event": json.loads(event_json)}


def deliveries_of(frames):
    """Of [event][lane][sequence][n][JSON], or of a bundle: [deliveries][heads][events]."""
    if frames[0] == b"event":
        return [delivery(frames[1][0], int.from_bytes(frames[2], "big"), int.from_bytes(frames[3], "big"), frames[4])]
    _, heads, events = frames
    together, at = [], 0
    for lane, sequence, n, size in struct.iter_unpack(">BQQI", heads):
        together.append(delivery(lane, sequence, n, events[at:at + size]))
        at += size
    assert at == len(events), (at, len(events))
    return together


class Peer:
    """One DEALER; what arrives is sorted into replies, deliveries, commands, beats and goodbyes."""

    def __init__(self, wall, name, connect=True):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 20)
        self.name, self.next_id = name, 0
        self.forget()
        if connect:
            self.socket.connect(wall.endpoint)

    def forget(self):
        self.together = []  # of each message with deliveries: how many
        self.replies, self.deliveries, self.commands, self.beats, self.goodbyes = {}, [], [], [], []

    def send(self, verb, *more, **body):
        self.socket.send_multipart([verb.encode(), json.dumps(body).encode(), *more])

    def take_in(self, wait_ms=20):
        while self.socket.poll(wait_ms):
            wait_ms = 0
            frames = self.socket.recv_multipart()
            kind = frames[0]
            if kind in (b"event", b"deliveries"):
                together = deliveries_of(frames)
                self.together.append(len(together))
                self.deliveries += together
                continue
            body = json.loads(frames[1])
            if kind == b"reply":
                body["bytes"] = frames[2] if len(frames) > 2 else b""
                self.replies[body["id"]] = body
            else:
                {b"command": self.commands, b"beat": self.beats, b"goodbye": self.goodbyes}[kind].append(body)

    def wait(self, what, condition):
        def look():
            value = condition()
            if not value:
                self.take_in()
                value = condition()
            return value
        return until(what, look)

    def start(self, verb, *more, **body):
        self.next_id += 1
        id_ = "%s-%d" % (self.name, self.next_id)
        self.send(verb, *more, id=id_, **body)
        return id_

    def reply(self, id_):
        return self.wait("the reply to " + id_, lambda: self.replies.pop(id_, None))

    def ask(self, verb, *more, **body):
        return self.reply(self.start(verb, *more, **body))

    def hello(self, cycle=None, **more):
        reply = self.ask("hello", protocol=1, name=self.name, cycle=cycle or uuid.uuid4().hex, **more)
        assert reply["ok"], reply
        return reply

    def subscribe(self, *prefixes, source="now", to=1000):
        reply = self.ask("subscribe", prefixes=list(prefixes), to=to, **{"from": source})
        assert reply["ok"], reply

    def command(self, type_, data=None, subject="wall", **more):
        return self.ask("command", event=event(type_, subject, data), **more)

    def of(self, type_):
        return [d["event"] for d in self.deliveries if d["event"]["type"] == type_]

    def close(self):
        self.socket.close()

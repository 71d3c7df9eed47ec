# SPDX-License-Identifier: Apache-2.0
"""A hub of a hundred lines for tests of services: greets, keeps last values and records, delivers. No credit limits, no disk."""
import json
import os
import pathlib
import socket
import struct
import subprocess
import time

import zmq

BUILD = pathlib.Path(os.environ.get("BEACONWALL_BUILD", "build/dev"))
SOURCE = pathlib.Path(os.environ.get("BEACONWALL_SOURCE", "."))


def service_program(plugin):
    return BUILD / "lib/beaconwall/plugins" / plugin / f"{plugin}-service"


class Running:
    """One started service: its process and its peer of the hub's."""

    def __init__(self, name, process):
        self.name, self.process = name, process
        self.n, self.prefixes, self.up = 0, [], False

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def kill(self):
        self.process.kill()
        self.process.wait()


class FakeHub:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.router = zmq.Context.instance().socket(zmq.ROUTER)
        self.router.setsockopt(zmq.LINGER, 0)
        self.peers, self.sequence, self.started = {}, 0, 0
        self.last, self.revisions = {}, {}  # (type, subject) → event
        self.log = []  # every event in the order it came

    def start(self, name, site, program=None):
        """Starts a plugin's service as the supervisor does: it inherits a listening socket, the hub connects to it."""
        self.started += 1
        path = self.folder / f"wire-{self.started}"
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(path))
        listener.listen(8)
        environment = dict(os.environ, BEACONWALL_WIRE_FD=str(listener.fileno()), BEACONWALL_WIRE_PATH=str(path),
                           BEACONWALL_SITE=str(site), BEACONWALL_LANGUAGE="zh", BEACONWALL_PLUGIN=name,
                           BEACONWALL_STATE=str(self.folder / "state" / name))
        process = subprocess.Popen([str(program or service_program(name))], env=environment, pass_fds=[listener.fileno()])
        listener.close()
        identity = f"service:{name}:{self.started}".encode()
        self.router.setsockopt(zmq.CONNECT_RID, identity)
        self.router.connect(f"ipc://{path}")
        self.peers[identity] = Running(name, process)
        return self.peers[identity]

    def step(self, wait_ms=50):
        while self.router.poll(wait_ms):
            identity, verb, *frames = self.router.recv_multipart()
            self.handle(identity, verb.decode(), json.loads(frames[0]) if frames else {})
            wait_ms = 0

    def until(self, condition, seconds=60):
        """Steps until the condition gives something, and gives that."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            result = condition()
            if result:
                return result
            self.step()
        raise AssertionError("timed out")

    def send(self, identity, *frames):
        try:
            self.router.send_multipart([identity, *frames], zmq.DONTWAIT)
        except zmq.ZMQError:
            pass  # the peer is gone

    def reply(self, identity, body, **fields):
        if body.get("id"):
            self.send(identity, b"reply", json.dumps(dict(fields, id=body["id"], ok=True)).encode())

    def handle(self, identity, verb, body):
        peer = self.peers[identity]
        clocks = {"wall_ns": time.time_ns(), "mono_ns": time.monotonic_ns(), "sequence": self.sequence}
        if verb == "hello":
            peer.up, peer.n, peer.prefixes = True, 0, []
            self.reply(identity, body, session="fake", name="service:" + peer.name, protocol=1, version="0", **clocks)
        elif verb == "beat":
            self.send(identity, b"beat", json.dumps(dict(clocks, n=peer.n)).encode())
        elif verb == "subscribe":
            peer.prefixes += body["prefixes"]
            if body["from"] == "snapshot":
                for key in sorted(self.last):
                    if self.matches(body["prefixes"], self.last[key]):
                        self.deliver(identity, self.last[key], replayed=True)
            self.reply(identity, body)
        elif verb == "publish":
            durable = body.get("lane") == "durable"
            self.sequence += durable
            self.take(dict(body["event"], source="service:" + peer.name), durable)
            self.reply(identity, body, sequence=self.sequence)
        elif verb == "events":
            found = [event for event in self.log if int(event.get("sequence", 0)) > int(body["since"])
                     and event["type"].startswith(body["type"])]
            self.reply(identity, body, events=found, more=False)
        elif verb == "record":
            self.sequence += 1
            for write in body["writes"]:
                key = (write["type"], write["subject"])
                self.revisions[key] = self.revisions.get(key, 0) + 1
                data = write.get("data", {})
                event = {"specversion": "1.0", "id": body["write"], "source": "service:" + peer.name, "type": key[0],
                         "subject": key[1], "time": "2026-01-01T00:00:00Z", "revision": self.revisions[key],
                         "data": json.loads(data) if isinstance(data, str) else data}
                if write.get("tombstone"):
                    event["tombstone"] = True
                self.take(event, True)
            self.reply(identity, body, sequence=self.sequence, revisions=[1] * len(body["writes"]))

    def publish(self, kind, subject, data, durable=False):
        """As another peer would."""
        self.sequence += durable
        self.take({"specversion": "1.0", "id": f"{time.monotonic_ns()}", "source": "test", "type": kind, "subject": subject,
                   "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "data": data}, durable)

    def take(self, event, durable):
        if durable:
            event["sequence"] = f"{self.sequence:020}"
        key = (event["type"], event["subject"])
        self.log.append(event)
        if event.get("tombstone"):
            self.last.pop(key, None)
        elif not durable or event.get("revision"):
            self.last[key] = event
        for identity, peer in self.peers.items():
            if peer.up and self.matches(peer.prefixes, event):
                self.deliver(identity, event, durable)

    @staticmethod
    def matches(prefixes, event):
        return any(f"{event['type']}/{event['subject']}".startswith(prefix) for prefix in prefixes)

    def deliver(self, identity, event, durable=True, replayed=False):
        peer = self.peers[identity]
        peer.n += 1
        lane = bytes([(1 if durable else 0) | (0x80 if replayed else 0)])
        self.send(identity, b"event", lane, struct.pack(">Q", self.sequence), struct.pack(">Q", peer.n),
                  json.dumps(event, ensure_ascii=False).encode())

    def of(self, kind, prefix=""):
        """Last values of a type, by subject."""
        return {subject: event["data"] for (t, subject), event in self.last.items() if t == kind and subject.startswith(prefix)}

    def close(self):
        for peer in self.peers.values():
            if peer.process.poll() is None:
                peer.kill()
        self.router.close()

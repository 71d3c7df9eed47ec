# SPDX-License-Identifier: Apache-2.0
"""A client of the event wire (docs/wire.md) that keeps asking whatever dies, and a storm of takes."""
import contextlib
import json
import time
import uuid

import zmq


class Hub:
    """One DEALER. Says hello again at once whenever the hub does not know it, so that a hub's return is seen within 50 ms."""

    def __init__(self, run_dir, prefixes=()):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.IMMEDIATE, 1)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 20)
        self.socket.connect(f"ipc://{run_dir}/hub.sock")
        self.prefixes, self.events, self.up, self.beaten, self.greeted = list(prefixes), [], False, 0.0, 0.0
        self.cycle = uuid.uuid4().hex

    def close(self):
        self.socket.close()

    def send(self, verb, **body):
        with contextlib.suppress(zmq.Again):
            self.socket.send_multipart([verb.encode(), json.dumps(body).encode()], zmq.DONTWAIT)

    def turn(self, wait_ms=20):
        """Reads what came; gives the replies among it."""
        now = time.monotonic()
        if not self.up and now - self.greeted > 0.05:
            self.greeted = now
            self.send("hello", id=self.cycle, protocol=1, name="bench", cycle=self.cycle)
        if self.up and now - self.beaten > 0.4:
            self.beaten = now
            self.send("beat")
        replies = []
        while self.socket.poll(wait_ms):
            wait_ms = 0
            frames = self.socket.recv_multipart()
            if frames[0] == b"goodbye":
                self.up, self.cycle = False, uuid.uuid4().hex
            elif frames[0] == b"event":
                self.events.append(json.loads(frames[4]))
                self.send("credit", to=int.from_bytes(frames[3], "big") + 256)
            elif frames[0] == b"reply":
                reply = json.loads(frames[1])
                if reply.get("id") == self.cycle and reply["ok"]:
                    self.up = True
                    if self.prefixes:
                        self.send("subscribe", prefixes=self.prefixes, to=256, **{"from": "now"})
                replies.append(reply)
        return replies

    def ask(self, verb, seconds=0.6, **body):
        """The reply, or None within `seconds`."""
        number, deadline, sent = uuid.uuid4().hex, time.monotonic() + seconds, False
        while time.monotonic() < deadline:
            if self.up and not sent:
                self.send(verb, id=number, **body)
                sent = True
            for reply in self.turn():
                if reply.get("id") == number:
                    return reply
        # Nothing came: the hub may be another one by now.
        self.up, self.cycle = False, uuid.uuid4().hex
        return None

    def command(self, kind, data, seconds=5.0):
        event = {"specversion": "1.0", "id": uuid.uuid4().hex, "source": "bench", "type": kind, "subject": "wall", "data": data}
        reply = self.ask("command", seconds, event=event, expires_ms=int(seconds * 1000), sent_ns=time.time_ns())
        if not reply or not reply["ok"]:
            raise SystemExit(f"{kind} {data}: {reply}")
        return reply

    def status(self):
        reply = self.ask("status")
        return reply if reply and reply["ok"] else None

    def layouts(self):
        """Rows of the layouts that can be taken."""
        return self.ask("layouts", 5)["layouts"]

    def until(self, condition, seconds, what):
        """The first status for which `condition` holds."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            status = self.status()
            with contextlib.suppress(KeyError, StopIteration):
                if status and condition(status):
                    return status
        raise TimeoutError(f"not within {seconds} s: {what}")


class Takes:
    """Sends takes without waiting for their replies. `replies`: [(number sent, layout, reply)] as they came."""

    def __init__(self, hub):
        self.hub, self.sent, self.replies = hub, {}, []

    def send(self, layout):
        number = uuid.uuid4().hex
        event = {"specversion": "1.0", "id": uuid.uuid4().hex, "source": "bench", "type": "beaconwall.wall.take.v1", "subject": "wall", "data": {"layout": layout}}
        self.sent[number] = (len(self.sent), layout)
        self.hub.send("command", id=number, event=event, expires_ms=5000, sent_ns=time.time_ns())

    def collect(self, wait_ms):
        self.replies += [(*self.sent[reply["id"]], reply) for reply in self.hub.turn(wait_ms) if reply.get("id") in self.sent]

    def all_answered(self):
        self.collect(20)
        return len(self.replies) == len(self.sent)

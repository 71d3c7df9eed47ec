# SPDX-License-Identifier: Apache-2.0
"""A publisher on the event wire (docs/wire.md): durable events one after the other, resent until acknowledged, also over a hub's death."""
import json
import os
import threading
import time
import uuid

import zmq

IN_FLIGHT = 8


class Publisher:
    """Publishes durable `x.` events in a thread of its own. `acknowledged`: {event id: sequence}."""

    def __init__(self, run_dir, kind):
        self.endpoint, self.kind = "ipc://" + os.path.join(run_dir, "hub.sock"), kind
        self.acknowledged, self.faults = {}, []
        self.waiting, self.made = {}, 0
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join(30)

    def events(self):
        """All journalled events of this type, page by page, asked anew from the start."""
        self.ending.set()
        self.thread.join(30)
        found, since = [], 0
        with self._socket() as socket:
            self._greet(socket)
            while True:
                page = self._ask(socket, b"events", since=since, type=self.kind, limit=1000)
                found += page["events"]
                since = page["next"]
                if not page["more"]:
                    return found

    # -- the wire
    def _socket(self):
        socket = zmq.Context.instance().socket(zmq.DEALER)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.IMMEDIATE, 1)
        socket.connect(self.endpoint)
        self.up, self.cycle, self.heard, self.said = False, uuid.uuid4().hex, time.monotonic(), 0.0
        return socket

    @staticmethod
    def _send(socket, verb, **body):
        try:
            socket.send_multipart([verb, json.dumps(body).encode()], zmq.DONTWAIT)
        except zmq.Again:
            pass  # no hub at the moment

    def _hello(self, socket):
        self._send(socket, b"hello", id=self.cycle, protocol=1, name="e2e-publisher", cycle=self.cycle)

    def _greet(self, socket):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            self._hello(socket)
            if socket.poll(300) and self._reply(socket.recv_multipart()).get("id") == self.cycle:
                return
        raise AssertionError("the hub does not greet")

    def _ask(self, socket, verb, **body):
        self._send(socket, verb, id="ask", **body)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if socket.poll(300):
                reply = self._reply(socket.recv_multipart())
                if reply.get("id") == "ask":
                    if not reply["ok"]:
                        raise AssertionError(f"{verb}: {reply}")
                    return reply
        raise AssertionError(f"no reply to {verb}")

    @staticmethod
    def _reply(frames):
        return json.loads(frames[1]) if frames[0] == b"reply" else {}

    def _run(self):
        with self._socket() as socket:
            while not self.ending.is_set():
                now = time.monotonic()
                if self.up and now - self.heard > 3:
                    self._begin_again()
                if now - self.said > 0.3:
                    self.said = now
                    if self.up:
                        self._send(socket, b"beat")
                    else:
                        self._hello(socket)
                while self.up and len(self.waiting) < IN_FLIGHT:
                    self._publish(socket, self._new_event())
                if socket.poll(50):
                    self._handle(socket, socket.recv_multipart())

    def _begin_again(self):
        self.up, self.cycle, self.said = False, uuid.uuid4().hex, 0.0

    def _new_event(self):
        self.made += 1
        event = {"specversion": "1.0", "id": uuid.uuid4().hex, "source": "e2e", "type": self.kind, "subject": f"n/{self.made}",
                 "data": {"n": self.made}}
        self.waiting[event["id"]] = event
        return event

    def _publish(self, socket, event):
        self._send(socket, b"publish", id=event["id"], lane="durable", event=event)

    def _handle(self, socket, frames):
        if frames[0] == b"goodbye" and self.up:
            return self._begin_again()
        self.heard = time.monotonic()
        reply = self._reply(frames)
        if not self.up and reply.get("id") == self.cycle and reply["ok"]:
            self.up = True
            for event in self.waiting.values():  # with the ids of before: kept once, acknowledged again
                self._publish(socket, event)
        elif reply.get("id") in self.waiting:
            event = self.waiting.pop(reply["id"])
            if reply["ok"]:
                self.acknowledged[event["id"]] = reply["sequence"]
            else:
                self.faults.append(reply)
        return None

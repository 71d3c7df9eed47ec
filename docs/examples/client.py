#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what happens on a wall: client.py ipc:///run/beaconwall/hub.sock | tcp://ADDRESS:PORT --key FILE [PREFIX …] (python3-zmq; docs/wire.md)"""
import json
import sys
import time
import uuid

import zmq

GRANT = 256


class Client:
    def __init__(self, endpoint, prefixes, key):
        self.socket, self.prefixes = zmq.Context.instance().socket(zmq.DEALER), prefixes
        self.socket.linger, self.socket.immediate, self.socket.probe_router = 0, 1, 1
        for half in ("public", "secret", "server") if key else ():
            setattr(self.socket, "curve_%skey" % half, key[half].encode())
        self.socket.connect(endpoint)
        self.new_cycle()

    def new_cycle(self):
        self.cycle, self.up, self.n, self.heard, self.said = uuid.uuid4().hex, False, 0, time.monotonic(), 0.0

    def send(self, verb, **body):
        if self.socket.poll(0, zmq.POLLOUT):  # else no hub at the moment: hello is said again
            self.socket.send_multipart([verb, json.dumps(body).encode()])

    def subscribe(self):  # also after a gap: the snapshot brings what was lost
        self.send(b"subscribe", prefixes=self.prefixes, **{"from": "snapshot", "to": self.n + GRANT})

    def step(self):
        """Waits at most 0.3 s; gives (event, durable, replayed) or nothing."""
        if self.up and time.monotonic() - self.heard > 3:
            self.new_cycle()
        if time.monotonic() - self.said > 0.3:
            self.said = time.monotonic()
            self.send(b"beat") if self.up else self.send(b"hello", id=self.cycle, protocol=1, name="example", cycle=self.cycle)
        frames = self.socket.recv_multipart() if self.socket.poll(300) else [b""]
        if frames[0] == b"goodbye" and self.up:
            self.new_cycle()
        elif frames[0] == b"reply" and not self.up and json.loads(frames[1])["id"] == self.cycle and json.loads(frames[1])["ok"]:
            self.up, self.heard = True, time.monotonic()
            self.subscribe()
        elif frames[0] in (b"event", b"beat") and self.up:
            delivery, self.heard = frames[0] == b"event", time.monotonic()
            last, self.n = self.n, int.from_bytes(frames[3], "big") if delivery else json.loads(frames[1])["n"]
            if self.n > last + delivery:
                self.subscribe()
            elif delivery and self.n % (GRANT // 2) == 0:
                self.send(b"credit", to=self.n + GRANT)
            return (json.loads(frames[4]), frames[1][0] & 1, frames[1][0] & 0x80) if delivery else None


key = json.load(open(sys.argv.pop(sys.argv.index("--key") + 1), encoding="utf-8")) if "--key" in sys.argv else None
client = Client(sys.argv[1], [word for word in sys.argv[2:] if word != "--key"] or [""], key)
while True:
    if got := client.step():
        print("durable" if got[1] else "telemetry", "snapshot" if got[2] else "new", json.dumps(got[0]), flush=True)

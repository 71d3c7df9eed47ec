#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what happens on a wall: client.py ipc:///run/beaconwall/hub.sock [PREFIX …] (needs python3-zmq; see docs/wire.md)."""
import json
import struct
import sys
import time
import uuid

import zmq

GRANT = 256


class Client:
    def __init__(self, endpoint, prefixes):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.IMMEDIATE, 1)
        self.socket.connect(endpoint)
        self.prefixes = prefixes
        self.new_cycle()

    def new_cycle(self):
        self.cycle, self.up, self.n, self.heard, self.asked = uuid.uuid4().hex, False, 0, time.monotonic(), 0.0

    def send(self, verb, **body):
        try:
            self.socket.send_multipart([verb, json.dumps(body).encode()], zmq.DONTWAIT)
        except zmq.Again:
            pass  # no hub at the moment; the caller asks again

    def subscribe(self):
        self.send(b"subscribe", prefixes=self.prefixes, **{"from": "snapshot", "to": self.n + GRANT})

    def step(self):
        """Waits at most 0.5 s; gives the events that came, as (event, lane, replayed)."""
        if self.socket.poll(500 if self.up else 300):
            frames = self.socket.recv_multipart()
            if frames[0] == b"reply" and not self.up:
                if json.loads(frames[1]).get("id") == self.cycle and json.loads(frames[1])["ok"]:
                    self.up, self.heard = True, time.monotonic()
                    self.subscribe()
            elif frames[0] == b"goodbye" and self.up:
                self.new_cycle()
            elif frames[0] in (b"event", b"beat") and self.up:
                self.heard = time.monotonic()
                n = struct.unpack(">Q", frames[3])[0] if frames[0] == b"event" else json.loads(frames[1])["n"]
                gap, self.n = n > self.n + (frames[0] == b"event"), max(n, self.n)
                if gap:
                    self.subscribe()  # the snapshot brings what was lost
                elif frames[0] == b"event" and n % (GRANT // 2) == 0:
                    self.send(b"credit", to=n + GRANT)
                if frames[0] == b"event":
                    yield json.loads(frames[4]), frames[1][0] & 1, bool(frames[1][0] & 0x80)
        if self.up and time.monotonic() - self.heard > 3:
            self.new_cycle()
        if time.monotonic() - self.asked > 0.4:
            self.asked = time.monotonic()
            if self.up:
                self.send(b"beat")
            else:
                self.send(b"hello", id=self.cycle, protocol=1, name="example", cycle=self.cycle)


if __name__ == "__main__":
    client = Client(sys.argv[1], sys.argv[2:] or [""])
    while True:
        for event, lane, replayed in client.step():
            print("durable" if lane else "telemetry", "snapshot" if replayed else "new", json.dumps(event, ensure_ascii=False), flush=True)

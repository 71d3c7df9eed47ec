#!/usr/bin/python3
"""Feeds @TITLE@: reads the field and publishes a reading each second. Needs python3-zmq alone (docs/wire.md)."""
import json
import math
import os
import signal
import time
import uuid

import zmq

running = True


def stop(*_):
    global running
    running = False


class Wire:
    """The inherited socket: we bind it, the hub connects to it."""

    def __init__(self):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.USE_FD, int(os.environ["BEACONWALL_WIRE_FD"]))
        self.socket.bind("ipc://" + os.environ["BEACONWALL_WIRE_PATH"])
        self.new_cycle()

    def new_cycle(self):
        self.cycle, self.up, self.heard, self.said = uuid.uuid4().hex, False, time.monotonic(), 0.0

    def send(self, verb, **body):
        try:
            self.socket.send_multipart([verb, json.dumps(body).encode()], zmq.DONTWAIT)
        except zmq.Again:
            pass  # no hub at the moment

    def step(self, wait_ms):
        now = time.monotonic()
        if self.up and now - self.heard > 3:
            self.new_cycle()
        if now - self.said > (1 if self.up else 0.3):
            self.said = now
            if self.up:
                self.send(b"beat")
            else:
                self.send(b"hello", id=self.cycle, protocol=1, name="service", cycle=self.cycle)
        if not self.socket.poll(wait_ms):
            return
        frames = self.socket.recv_multipart()
        self.heard = time.monotonic()
        if frames[0] == b"goodbye" and self.up:
            self.new_cycle()
        elif frames[0] == b"reply":
            reply = json.loads(frames[1])
            if not reply["ok"]:
                print(reply["text"], flush=True)  # stands in the wall's log
            elif reply["id"] == self.cycle:
                self.up = True

    def publish(self, subject, data):
        event = {"specversion": "1.0", "id": uuid.uuid4().hex, "source": "service", "type": "@TYPE@", "subject": subject,
                 "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "data": data}
        self.send(b"publish", event=event)


signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, stop)
wire, due = Wire(), time.monotonic()
while running:
    wire.step(200)
    if wire.up and time.monotonic() >= due:
        due = time.monotonic() + 1
        # Here is where the field's own protocol goes.
        value = 10 + math.sin(time.time() / 60)
        wire.publish("@NAME@/1", {"name": {"zh": "一号", "en": "Number one"}, "value": round(value, 2), "unit": "m"})

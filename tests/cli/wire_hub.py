# SPDX-License-Identifier: Apache-2.0
"""A hub of docs/wire.md, as small as ctl needs it: greets, and answers what a test tells it to."""
import hashlib
import json
import struct
import threading

import zmq


class WireHub:
    """`replies`: verb, or the type of a command → a dict, a function of the request, or None for silence."""

    def __init__(self, run_dir, replies):
        self.replies, self.requests, self.subscribers = replies, [], []
        self.blobs = {}
        self.changed = threading.Condition()
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.ROUTER)
        self.socket.linger = 0
        self.socket.bind(f"ipc://{run_dir}/hub.sock")
        self.outbox = []
        self.ending = False
        self.thread = threading.Thread(target=self._loop)
        self.thread.start()

    def close(self):
        self.ending = True
        self.thread.join()
        self.socket.close()
        self.context.term()

    def put_blob(self, data):
        digest = hashlib.sha256(data).hexdigest()
        self.blobs[digest] = data
        return digest

    def publish(self, event, lane=0, sequence=0):
        """To every subscriber."""
        with self.changed:
            self.outbox.append((event, lane, sequence))

    def wait_for(self, verb, timeout=60):
        """The first request of that verb."""
        found = lambda: [body for said, body in self.requests if said == verb]
        with self.changed:
            if not self.changed.wait_for(found, timeout):
                raise AssertionError(f"no {verb} came, but {self.requests}")
            return found()[0]

    def _loop(self):
        n = 0
        while not self.ending:
            if self.socket.poll(20):
                self._handle(self.socket.recv_multipart())
            with self.changed:
                waiting, self.outbox = (self.outbox, []) if self.subscribers else ([], self.outbox)
            for event, lane, sequence in waiting:
                n += 1
                frames = [b"event", bytes([lane]), struct.pack(">Q", sequence),
                          struct.pack(">Q", n), json.dumps(event).encode()]
                for peer in self.subscribers:
                    self.socket.send_multipart([peer, *frames])

    def _handle(self, frames):
        if frames[1:] == [b""]:
            return  # a connection introduces itself (docs/wire.md)
        peer, verb, body = frames[0], frames[1].decode(), json.loads(frames[2])
        if verb == "beat":
            return
        with self.changed:
            self.requests.append((verb, body))
            self.changed.notify_all()
        if verb == "hello":
            self._reply(peer, body, {"session": "s", "name": "ctl", "protocol": 1, "version": "0",
                                     "sequence": 0, "wall_ns": 0, "mono_ns": 0})
        elif verb == "subscribe":
            answer = self.replies.get("subscribe", {})
            if answer.get("ok", True):
                self.subscribers.append(peer)
            self._reply(peer, body, answer)
        elif verb == "blob":
            data = self.blobs[body["digest"]]
            piece = data[body["offset"]:body["offset"] + 65536]
            self._reply(peer, body, {"size": len(data), "offset": body["offset"]}, piece)
        elif verb != "credit":
            answer = self.replies.get(body["event"]["type"] if verb == "command" else verb)
            if callable(answer):
                answer = answer(body)
            if answer is not None:
                self._reply(peer, body, answer)

    def _reply(self, peer, request, fields, attachment=None):
        body = {"id": request.get("id", ""), "ok": True, **fields}
        frames = [peer, b"reply", json.dumps(body).encode()]
        self.socket.send_multipart(frames + ([attachment] if attachment is not None else []))

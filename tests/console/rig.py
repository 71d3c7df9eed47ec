# SPDX-License-Identifier: Apache-2.0
"""The console program with everything around it played by this process: supervisor, hub and compositor, on real sockets."""
import array
import fcntl
import json
import mmap
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time

import zmq

BUILD = os.environ["BEACONWALL_BUILD"]
PROGRAM = os.path.join(BUILD, "libexec", "beaconwall-console")

START, LINK, UNLINK, STOP, READY, BEAT, ADDRESS = 1, 2, 3, 7, 16, 17, 19
CONTROL = struct.Struct("=IIQ4q80s256s128s")
MAGIC = 0x42574331
CONFIGURE, WANT = 1, 5


def wait_for(condition, seconds, what):
    deadline = time.monotonic() + 4 * seconds  # a busy machine is no failure
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"not within {4 * seconds} s: {what}")


class Hub(threading.Thread):
    """Greets everybody and answers from `status`, `layouts` and `commands`; `silent` answers nothing but the greeting."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.silent, self.over = path, False, False
        self.status, self.layouts, self.commands = {}, [], []
        self.on_command = lambda event: {"ok": True}
        self.attention, self.asked = [], []  # records; (verb, session) of what came with one
        self.people, self.sessions, self.on_sign_in = {}, {}, None  # name: password; session: name
        self.may = None
        self.start()

    def run(self):
        context = zmq.Context()
        router = context.socket(zmq.ROUTER)
        router.linger = 0
        router.bind(f"ipc://{self.path}")
        peers, last_beat = set(), 0.0
        while not self.over:
            if router.poll(50):
                peer, verb, body = (router.recv_multipart() + [b"{}"])[:3]
                peers.add(peer)
                reply = self.answer(verb.decode(), json.loads(body))
                if reply is not None:
                    router.send_multipart([peer, b"reply", json.dumps(reply).encode()])
            if time.monotonic() - last_beat > 0.5:
                last_beat = time.monotonic()
                beat = json.dumps({"wall_ns": time.time_ns(), "mono_ns": time.monotonic_ns(), "sequence": 0, "n": 0}).encode()
                for peer in peers:
                    router.send_multipart([peer, b"beat", beat])
        router.close()
        context.term()

    def answer(self, verb, body):
        reply = {"id": body.get("id", ""), "ok": True}
        if verb == "hello":
            return reply | {"session": "s1", "name": body["name"], "protocol": 1, "version": "0", "sequence": 0,
                            "wall_ns": time.time_ns(), "mono_ns": time.monotonic_ns()}
        if verb == "beat" or self.silent or "id" not in body:
            return None
        if verb == "status":
            return reply | self.status
        if "session" in body:
            self.asked.append((verb, body["session"]))
        if verb in ("people", "sign_in", "sign_out"):
            return reply | getattr(self, verb + "_")(body)
        if self.people and body.get("session") not in self.sessions:
            return reply | {"ok": False, "code": "refused", "text": "this wall has operators: sign in"}
        if verb == "layouts":
            return reply | {"layouts": self.layouts}
        if verb == "record":
            return reply | {"events": self.attention, "more": False}
        if verb == "command":
            self.commands.append(body["event"])
            return reply | self.on_command(body["event"])
        return reply

    def people_(self, body):
        name = self.sessions.get(body.get("session"))
        return {"configured": bool(self.people), "who": name or "console", "name": name, "role": name and "duty_officer", "may": self.may,
                "title": name and {"zh": "值班员", "en": "Duty officer"}, "until": name and until_text(), "fault": None if name else "sign in"}

    def sign_in_(self, body):
        if self.on_sign_in:
            return self.on_sign_in(body)
        if self.people.get(body["name"]) != body["password"]:
            return {"ok": False, "code": "refused", "text": "wrong name or password", "reason": "wrong"}
        session = "session-%d" % len(self.sessions)
        self.sessions[session] = body["name"]
        return {"session": session, "name": body["name"], "role": "duty_officer", "until": until_text()}

    def sign_out_(self, body):
        return {} if self.sessions.pop(body.get("session"), None) else {"ok": False, "code": "unknown", "text": "there is no such session"}

    def end(self):
        self.over = True
        self.join()


def until_text():
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + 12 * 3600))


def item(subject="river/gauge/1", level=4, state="active", since="2026-07-01T08:00:00.000Z", title=("超警戒水位", "Above the alarm level")):
    """A record of attention as the rules write it."""
    rule, _, about = subject.partition("/")
    data = {"rule": rule, "state": state, "title": {"zh": title[0], "en": title[1]}, "level": level, "count": 3, "since": since, "last": since,
            "event": "e", "type": "x.alarm.v1", "subject": about}
    if state == "over":
        data |= {"over": "2026-07-01T09:00:00.000Z", "until": "2026-07-01T10:00:00.000Z"}
    return {"type": "beaconwall.wall.attention.v1", "subject": subject, "data": data}


OPERATORS = '{"version": 1, "operators": [{"name": "li", "role": "leader", "password": "", "until": null, "tokens": []}]}'


class Compositor:
    """The mirror's producer: one grey picture per publish()."""

    def __init__(self):
        self.mine, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for end in (self.mine, self.theirs):
            end.setblocking(False)
        self.arena, self.page = self.memfd(128 << 20), self.memfd(64 + 512 * 64)
        self.pages = mmap.mmap(self.page, 64 + 512 * 64)
        struct.pack_into("=II", self.pages, 0, 0x42575331, 1)
        self.memory = mmap.mmap(self.arena, 128 << 20)
        for surface in range(512):
            struct.pack_into("=I", self.pages, 64 + 64 * surface, 1)
        self.own, self.number, self.wants = 0, 0, []
        self.surface = self.configured = None

    @staticmethod
    def memfd(size):
        fd = os.memfd_create("rig", os.MFD_ALLOW_SEALING)
        os.ftruncate(fd, size)
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
        return fd

    def read(self):
        while True:
            try:
                packet = self.mine.recv(65536)
            except BlockingIOError:
                return self
            if not packet:
                return self
            _, kind, surface, _, value = struct.unpack_from("=IIIIq", packet)
            if kind == CONFIGURE:
                self.surface, self.configured = surface, struct.unpack_from("=QQIIfIII", packet, 24)
            elif kind == WANT:
                self.wants.append(value)

    def publish(self, width, height, pixels):
        wait_for(lambda: self.read().configured, 30, "the console configures its surface")
        offset, capacity, _, _, _, generation, kind, _ = self.configured
        at = offset + self.own * capacity
        self.number += 1
        now = time.monotonic_ns()
        struct.pack_into("=IIIIIIQQq", self.memory, at, 0x42575350, kind, generation, width, height, width * 4, len(pixels),
                         self.number, now)
        self.memory[at + 128:at + 128 + len(pixels)] = pixels
        block = 64 + 64 * self.surface
        word = struct.unpack_from("=I", self.pages, block)[0]
        struct.pack_into("=I", self.pages, block, self.own | 4)
        self.own = word & 3
        struct.pack_into("=q", self.pages, block + 8, now)
        self.mine.send(struct.pack("=IIIIq", 0x4257534D, 16, self.surface, 0, 0))

    def end(self):
        self.mine.close()
        self.theirs.close()
        os.close(self.arena)
        os.close(self.page)


class Console:
    """Starts the program on a site of a title and a language; `address` is its URL."""

    def __init__(self, port=8790, hub=True, language="en"):
        self.folder = tempfile.mkdtemp(prefix="bw-console-")
        os.chmod(self.folder, 0o700)
        site = os.path.join(self.folder, "site")
        os.mkdir(site)
        with open(os.path.join(site, "wall.toml"), "w", encoding="utf-8") as file:
            file.write(f'title = {{ zh = "试验墙", en = "Test wall" }}\nlanguage = "{language}"\n')
        self.hub = Hub(os.path.join(self.folder, "hub.sock")) if hub else None
        self.process = None
        self.begin(port)

    def begin(self, port):
        """Starts the program, again if it ended."""
        self.link, child = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.process = subprocess.Popen(
            [PROGRAM, "--site", os.path.join(self.folder, "site"), "--run-dir", self.folder, "--state-dir", self.folder],
            preexec_fn=lambda: os.dup2(child.fileno(), 3, inheritable=True), pass_fds=(3,))
        child.close()
        self.beats, self.ready, self.address = 0, False, ""
        self.tell(START, value=port)
        wait_for(lambda: self.read().ready, 30, "the console is ready")
        self.port = int(self.address.rsplit(":", 1)[1].rstrip("/"))

    def tell(self, kind, name=b"", value=0, fds=()):
        message = CONTROL.pack(MAGIC, kind, 1, value, 0, 0, 0, name, b"", b"")
        self.link.sendmsg([message], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else [])

    def read(self):
        while True:
            try:
                packet = self.link.recv(512, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return self
            if not packet:
                return self
            kind, text = struct.unpack_from("=I", packet, 4)[0], packet[128:384].split(b"\0")[0].decode()
            self.beats += kind == BEAT
            self.ready = self.ready or kind == READY
            if kind == ADDRESS:
                self.address = text

    def join(self, compositor):
        self.tell(LINK, b"compositor:main", 1, (compositor.theirs.fileno(), compositor.arena, compositor.page))
        compositor.theirs.close()

    def write_operators(self, text=OPERATORS):
        """As `beaconwall operator` does: from the next request on the wall has some."""
        with open(os.path.join(self.folder, "operators.json"), "w", encoding="utf-8") as file:
            file.write(text)

    def token(self):
        with open(os.path.join(self.folder, "console.token"), encoding="ascii") as file:
            return file.read().strip()

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)
        self.link.close()
        if self.hub:
            self.hub.end()
        shutil.rmtree(self.folder)

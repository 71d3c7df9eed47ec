# SPDX-License-Identifier: Apache-2.0
"""A wall that other machines reach, their peers, and the bytes between them."""
import contextlib
import json
import os
import socket
import subprocess
import threading
import unittest

import zmq

from wall_of_one import BUILD, Peer, Wall, until

COMMAND = BUILD / "bin/beaconwall"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RemotePeer(Peer):
    """`key`: what the file of `key new` has; its "server" may be a wrong one. None: no CURVE at all."""

    def __init__(self, endpoint, key, name="elsewhere", **options):
        super().__init__(None, name, connect=False)
        if key:
            self.socket.curve_publickey, self.socket.curve_secretkey = key["public"].encode(), key["secret"].encode()
            self.socket.curve_serverkey = key["server"].encode()
        for option, value in options.items():
            setattr(self.socket, option, value)
        self.socket.connect(endpoint)

    def knock(self, id_="h", cycle="c"):
        """Says hello, unless the hub has refused the connection already: then libzmq has no pipe, and a send would wait for good."""
        hello = {"id": id_, "protocol": 1, "name": "x", "cycle": cycle}
        with contextlib.suppress(zmq.Again):
            self.socket.send_multipart([b"hello", json.dumps(hello).encode()], zmq.DONTWAIT)


class Relay:
    """A TCP relay that keeps what the client said, connection by connection."""

    def __init__(self, port):
        self.target, self.said, self.sockets = port, [], []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self._accept)]
        self.threads[0].start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            self.sockets += [client, server]
            self.said.append(bytearray())
            for pair in ((client, server, self.said[-1]), (server, client, None)):
                self.threads.append(threading.Thread(target=self._pump, args=pair))
                self.threads[-1].start()

    def _pump(self, source, sink, kept):
        try:
            while data := source.recv(65536):
                if kept is not None:
                    kept += data
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for each in self.sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()
        for thread in self.threads:
            thread.join()


class RemoteCase(unittest.TestCase):
    """`port`: where the hub listens for other machines; `ctl`: a peer on its own machine."""
    hub_lines = ""

    def setUp(self):
        self.wall = Wall()
        self.addCleanup(self.wall.close)
        self.wall.state.mkdir()
        self.listen(free_port())

    def listen(self, port):
        self.port, self.endpoint = port, "tcp://127.0.0.1:%d" % port
        file = self.wall.site / "wall.toml"
        text = file.read_text()
        rest = text[text.index("[[display]]"):]
        head = text[:text.index("[[display]]")].split("[hub]")[0]
        part = file.with_suffix(".part")
        part.write_text('%s[hub]\nlisten = "%s"\n%s\n%s' % (head, self.endpoint, self.hub_lines, rest))
        part.rename(file)

    def begin(self):
        self.wall.start()
        self.ctl = Peer(self.wall, "ctl")
        self.addCleanup(self.ctl.close)
        self.ctl.hello()
        until("the hub to listen", lambda: self.hub()["listen"] == self.endpoint)

    def hub(self):
        """"hub" of the status."""
        return self.ctl.ask("status")["hub"]

    def run_command(self, *words, code=0):
        done = subprocess.run([COMMAND, *words], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def key(self, name, role=None, file=None):
        """A new one, as its client has it."""
        file = self.wall.root / (file or name + ".key")
        self.run_command("key", "new", name, "--file", file, "--state-dir", self.wall.state, *(("--role", role) if role else ()))
        return json.loads(file.read_text())

    def revoke(self, name):
        self.run_command("key", "revoke", name, "--state-dir", self.wall.state)

    def connect(self, key, name="elsewhere", **options):
        peer = RemotePeer(self.endpoint, key, name, **options)
        self.addCleanup(peer.close)
        return peer

    def greeted(self, key, **options):
        peer = self.connect(key, **options)
        peer.greeting = peer.hello()
        return peer

    def grown_kb(self, before):
        """What the hub's memory grew by. A sanitizer keeps what was freed: then nothing is said."""
        return 0 if os.environ.get("BEACONWALL_SANITIZE") else self.rss_kb() - before

    def rss_kb(self):
        with open("/proc/%d/status" % self.wall.process.pid, encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))

    def raw(self):
        made = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.addCleanup(made.close)
        return made

    def is_ended(self, connection):
        """The hub's end closes it, whatever it said before."""
        try:
            while connection.recv(65536):
                pass
        except OSError as error:
            return not isinstance(error, TimeoutError)
        return True


def events_of(monitor):
    """What happened to a pyzmq socket whose monitor this is."""
    from zmq.utils.monitor import recv_monitor_message
    seen = []
    while monitor.poll(0):
        seen.append(recv_monitor_message(monitor)["event"])
    return seen


DISCONNECTED = zmq.EVENT_DISCONNECTED

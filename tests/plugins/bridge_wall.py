# SPDX-License-Identifier: Apache-2.0
"""A real hub and a bridge as its service, started as the supervisor starts it; each may be killed and comes back."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "hub"))
from wall_of_one import BUILD, PLUG, Peer, Wall, control_message, event, until  # noqa: E402,F401

PROGRAMS = BUILD / "lib/beaconwall/plugins"
STATE = "beaconwall.bridge.state.v1"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class BridgeCase(unittest.TestCase):
    """`plugin`: whose program, unless `program` is another one; its settings are SITE/data/PLUGIN.toml."""
    plugin = program = None

    def setUp(self):
        self.wall = Wall()
        self.addCleanup(self.wall.close)
        self.plugged, self.service, self.wire = 0, None, None
        (self.wall.site / "data").mkdir()
        self.addCleanup(self.kill_service)
        self.wall.start()

    # -- the hub
    def peer(self, name="watcher"):
        peer = Peer(self.wall, name)
        self.addCleanup(peer.close)
        peer.hello()
        return peer

    def restart_hub(self):
        """As after a crash: kill -9, and the next one finds the service's socket again."""
        self.wall.kill()
        self.wall.start()
        self.plug()

    def plug(self):
        self.plugged += 1
        self.wall.control.send(control_message(PLUG, self.plugged, name="service:" + self.plugin, text=self.wire))

    # -- the bridge
    def settings(self, text):
        (self.wall.site / "data" / (self.plugin + ".toml")).write_text(text, encoding="utf-8")

    def start_service(self, *arguments, **pipes):
        self.wire = str(self.wall.run / ("w%d" % (self.plugged + 1)))
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(self.wire)
        listener.listen(8)
        environment = dict(os.environ, BEACONWALL_WIRE_FD=str(listener.fileno()), BEACONWALL_WIRE_PATH=self.wire,
                           BEACONWALL_SITE=str(self.wall.site), BEACONWALL_LANGUAGE="zh", BEACONWALL_PLUGIN=self.plugin,
                           BEACONWALL_STATE=str(self.wall.root / "service-state"))
        with open(self.wall.root / "log", "ab") as log:
            program = self.program or PROGRAMS / self.plugin / (self.plugin + "-service")
            self.service = subprocess.Popen([str(program), *arguments], env=environment, pass_fds=[listener.fileno()], stderr=log, **pipes)
        listener.close()
        self.plug()

    def kill_service(self):
        if self.service and self.service.poll() is None:
            self.service.kill()
        if self.service:
            self.service.wait()
            self.close_pipes()
        self.service = None

    def stop_service(self):
        """Its exit code; it has 1.2 s on a wall."""
        self.service.send_signal(signal.SIGTERM)
        code = self.service.wait(30)
        self.close_pipes()
        self.service = None
        return code

    def close_pipes(self):
        for pipe in (self.service.stdin, self.service.stdout):
            if pipe:
                pipe.close()

    def kept(self, type_, peer=None):
        """Durable events of that type, in order, as the journal has them."""
        peer, since, found = peer or self.watcher, 0, []
        while True:
            reply = peer.ask("events", since=since, type=type_, limit=1000)
            self.assertTrue(reply["ok"], reply)
            found += reply["events"]
            since = reply["next"]
            if not reply["more"]:
                return found

    def state(self, peer=None):
        """What the bridge last said of itself."""
        states = (peer or self.watcher).of(STATE)
        return states[-1]["data"] if states else {}

    def wait_state(self, what, condition, peer=None):
        peer = peer or self.watcher
        return peer.wait(what, lambda: condition(self.state(peer)) and self.state(peer))


def data(events, key="value"):
    return [e["data"][key] for e in events]


def dumps(value):
    return json.dumps(value).encode()

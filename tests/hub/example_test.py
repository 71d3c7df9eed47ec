# SPDX-License-Identifier: Apache-2.0
"""The client of docs/examples, run as an integrator would."""
import json
import queue
import subprocess
import sys
import threading
import unittest

from elsewhere import RemoteCase
from wall_of_one import SOURCE, Peer, event, until


class ExampleTest(RemoteCase):
    def setUp(self):
        super().setUp()
        self.key("desk")
        self.begin()
        self.feed = self.greet()
        self.feed.ask("record", op="put", write="w", writes=[{"type": "x.item", "subject": "a", "data": 1}])
        self.run_client(self.wall.endpoint, "x.")

    def run_client(self, *words):
        self.process = subprocess.Popen([sys.executable, SOURCE / "docs/examples/client.py", *words], stdout=subprocess.PIPE, text=True)
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=lambda: [self.lines.put(line) for line in self.process.stdout])
        self.reader.start()
        self.addCleanup(self.end)

    def end(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()

    def greet(self):
        peer = Peer(self.wall, "feed")
        self.addCleanup(peer.close)
        peer.hello()
        return peer

    def line(self):
        lane, how, text = self.lines.get(timeout=60).split(" ", 2)
        return lane, how, json.loads(text)

    def test_it_is_at_most_60_lines(self):
        self.assertLessEqual(len((SOURCE / "docs/examples/client.py").read_text().splitlines()), 60)

    def test_from_another_machine_it_does_the_same(self):
        self.line()
        self.end()
        self.run_client(self.endpoint, "--key", str(self.wall.root / "desk.key"), "x.")
        self.goes_on()

    def test_snapshot_updates_credit_and_a_restarted_hub(self):
        self.goes_on()

    def goes_on(self):
        lane, how, got = self.line()
        self.assertEqual((lane, how, got["data"]), ("durable", "snapshot", 1))
        for i in range(700):  # more than twice its credit
            self.feed.send("publish", event=event("x.level", "gauge/%d" % i, i))
        self.assertEqual([self.line()[2]["data"] for _ in range(700)], list(range(700)))
        self.wall.kill()
        self.wall.start()
        self.feed = self.greet()
        # Its snapshot has the telemetry of before, too, as far as that was journalled.
        until("the record again", lambda: self.line()[2]["type"] == "x.item")
        self.feed.send("publish", event=event("x.level", "gauge/after"))
        until("the update", lambda: self.line()[2]["subject"] == "gauge/after")


if __name__ == "__main__":
    unittest.main()

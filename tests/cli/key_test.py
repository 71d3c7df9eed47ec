# SPDX-License-Identifier: Apache-2.0
"""beaconwall key, with no wall running: two halves, each where it belongs, and nothing told that is secret."""
import json
import os
import shutil
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

import zmq

COMMAND = Path(os.environ["BEACONWALL_BUILD"]) / "bin" / "beaconwall"
SITE = Path(os.environ["BEACONWALL_SOURCE"]) / "layouts" / "minimal"


class KeyTest(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="bw-key-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.root)
        self.state, self.here = self.root / "state", self.root / "here"
        self.here.mkdir()

    def key(self, *words, code=0, where=None):
        done = subprocess.run([COMMAND, "key", *words, *(where or ("--state-dir", self.state))], cwd=self.here, capture_output=True,
                              text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.said = done.stdout + done.stderr
        return done.stdout if code == 0 else done.stderr

    def listed(self):
        return json.loads(self.key("list", "--json"))["keys"]

    def mode(self, file):
        return stat.S_IMODE(file.stat().st_mode)

    def test_a_new_key_is_a_file_for_the_client_and_a_line_for_the_wall(self):
        said = self.key("new", "desk")
        file = self.here / "desk.key"
        client, server = json.loads(file.read_text()), json.loads((self.state / "server.key").read_text())
        self.assertEqual(sorted(client), ["name", "public", "secret", "server"])
        self.assertEqual(zmq.curve_public(client["secret"].encode()).decode(), client["public"])
        self.assertEqual((client["name"], client["server"]), ("desk", server["public"]))
        self.assertEqual([(k["name"], k["role"], k["public"]) for k in self.listed()], [("desk", "viewer", client["public"])])
        for made in (file, self.state / "server.key", self.state / "keys.json"):
            self.assertEqual(self.mode(made), 0o600, made)
        self.assertEqual(self.mode(self.state), 0o700)
        self.assertIn("beaconwall ctl --hub tcp://ADDRESS:PORT --key desk.key status", said)
        # Neither half that is secret is told, nor kept where it does not belong.
        for secret in (client["secret"], server["secret"]):
            self.assertNotIn(secret, self.said + self.key("list") + (self.state / "keys.json").read_text())
        self.assertNotIn(client["secret"], (self.state / "server.key").read_text())

    def test_the_wall_has_one_key_and_each_client_its_own(self):
        self.key("new", "a")
        self.key("new", "b", "--role", "leader", "--file", "elsewhere.key")
        a, b = (json.loads((self.here / f).read_text()) for f in ("a.key", "elsewhere.key"))
        self.assertEqual(a["server"], b["server"])
        self.assertEqual(len({a["secret"], b["secret"], a["public"], b["public"]}), 4)
        self.assertEqual([(k["name"], k["role"]) for k in self.listed()], [("a", "viewer"), ("b", "leader")])

    def test_nothing_is_written_over(self):
        file = self.here / "desk.key"
        file.write_text("precious")
        self.assertIn("is there already, and stays as it is", self.key("new", "desk", code=1))
        self.assertEqual((file.read_text(), self.listed()), ("precious", []))
        file.unlink()
        self.key("new", "desk")
        before = (file.read_text(), self.listed())
        self.assertIn("there is a key desk already", self.key("new", "desk", "--file", "second.key", code=1))
        self.assertFalse((self.here / "second.key").exists(), "a half that opens nothing is not left")
        self.assertEqual((file.read_text(), self.listed()), before)

    def test_revoked_is_gone_and_its_name_is_free(self):
        self.key("new", "desk")
        old = self.listed()[0]["public"]
        self.key("revoke", "desk")
        self.assertEqual(self.listed(), [])
        self.assertIn("there is no key desk", self.key("revoke", "desk", code=1))
        self.key("new", "desk", "--file", "again.key")
        self.assertNotEqual(self.listed()[0]["public"], old)

    def test_refused(self):
        self.assertIn("at most 64", self.key("new", "../desk", code=1))
        self.assertIn("viewer, duty_officer, leader, administrator", self.key("new", "desk", "--role", "boss", code=1))
        self.assertIn("no/such", self.key("new", "desk", "--file", "no/such/folder.key", code=1))
        self.assertEqual(list(self.here.iterdir()), [])
        self.assertEqual(self.listed(), [])
        done = subprocess.run([COMMAND, "key", "list"], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (1, "name the wall: --site SITE, or its state folder with --state-dir\n"))

    def test_a_sites_own_role_and_its_address(self):
        site = self.root / "hall"
        shutil.copytree(SITE, site)
        (site / "roles.toml").write_text('[[role]]\nname = "desk"\n[[role.may]]\nactions = ["see"]\n')
        where = ("--state-dir", self.state, "--site", site)
        self.key("new", "a", "--role", "desk", where=where)
        self.assertIn("wall.toml needs [hub]", self.said)
        wall = site / "wall.toml"
        text = wall.read_text()
        cut = text.index("[[display]]")
        wall.write_text(text[:cut] + '[hub]\nlisten = "tcp://192.0.2.1:8781"\n' + text[cut:])
        self.assertIn("ctl --hub tcp://192.0.2.1:8781 --key b.key status", self.key("new", "b", where=where))
        self.assertNotIn("wall.toml needs", self.said)

    def test_a_broken_list_stays_as_it_is(self):
        self.state.mkdir()
        (self.state / "keys.json").write_text("{")
        for verb in (("list",), ("revoke", "desk"), ("new", "desk")):
            self.assertIn("no other machine is let in by it", self.key(*verb, code=1))
        self.assertEqual((self.state / "keys.json").read_text(), "{")
        self.assertEqual(list(self.here.iterdir()), [])

    def test_a_key_of_the_wall_that_others_can_read_is_told(self):
        self.key("new", "desk")
        (self.state / "server.key").chmod(0o644)
        self.assertIn("others can read it", self.key("new", "other", code=1))


if __name__ == "__main__":
    unittest.main()

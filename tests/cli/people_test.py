# SPDX-License-Identifier: Apache-2.0
"""beaconwall operator and audit, with no wall running."""
import json
import os
import pty
import shutil
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

COMMAND = Path(os.environ["BEACONWALL_BUILD"]) / "bin" / "beaconwall"
SITE = Path(os.environ["BEACONWALL_SOURCE"]) / "layouts" / "minimal"


class People(unittest.TestCase):
    def setUp(self):
        self.state = Path(tempfile.mkdtemp(prefix="bw-people-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.state)

    def run_command(self, *words, stdin="", code=0):
        done = subprocess.run([COMMAND, *words, "--state-dir", self.state], input=stdin, capture_output=True,
                              text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def operator(self, *words, **how):
        return self.run_command("operator", *words, **how)

    def add(self, name="li", role="leader", *words, stdin="correct horse\n", **how):
        return self.operator("add", name, "--role", role, *words, stdin=stdin, **how)

    def people(self):
        return json.loads(self.operator("list", "--json"))["operators"]

    def test_add_list_and_remove(self):
        self.add()
        self.add("wang", "viewer", "--until", "2200-12-31")
        self.assertEqual(self.people(), [{"name": "li", "role": "leader", "until": None, "tokens": []},
                                         {"name": "wang", "role": "viewer", "until": "2201-01-01T00:00:00.000Z", "tokens": []}])
        self.assertIn("already", self.add(code=1))
        self.operator("remove", "li")
        self.assertIn("no operator li", self.operator("remove", "li", code=1))
        self.assertEqual([p["name"] for p in self.people()], ["wang"])

    def test_the_file_is_for_its_owner_alone_and_has_no_password_in_it(self):
        self.add()
        token = self.operator("token", "li").strip()
        file = self.state / "operators.json"
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        text = file.read_text()
        self.assertIn("$argon2id$", text)
        self.assertNotIn("correct horse", text)
        self.assertNotIn(token, text)
        self.assertEqual(sorted(p.name for p in self.state.iterdir()), [".operators.lock", "operators.json"])

    def test_refused_people(self):
        self.assertIn("viewer, duty_officer, leader, administrator", self.add(role="boss", code=1))
        self.assertIn("8 to 256 bytes", self.add(stdin="short\n", code=1))
        self.assertIn("no password", self.add(stdin="", code=1))
        self.assertIn("at most 64", self.add("../li", code=1))
        self.assertIn("--until is past", self.add("li", "viewer", "--until", "2020-01-01", code=1))
        self.assertIn("--until is no time", self.add("li", "viewer", "--until", "soon", code=1))
        self.assertEqual(self.people(), [])
        done = subprocess.run([COMMAND, "operator", "list"], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (1, "name the wall: --site SITE, or its state folder with --state-dir\n"))

    def test_a_sites_own_role(self):
        site = self.state / "hall"
        shutil.copytree(SITE, site)
        (site / "roles.toml").write_text('[[role]]\nname = "desk"\n[[role.may]]\nactions = ["see"]\n')
        self.assertIn("--site", self.add(role="desk", code=1))
        self.add("li", "desk", "--site", str(site))
        self.assertEqual(self.people()[0]["role"], "desk")

    def test_tokens_are_shown_once_and_revoked_by_their_id(self):
        self.add()
        self.assertRegex(self.operator("token", "li"), "^bw_[0-9a-f]{64}\n$")
        self.operator("token", "li")
        first, second = self.people()[0]["tokens"]
        self.operator("revoke", "li", first)
        self.assertEqual(self.people()[0]["tokens"], [second])
        self.assertIn("no token", self.operator("revoke", "li", first, code=1))

    def test_a_password_that_is_typed_is_not_shown(self):
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        process = subprocess.Popen([COMMAND, "operator", "add", "li", "--role", "viewer", "--state-dir", self.state],
                                   stdin=slave, stdout=slave, stderr=slave)
        os.close(slave)
        seen = b""
        for prompt in (b"password: ", b"again: "):
            while prompt not in seen:
                seen += os.read(master, 1000)
            os.write(master, b"correct horse\n")
        self.assertEqual(process.wait(60), 0, seen)
        self.assertNotIn(b"horse", seen)
        self.assertEqual([p["name"] for p in self.people()], ["li"])

    def test_a_broken_file_stays_as_it_is(self):
        (self.state / "operators.json").write_text("{")
        for verb in (("list",), ("remove", "li"), ("token", "li")):
            self.assertIn("nobody is let in by it", self.operator(*verb, code=1))
        self.assertEqual((self.state / "operators.json").read_text(), "{")

    def test_no_audit_is_told(self):
        self.assertEqual(self.run_command("audit", "verify", code=1), "audit.jsonl: there is no audit here\n")


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: Apache-2.0
"""Other machines: whose key may in, what it may, and what everybody else gets."""
import json
import socket
import subprocess
import unittest
import uuid

import zmq

from elsewhere import COMMAND, DISCONNECTED, RemoteCase, events_of, free_port
from wall_of_one import Peer, event, until

TAKE = "beaconwall.wall.take.v1"


class CurveTest(RemoteCase):
    def setUp(self):
        super().setUp()
        self.desk = self.key("desk")
        self.boss = self.key("boss", "administrator")

    def pair(self):
        public, secret = (half.decode() for half in zmq.curve_keypair())
        return {"public": public, "secret": secret, "server": self.desk["server"]}

    def audit(self, **like):
        """The newest line of that kind."""
        def look():
            found = [l for l in self.ctl.ask("audit", limit=500)["lines"] if all(l[k] == v for k, v in like.items())]
            return found and found[-1]
        return until("the audit's line of %s" % like, look)

    def test_a_known_key_is_greeted_by_its_name_and_may_what_its_role_may(self):
        self.begin()
        self.ctl.subscribe("x.")
        desk, boss = self.greeted(self.desk), self.greeted(self.boss, name="service:maps")
        self.assertEqual((desk.greeting["name"], boss.greeting["name"]), ("key:desk", "key:boss"))
        self.assertEqual(desk.ask("people")["role"], "viewer")
        self.assertTrue(desk.ask("layouts")["ok"])
        desk.subscribe("x.", source="snapshot")
        self.assertTrue(boss.ask("publish", lane="durable", event=event("x.hello", data="from afar"))["ok"])
        for reader in (self.ctl, desk):
            reader.wait("the event", lambda: reader.of("x.hello"))
            # Whatever it calls itself: whose key it is says who it is.
            self.assertEqual([e["source"] for e in reader.of("x.hello")], ["key:boss"])
        refused = desk.ask("publish", event=event("x.hello"))
        self.assertEqual((refused["code"], refused["text"]), ("refused", "key:desk (viewer) may not publish; this may: administrator"))
        refused = desk.command(TAKE, {"layout": "two"})
        self.assertIn("key:desk (viewer) may not take", refused["text"])
        line = self.audit(what=TAKE)
        self.assertEqual((line["who"], line["from"], line["why"]), ("key:desk", "key:desk 127.0.0.1", refused["text"]))

    def test_what_the_walls_own_processes_say_comes_from_no_key(self):
        self.begin()
        boss = self.greeted(self.boss, name="compositor:main")
        self.assertIn("compositor", boss.ask("publish", event=event("beaconwall.compositor.ready.v1"))["text"])
        self.assertIn("session", boss.ask("layouts", session="0" * 64)["text"])
        self.assertIn("token", boss.ask("sign_in", name="li", password="correct horse")["text"])
        for name in ("key:boss", "key:x"):
            reply = self.ctl.ask("hello", protocol=1, name=name, cycle="c")
            self.assertEqual((reply["ok"], reply["text"]), (False, "the name %s belongs to another machine's key" % name))

    def test_who_has_no_key_or_a_wrong_one_gets_nothing_and_is_counted(self):
        self.begin()
        desk, before = self.greeted(self.desk), self.hub()
        strangers = [self.connect(self.pair()) for _ in range(3)]
        lost = [self.connect({**self.desk, "server": self.pair()["public"]}), self.connect(None),
                self.connect(None, plain_username=b"li", plain_password=b"correct horse")]
        for peer in strangers + lost:
            peer.knock()
        until("the keys to be counted", lambda: self.hub()["refused_keys"] >= before["refused_keys"] + 3)
        until("the handshakes to be counted", lambda: self.hub()["refused_handshakes"] >= before["refused_handshakes"] + 3)
        self.assertTrue(desk.ask("layouts")["ok"])
        for peer in strangers + lost:
            peer.take_in()
            self.assertEqual((peer.replies, peer.goodbyes, peer.beats), ({}, [], []))
        self.assertEqual(self.hub()["peers"], 2)
        self.assertEqual(self.hub()["refused_keys"], before["refused_keys"] + 3, "libzmq tries no more after a refusal")

    def test_a_key_made_while_the_wall_runs_is_let_in(self):
        self.begin()
        late = self.key("late")
        def greeted():
            # A refused handshake is not tried again by itself: each is a new connection.
            peer = self.connect(late)
            peer.knock()
            peer.take_in(300)
            return peer.replies.get("h")
        self.assertEqual(until("the key to be known", greeted)["name"], "key:late")
        self.assertEqual(self.audit(what="key:known", subject="key:late role=viewer")["outcome"], "passed")

    def test_a_revoked_key_is_cut_off_and_others_are_not(self):
        self.begin()
        other = self.greeted(self.desk)
        other.subscribe("x.")
        boss = self.connect(self.boss)
        monitor = boss.socket.get_monitor_socket(DISCONNECTED)
        boss.hello()
        self.revoke("boss")
        boss.wait("the goodbye", lambda: boss.goodbyes)
        self.assertEqual(boss.goodbyes[0]["reason"], "your key is no longer one")
        until("its connection to be ended", lambda: DISCONNECTED in events_of(monitor))
        self.assertIn("key:boss left: its key is no longer one", self.wall.log())
        self.assertEqual(self.audit(what="key:revoked")["subject"], "key:boss role=administrator")
        refused = self.hub()["refused_keys"]
        boss.knock("again")
        until("it to be refused", lambda: self.hub()["refused_keys"] > refused)
        boss.take_in()
        self.assertNotIn("again", boss.replies)
        # Its name is free, and the new one is another key.
        self.key("boss", "viewer", "second.key")
        self.ctl.send("publish", event=event("x.still"))
        other.wait("the event", lambda: other.of("x.still"))
        boss.socket.disable_monitor()

    def test_a_token_speaks_for_its_operator_within_the_role_of_the_key(self):
        self.run_operator("add", "li", "--role", "administrator")
        token = self.run_operator("token", "li").strip()
        self.begin()
        desk, boss = self.connect(self.desk), self.connect(self.boss)
        for peer in (desk, boss):
            self.assertTrue(peer.ask("hello", protocol=1, name="x", cycle="c", token=token)["ok"])
        self.assertEqual(boss.ask("people")["name"], "li")
        self.assertIn("sequence", boss.ask("publish", lane="durable", event=event("x.hello")))
        self.assertIn("key:desk (viewer) may not publish", desk.ask("publish", event=event("x.hello"))["text"])
        self.assertEqual(self.audit(what="verb:publish")["who"], "operator:li")
        reply = boss.ask("hello", protocol=1, name="x", cycle="d", token="bw_" + "0" * 64)
        self.assertEqual((reply["ok"], reply["text"]), (False, "nobody has this token"))

    def run_operator(self, *words):
        done = subprocess.run([COMMAND, "operator", *words, "--state-dir", self.wall.state], input="correct horse\n", capture_output=True,
                              text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_a_hub_that_comes_back_is_met_again_without_a_person(self):
        self.begin()
        boss = self.greeted(self.boss)
        sequence = boss.ask("publish", lane="durable", event=event("x.a"))["sequence"]
        first = boss.greeting["session"]
        self.wall.kill()
        self.ctl.close()
        self.begin()
        def greeted():
            boss.knock("again", uuid.uuid4().hex)
            boss.take_in(200)
            return boss.replies.pop("again", None)
        again = until("the hub to greet it", greeted)
        self.assertNotEqual(again["session"], first)
        self.assertGreater(int(boss.ask("publish", lane="durable", event=event("x.b"))["sequence"]), int(sequence))

    def test_a_taken_port_leaves_the_wall_alone_and_is_told(self):
        holder = socket.create_server(("127.0.0.1", self.port))
        self.addCleanup(holder.close)
        self.wall.start()
        self.ctl = Peer(self.wall, "ctl")
        self.addCleanup(self.ctl.close)
        self.ctl.hello()
        def limit():
            return [l for l in self.ctl.ask("status")["limits"] if l["what"] == "other machines"]
        told = until("the limit to be told", limit)[0]
        self.assertIn("listening at %s: another program has that port" % self.endpoint, told["effect"])
        self.assertEqual(self.hub()["listen"], None)
        self.assertTrue(self.ctl.ask("publish", lane="durable", event=event("x.a"))["ok"])
        holder.close()
        until("the hub to listen", lambda: self.hub()["listen"] == self.endpoint)
        self.assertEqual(limit(), [])
        self.greeted(self.desk)
        self.assertEqual(self.wall.log().count("other machines cannot connect"), 1)

    def test_a_changed_site_moves_the_listener(self):
        self.begin()
        old = self.connect(self.desk)
        monitor = old.socket.get_monitor_socket(DISCONNECTED)
        old.hello()
        before = self.endpoint
        self.listen(free_port())
        until("the hub to listen elsewhere", lambda: self.hub()["listen"] == self.endpoint)
        until("the old connection to be ended", lambda: DISCONNECTED in events_of(monitor))
        self.greeted(self.desk)
        self.assertNotEqual(before, self.endpoint)
        old.socket.disable_monitor()

    def test_a_broken_list_of_keys_lets_nobody_in_until_it_is_mended(self):
        self.begin()
        file = self.wall.state / "keys.json"
        good = file.read_text()
        file.write_text("{")
        until("the fault to be known", lambda: "no other machine is let in" in str(self.ctl.ask("status")["people"]["keys_fault"]))
        desk = self.connect(self.desk)
        desk.knock()
        until("it to be refused", lambda: self.hub()["refused_keys"] > 0)
        file.write_text(good)
        # Told to try later, it does so by itself.
        desk.wait("the greeting", lambda: desk.replies.get("h"))

    def test_ctl_follows_from_another_machine_over_the_hubs_death(self):
        self.begin()
        follower = subprocess.Popen([COMMAND, "ctl", "--hub", self.endpoint, "--key", self.wall.root / "desk.key", "events", "--type", "x.f",
                                     "--since", "0", "--follow", "--json"], stdout=subprocess.PIPE, text=True)
        def end():
            follower.terminate()
            follower.communicate(timeout=60)
        self.addCleanup(end)
        for life in range(3):
            if life:
                self.wall.kill()
                self.ctl.close()
                self.begin()
            self.ctl.ask("publish", lane="durable", event=event("x.f", "life/%d" % life))
            self.assertEqual(json.loads(follower.stdout.readline())["subject"], "life/%d" % life)

    def test_ctl_from_another_machine(self):
        self.begin()
        there = ("ctl", "--hub", self.endpoint, "--key", self.wall.root / "boss.key")
        status = json.loads(self.run_command(*there, "status", "--json"))
        self.assertEqual(status["hub"]["listen"], self.endpoint)
        self.run_command(*there, "publish", "x.hello", "--subject", "me", "--data", "{}", "--durable")
        self.assertIn("key:boss", self.run_command(*there, "events", "--type", "x.hello"))
        desk = ("ctl", "--hub", self.endpoint, "--key", self.wall.root / "desk.key")
        self.assertIn("may not take", self.run_command(*desk, "take", "two", code=1))
        self.revoke("desk")
        until("the key to be gone", lambda: self.ctl.ask("status")["people"]["keys"] == 1)
        self.assertIn("does not know this key", self.run_command(*desk, "layouts", code=1))
        wrong = self.wall.root / "wrong.key"
        wrong.write_text(json.dumps({**self.boss, "server": self.pair()["public"]}))
        wrong.chmod(0o600)
        self.assertIn("is the key of that hub?", self.run_command("ctl", "--hub", self.endpoint, "--key", wrong, "layouts", code=1))
        wrong.chmod(0o644)
        self.assertIn("others can read it", self.run_command("ctl", "--hub", self.endpoint, "--key", wrong, "layouts", code=1))
        nobody = "tcp://127.0.0.1:%d" % free_port()
        self.assertIn("no hub listens there", self.run_command("ctl", "--hub", nobody, "--key", self.wall.root / "boss.key", "layouts", code=3))
        self.run_command("ctl", "--hub", self.endpoint, "layouts", code=2)


if __name__ == "__main__":
    unittest.main()

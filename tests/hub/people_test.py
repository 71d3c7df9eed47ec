# SPDX-License-Identifier: Apache-2.0
"""People at the gate: tokens, signing in, roles with limits, what the audit says of it, and what a full disk does."""
import json
import os
import subprocess
import unittest

from played import EDIT, HOLD, PREVIEW, RELEASE, TAKE, UNDO, SceneCase
from wall_of_one import BUILD, PLUG, Peer, control_message, event, until

COMMAND = BUILD / "bin/beaconwall"
RETRY, RELOAD, SNAPSHOT = "beaconwall.source.retry.v1", "beaconwall.plugin.reload.v1", "beaconwall.compositor.snapshot.v1"
ROLES = """
[[role]]
name = "side_desk"
[[role.may]]
actions = ["see", "take", "preview", "undo", "edit", "hold", "release"]
zones = ["side"]
[[role.may]]
actions = ["retry"]
groups = ["river"]
"""


class PeopleTest(SceneCase):
    def setUp(self):
        super().setUp()
        self.hang_two_displays()
        (self.wall.site / "roles.toml").write_text(ROLES)
        file = self.wall.site / "cameras.toml"
        file.write_text(file.read_text().replace('id = "T-1"', 'id = "T-1"\ngroups = ["river"]'))
        # Differs from one on the right display alone.
        one = (self.wall.site / "layouts/one.toml").read_text()
        (self.wall.site / "layouts/other_side.toml").write_text(one.replace("r-T1", "n-T1"))
        self.wall.state.mkdir(exist_ok=True)

    def people(self, *words, stdin="", code=0):
        done = subprocess.run([COMMAND, "operator", *words, "--state-dir", self.wall.state, "--site", self.wall.site],
                              input=stdin, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout.strip()

    def add(self, name, role, *words):
        self.people("add", name, "--role", role, *words, stdin="correct horse\n")

    def token(self, name, *words):
        return self.people("token", name, *words)

    def with_token(self, token, name="script"):
        peer = Peer(self.wall, name)
        self.addCleanup(peer.close)
        # Somebody who was added a moment ago is known within a second.
        def greeted():
            reply = peer.ask("hello", protocol=1, name=name, cycle="c", token=token)
            return reply if reply["ok"] else None
        until("the token to be known", greeted)
        return peer

    def audit(self):
        """Every line, once what was asked before is written."""
        return self.ctl.ask("audit", limit=500)["lines"]

    def newest(self, what, **like):
        """The newest line of that kind, which may still be on its way to the disk."""
        def look():
            found = [l for l in self.audit() if l["what"] == what and all(l[k] == v for k, v in like.items())]
            return found and found[-1]
        return until("the audit's line of " + what, look)

    def send(self, peer, type_, subject="wall", session=None, **data):
        more = {"session": session} if session else {}
        id_ = peer.start("command", event=event(type_, subject, data), **more)
        def look():
            self.compositor.work()
            peer.take_in(1)
            return peer.replies.pop(id_, None)
        return until("the reply", look)

    def console(self):
        return self.peer("console")

    def sign_in(self, console, name="li", password="correct horse"):
        return console.ask("sign_in", name=name, password=password)

    def test_without_operators_everybody_on_the_machine_may_and_is_written_down(self):
        self.begin()
        self.assertTrue(self.send(self.console(), TAKE, layout="two")["ok"])
        self.assertTrue(self.command(TAKE, layout="one")["ok"])
        line = self.newest(TAKE, subject="wall layout=one")
        self.assertEqual((line["who"], line["from"], line["action"], line["outcome"], line["why"]),
                         ("local:%d" % os.getuid(), "ctl", "take", "passed", ""))
        self.assertEqual(self.newest(TAKE, subject="wall layout=two")["who"], "console")

    def test_with_an_operator_the_console_needs_one_and_the_machine_does_not(self):
        self.add("li", "duty_officer")
        self.begin()
        console = self.console()
        for reply in (self.send(console, TAKE, layout="two"), console.ask("status"), console.ask("layouts")):
            self.assertEqual((reply["code"], reply["text"]), ("refused", "this wall has operators: sign in"))
        self.assertEqual(self.newest(TAKE)["why"], "this wall has operators: sign in")
        self.assertEqual(self.on_air(), (1, "one"))
        self.assertTrue(self.command(TAKE, layout="two")["ok"])

    def test_a_signed_in_officer_acts_under_their_own_name_until_they_sign_out(self):
        self.add("li", "duty_officer")
        self.begin()
        console = self.console()
        signed = self.sign_in(console)
        self.assertEqual((signed["ok"], signed["name"], signed["role"]), (True, "li", "duty_officer"))
        session = signed["session"]
        self.assertTrue(console.ask("layouts", session=session)["ok"])
        self.assertEqual(console.ask("people", session=session)["role"], "duty_officer")
        self.assertTrue(self.send(console, TAKE, session=session, layout="two")["ok"])
        line = self.newest(TAKE)
        self.assertEqual((line["who"], line["from"], line["outcome"]), ("operator:li", "console session", "passed"))
        self.assertTrue(self.send(console, HOLD, session=session, zone="left")["ok"])
        self.assertEqual(self.status()["layout"]["holds"][0]["by"], "li")
        refused = self.send(console, RELOAD, "plugin/maps", session=session)
        self.assertEqual(refused["text"], "li (duty_officer) may not reload; this may: administrator")
        self.assertEqual(self.newest(RELOAD)["why"], refused["text"])
        self.assertTrue(console.ask("sign_out", session=session)["ok"])
        self.assertIn("sign in", self.send(console, TAKE, session=session, layout="one")["text"])

    def test_a_wrong_password_is_refused_and_the_fifth_locks_the_name(self):
        self.add("li", "viewer")
        self.begin()
        console = self.console()
        for name in ("li", "nobody"):
            for _ in range(4):
                self.assertEqual(self.sign_in(console, name, "wrong horse")["text"], "wrong name or password")
            self.assertIn("locked now", self.sign_in(console, name, "wrong horse")["text"])
            self.assertIn("may try again in 15 minutes", self.sign_in(console, name)["text"])
        self.assertEqual(self.newest("verb:sign_in", who="operator:li")["outcome"], "refused")
        self.assertNotIn("horse", json.dumps(self.audit()))

    def test_a_killed_hub_forgets_no_lock_and_no_session(self):
        self.add("li", "duty_officer")
        self.add("wang", "leader")
        self.begin()
        console = self.console()
        session = self.sign_in(console, "wang")["session"]
        gone = self.sign_in(console, "wang")["session"]
        self.assertTrue(console.ask("sign_out", session=gone)["ok"])
        # Four are counted over one death, the fifth locks; the lock over the next.
        for _ in range(4):
            self.assertEqual(self.sign_in(console, password="wrong horse")["reason"], "wrong")
        self.restart()
        console = self.console()
        locked = self.sign_in(console, password="wrong horse")
        self.assertEqual((locked["reason"], locked["text"]), ("locked", "wrong name or password; the name is locked now"))
        self.restart()
        console = self.console()
        locked = self.sign_in(console)
        self.assertEqual(locked["reason"], "locked")
        self.assertTrue(0 < locked["retry_s"] <= 900, locked)
        self.assertEqual(console.ask("people", session=session)["name"], "wang")
        self.assertTrue(self.send(console, TAKE, session=session, layout="two")["ok"])
        self.assertIn("sign in", console.ask("layouts", session=gone)["text"])
        kept = (self.wall.state / "sign_ins.json").read_text()
        self.assertNotIn(session, kept)
        self.assertNotIn("argon2", kept)

    def test_what_is_kept_of_signing_in_may_be_damaged(self):
        self.add("li", "duty_officer")
        (self.wall.state / "sign_ins.json").write_text("{")
        self.begin()
        self.assertIn("sign_ins.json is damaged", self.wall.log())
        self.assertTrue(self.sign_in(self.console())["ok"])

    def test_a_disk_that_keeps_no_sign_in_stops_nobody(self):
        self.add("li", "duty_officer")
        (self.wall.state / ".sign_ins.json.part").mkdir()
        self.begin()
        console = self.console()
        self.assertTrue(self.sign_in(console)["ok"])
        self.assertEqual(self.sign_in(console, password="wrong horse")["reason"], "wrong")
        self.assertEqual(self.wall.log().count("are forgotten when the hub ends"), 1)

    def test_who_one_is_and_may(self):
        self.add("li", "side_desk", "--until", "2200-01-01")
        self.begin()
        console = self.console()
        nobody = console.ask("people")
        self.assertEqual((nobody["configured"], nobody["name"], nobody["may"], nobody["until"]), (True, None, None, None))
        signed = self.sign_in(console)
        me = console.ask("people", session=signed["session"])
        self.assertEqual((me["name"], me["role"], me["until"]), ("li", "side_desk", signed["until"]))
        self.assertEqual(me["may"], ["see", "preview", "take", "undo", "edit", "hold", "release", "retry"])

    def test_a_token_speaks_for_its_operator_within_their_role(self):
        self.add("li", "viewer")
        token = self.token("li")
        self.begin()
        script = self.with_token(token)
        self.assertTrue(script.ask("status")["ok"])
        refused = self.send(script, TAKE, layout="two")
        self.assertEqual(refused["text"], "li (viewer) may not take; this may: duty_officer, leader, administrator")
        line = self.newest(TAKE)
        self.assertEqual((line["who"], line["outcome"], line["why"]), ("operator:li", "refused", refused["text"]))
        self.assertRegex(line["from"], "^script token [0-9a-f]{8}$")
        for verb, body in (("publish", {"event": event("x.t")}), ("handle", {"prefixes": ["x."]}), ("audit", {}),
                           ("blob", {"op": "put", "digest": "0" * 64, "size": 1, "offset": 0}), ("blob", {"op": "get "}),
                           ("record", {"op": "put", "write": "w", "writes": [{"type": "x.r", "subject": "s"}]})):
            self.assertIn("li (viewer) may not", script.ask(verb, **body)["text"], verb)
        self.assertNotIn(token, (self.wall.state / "operators.json").read_text())

    def test_who_is_removed_is_out_at_once(self):
        self.add("li", "leader")
        self.add("wang", "leader")
        token = self.token("li")
        self.begin()
        script, console = self.with_token(token), self.console()
        session = self.sign_in(console)["session"]
        self.people("remove", "li")
        script.wait("the goodbye", lambda: script.goodbyes)
        self.assertIn("nobody has this token", script.ask("hello", protocol=1, name="script", cycle="d", token=token)["text"])
        self.assertIn("sign in", self.send(console, TAKE, session=session, layout="two")["text"])
        self.assertEqual(self.newest("operator:removed")["subject"], "li role=leader")

    def test_an_end_is_one(self):
        self.add("li", "leader", "--until", "2200-01-01")
        token = self.token("li")
        self.begin()
        script, console = self.with_token(token), self.console()
        self.assertTrue(self.sign_in(console)["ok"])
        file = self.wall.state / "operators.json"
        file.write_text(file.read_text().replace("2200-01-02", "2020-01-02"))
        script.wait("the goodbye", lambda: script.goodbyes)
        self.assertEqual(self.sign_in(console)["text"], "the operator li ended at 2020-01-02T00:00:00.000Z")

    def test_a_new_password_ends_the_sessions_of_the_old_one(self):
        self.add("li", "leader")
        self.begin()
        console = self.console()
        session = self.sign_in(console)["session"]
        self.people("password", "li", stdin="another horse\n")
        until("the session's end", lambda: not console.ask("layouts", session=session)["ok"])
        self.assertFalse(self.sign_in(console)["ok"])
        self.assertTrue(self.sign_in(console, password="another horse")["ok"])

    def test_a_role_is_limited_to_its_zone_and_its_group(self):
        self.add("li", "side_desk")
        token = self.token("li")
        self.begin()
        script = self.with_token(token)
        self.assertIn("may take in side alone; this changes left", self.send(script, TAKE, layout="two")["text"])
        self.assertIn("this changes left", self.send(script, PREVIEW, layout="two")["text"])
        self.assertTrue(self.send(script, TAKE, layout="other_side")["ok"])
        self.assertTrue(self.send(script, UNDO)["ok"])
        self.assertTrue(self.send(script, EDIT, op="show", pane="r-T1", shows="camera/T-2")["ok"])
        for data in ({"op": "swap", "pane": "a-T1", "other": "r-T1"}, {"op": "full", "pane": "r-T1", "on": "wall"}):
            self.assertIn("this changes left", self.send(script, EDIT, **data)["text"], data)
        self.assertTrue(self.send(script, HOLD, zone="right")["ok"])
        self.assertIn("this changes left", self.send(script, HOLD, zone="wall")["text"])
        self.assertTrue(self.send(script, RELEASE, zone="right")["ok"])
        self.assertIn("no media process", self.send(script, RETRY, "camera/T-1")["text"])
        self.assertIn("camera/T-2 is not among them", self.send(script, RETRY, "camera/T-2")["text"])
        # A take of somebody else: bringing the old one back would change the left display.
        self.assertTrue(self.command(TAKE, layout="two")["ok"])
        self.assertIn("this changes left", self.send(script, UNDO)["text"])

    def test_who_may_start_an_exercise_and_bring_it_onto_the_wall(self):
        self.add("li", "duty_officer")
        self.add("wu", "leader")
        officer_token, leader_token = self.token("li"), self.token("wu")
        self.begin()
        officer, leader = self.with_token(officer_token, "a"), self.with_token(leader_token, "b")
        start, end = "beaconwall.space.start.v1", "beaconwall.space.end.v1"
        drill = {"name": "drill", "kind": "exercise"}
        self.assertIn("may not run_space", self.send(officer, start, "space/drill", **drill)["text"])
        reply = self.send(leader, start, "space/drill", **drill)
        self.assertEqual((reply["ok"], reply.get("by")), (True, "wu"), reply)
        for type_, data in ((TAKE, {"space": "drill"}), (TAKE, {"layout": "two", "space": "drill"}), (PREVIEW, {"layout": "two", "space": "drill"})):
            self.assertIn("may not take_space", self.send(officer, type_, **data)["text"])
        self.assertTrue(self.send(leader, PREVIEW, layout="two", space="drill")["ok"])
        self.assertIn("may not take_space", self.send(officer, TAKE)["text"])  # what is prepared is the exercise's
        self.assertTrue(self.send(leader, TAKE)["ok"])
        # Within it, and back, a take is a take; but not into it again.
        self.assertTrue(self.send(officer, TAKE, layout="three")["ok"])
        self.assertTrue(self.send(officer, TAKE, space="live")["ok"])
        self.assertIn("may not take_space", self.send(officer, UNDO)["text"])
        self.assertIn("may not run_space", self.send(officer, end, "space/drill", name="drill")["text"])
        self.assertTrue(self.send(leader, end, "space/drill", name="drill")["ok"])
        # What was refused in an exercise stands in the audit, too.
        self.assertTrue(self.send(leader, start, "space/drill", **drill)["ok"])
        id_ = officer.start("command", space="drill", event=event(TAKE, "wall", {"layout": "one"}))
        self.assertEqual(officer.reply(id_)["space"], "drill")
        lines = until("the audit", lambda: [line for line in self.audit() if line["outcome"] == "refused" and "this is the exercise drill" in line.get("why", "")])
        self.assertEqual((lines[0]["who"], lines[0]["what"]), ("operator:li", TAKE))

    def test_a_role_that_goes_takes_its_permissions_along(self):
        self.add("li", "side_desk")
        token = self.token("li")
        self.begin()
        script = self.with_token(token)
        (self.wall.site / "roles.toml").unlink()
        until("the reading", lambda: "no such role" in script.ask("layouts").get("text", ""))

    def test_a_token_does_not_make_one_a_part_of_the_wall(self):
        self.add("li", "viewer")
        token = self.token("li")
        self.begin()
        self.with_token(token)
        for name in ("console", "compositor:main", "media:0"):
            peer = Peer(self.wall, name)
            self.addCleanup(peer.close)
            self.assertFalse(peer.ask("hello", protocol=1, name=name, cycle="c", token=token)["ok"], name)

    def test_processes_of_the_wall_are_written_down_by_their_names(self):
        self.add("li", "viewer")  # changes nothing for them
        self.begin()
        service = self.service()
        self.assertTrue(self.send(service, TAKE, layout="two")["ok"])
        self.assertEqual((self.newest(TAKE)["who"], self.newest(TAKE)["outcome"]), ("service:demo_field", "passed"))
        path = str(self.wall.run / "w2")
        panel = Peer(self.wall, "panel", connect=False)
        self.addCleanup(panel.close)
        panel.socket.bind("ipc://" + path)
        self.wall.control.send(control_message(PLUG, 8, name="panel:maps", text=path))
        panel.wait("the hub to introduce itself", lambda: panel.goodbyes)
        panel.hello()
        refused = self.send(panel, TAKE, layout="one")
        self.assertIn("the manifest of maps names no command", refused["text"])
        line = self.newest(TAKE, outcome="refused")
        self.assertEqual((line["who"], line["why"]), ("panel:maps", refused["text"]))

    def test_a_broken_file_of_operators_locks_the_console(self):
        (self.wall.state / "operators.json").write_text("{")
        self.begin()
        self.assertIn("sign in", self.console().ask("layouts")["text"])
        self.assertIn("nobody is let in", self.status()["people"]["fault"])
        self.assertTrue(self.command(TAKE, layout="two")["ok"])

    def test_a_right_password_is_none_that_was_tried_wrongly_while_the_list_cannot_be_read(self):
        self.add("li", "viewer")
        self.begin()
        file = self.wall.state / "operators.json"
        good, console = file.read_bytes(), self.console()
        file.write_bytes(b"{")
        for _ in range(6):
            refused = self.sign_in(console)
            self.assertEqual((refused["ok"], refused["reason"]), (False, "closed"))
            self.assertIn("cannot be read", refused["text"])
        file.write_bytes(good)
        self.assertTrue(self.sign_in(console)["ok"])

    def test_a_password_that_no_message_can_say_is_refused(self):
        done = subprocess.run([COMMAND, "operator", "add", "li", "--role", "viewer", "--state-dir", self.wall.state],
                              input="密码密码密码\n".encode("gb18030"), capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"UTF-8", done.stderr)
        self.people("add", "li", "--role", "viewer", stdin="密码密码密码\n")
        self.begin()
        self.assertTrue(self.sign_in(self.console(), password="密码密码密码")["ok"])

    def test_who_has_no_token_is_told_at_once(self):
        self.add("li", "viewer")
        self.begin()
        def ctl(token, *words):
            file = self.wall.root / "token"
            file.write_bytes(token)
            return subprocess.run([COMMAND, "ctl", "--run-dir", self.wall.run, "--token-file", file, *words], capture_output=True, timeout=60, check=False)
        for words in (("layouts",), ("take", "two"), ("events", "--follow"), ("record", "watch", "x.item")):
            done = ctl(b"bw_" + b"0" * 64, *words)
            self.assertEqual((done.returncode, done.stderr), (1, b"nobody has this token\n"), words)
        for token in (b"", b" \n", b"\xff" * 70, "令牌".encode(), b"a" * 3_000_000):
            done = ctl(token, "layouts")
            self.assertEqual(done.returncode, 1, token[:20])
            self.assertIn(b"holds no token", done.stderr)
        token = self.token("li").encode()
        until("the token to be known", lambda: ctl(b"\n " + token + b" \n", "layouts").returncode == 0)

    def test_what_comes_as_a_command_and_is_none_is_written_down(self):
        self.begin()
        for body, what, why in (({}, "verb:command", "event is missing"), ({"event": {"type": TAKE, "specversion": "1.0"}}, TAKE, "id is missing"),
                                ({"event": event(TAKE, "wall", {"layout": "two"}), "sent_ns": "1"}, TAKE, "sent_ns"),
                                ({"event": event(TAKE, "wall", {"layout": "two"}), "space": 5}, TAKE, "space is")):
            reply = self.ctl.ask("command", **body)
            self.assertEqual((reply["ok"], reply["code"]), (False, "invalid"))
            until("the audit's line of " + why, lambda: any(l["what"] == what and l["outcome"] == "refused" and why in l["why"] for l in self.audit()))
        self.assertEqual(self.on_air(), (1, "one"))

    def test_the_chain_goes_on_over_a_killed_hub_and_verifies(self):
        self.begin()
        self.command(TAKE, layout="two")
        self.newest(TAKE)
        self.restart()
        self.command(TAKE, layout="one")
        self.newest(TAKE, subject="wall layout=one")
        head = self.status()["audit"]["head"]
        verify = [COMMAND, "audit", "verify", "--state-dir", self.wall.state]
        done = subprocess.run([*verify, "--head", head], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(subprocess.run([*verify, "--head", head.upper()], capture_output=True, timeout=60, check=False).returncode, 0)
        for none in ("", "xyz", head[:63]):  # a script's empty variable is no head that was found
            done = subprocess.run([*verify, "--head", none], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn("64 hex digits", done.stderr)
        file = self.wall.state / "audit.jsonl"
        file.write_text(file.read_text().replace("layout=two", "layout=six"))
        done = subprocess.run(verify, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^audit\.jsonl:\d+: changed")

    def test_a_command_too_old_and_one_twice(self):
        self.begin()
        made = event(TAKE, "wall", {"layout": "two"}, "same")
        for _ in range(2):
            id_ = self.ctl.start("command", event=made)
            self.until(self.compositor, lambda: self.ctl.take_in(1) or self.ctl.replies.pop(id_, None))
        self.assertEqual(self.ctl.command(TAKE, {"layout": "one"}, sent_ns=1)["code"], "expired")
        self.assertIn("too old", self.newest(TAKE, outcome="refused")["why"])
        self.assertEqual([l["outcome"] for l in self.audit() if l["what"] == TAKE], ["passed", "refused"])

    def test_a_disk_that_takes_nothing_stops_no_take_and_the_status_says_so(self):
        blocked = self.wall.state / "audit.jsonl"
        blocked.mkdir(parents=True)
        self.begin()
        self.assertTrue(self.command(TAKE, layout="two")["ok"])
        status = until("the fault", lambda: (lambda a: a["fault"] and a)(self.status()["audit"]))
        self.assertGreaterEqual(status["waiting"], 1)
        blocked.rmdir()
        self.newest(TAKE)
        self.assertEqual(self.status()["audit"]["fault"], None)

    def test_the_audit_is_asked_for_in_pages_and_since_a_time(self):
        self.begin()
        for layout in ("two", "one", "two"):
            self.command(TAKE, layout=layout)
        self.newest(TAKE, n=3)
        page = self.ctl.ask("audit", limit=2)
        self.assertEqual(([l["n"] for l in page["lines"]], page["next"], page["more"]), ([1, 2], 2, True))
        self.assertEqual([l["n"] for l in self.ctl.ask("audit", after=2)["lines"]], [3])
        self.assertEqual(self.ctl.ask("audit", since="2200-01-01T00:00:00Z")["lines"], [])
        self.assertEqual(self.ctl.ask("audit", since="yesterday")["code"], "invalid")


if __name__ == "__main__":
    unittest.main()

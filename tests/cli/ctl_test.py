# SPDX-License-Identifier: Apache-2.0
"""Every verb of ctl against a hub that says what the test wants."""
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

from wire_hub import WireHub

COMMAND = str(Path(os.environ["BEACONWALL_BUILD"]) / "bin" / "beaconwall")
STATUS = {
    "version": "0.1.0", "site": "demo", "uptime_s": 12.4, "console": "http://127.0.0.1:8780/",
    "layout": {"on_air": "overview", "preview": None, "take": 3, "recorded": True},
    "displays": [{"name": "left", "width_px": 1920, "height_px": 1080, "renderer": "llvmpipe",
                  "frames_drawn": 321, "frames_missed": 0, "last_draw_ms": 3.1,
                  "last_take": {"take": 3, "frame_id": 9876, "commit_to_frame_ms": 14.2}}],
    "panes": [{"id": "cam-01", "shows": "camera/FF-001", "display": "left", "freshness": "lost",
               "age_ms": 4200, "updates": 250, "reason": {"code": "stalled", "text": "画面停滞"}}],
    "roles": [{"role": "hub", "name": "", "pid": 4242, "state": "running", "restarts": 0}],
    "sources": [], "hub": {"sequence": 1234, "peers": 9}, "limits": []}
REFUSED = {"ok": False, "code": "refused", "text": "take 4 is on air, not 3"}


def event(subject="s", sequence=None, **more):
    made = {"specversion": "1.0", "id": subject, "source": "ctl", "type": "x.t.v1",
            "subject": subject, "time": "2026-07-01T08:00:00Z", "data": {"n": 1}, **more}
    return made if sequence is None else {**made, "sequence": f"{sequence:020}"}


class Ctl(unittest.TestCase):
    def setUp(self):
        self.run_dir = Path(tempfile.mkdtemp(prefix="bw-ctl-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.run_dir)

    def hub(self, **replies):
        hub = WireHub(self.run_dir, {k.replace("__", "."): v for k, v in replies.items()})
        self.addCleanup(hub.close)
        return hub

    def start(self, *words):
        return subprocess.Popen([COMMAND, "ctl", "--run-dir", str(self.run_dir), *words],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")

    def ctl(self, *words, code=0):
        process = self.start(*words)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, code, out + err)
        return out if code == 0 else err

    def test_audit_goes_through_its_pages_and_a_token_speaks_for_its_operator(self):
        def page(request):
            n = request["after"] + 1
            line = {"n": n, "time": "t", "who": "operator:li", "from": "ctl", "what": "w", "subject": "s", "outcome": "refused", "why": "no"}
            return {"ok": True, "lines": [line], "next": n, "more": n < 3}
        hub = self.hub(audit=page)
        token = self.run_dir / "token"
        token.write_text("bw_secret\n")
        self.assertEqual([line["n"] for line in json.loads(self.ctl("--token-file", str(token), "audit", "--since", "2026-07-01", "--json"))["lines"]], [1, 2, 3])
        self.assertIn("operator:li (ctl)  w  s: no", self.ctl("audit"))
        asked = [body for verb, body in hub.requests if verb == "audit"]
        self.assertEqual(asked[0]["since"], "2026-07-01T00:00:00Z")
        self.assertEqual([body.get("token") for verb, body in hub.requests if verb == "hello"][0], "bw_secret")

    def test_no_wall(self):
        self.assertIn(str(self.run_dir), self.ctl("status", code=3))
        left_over = socket.socket(socket.AF_UNIX)
        left_over.bind(str(self.run_dir / "hub.sock"))
        left_over.close()
        self.assertIn("no running wall", self.ctl("take", "fire", code=3))

    def test_silent_hub_is_a_timeout(self):
        self.hub(status=None)
        self.assertNotEqual(self.ctl("status", code=4), "")

    def test_status(self):
        self.hub(status={"status": STATUS})
        self.assertEqual(json.loads(self.ctl("status", "--json")), STATUS)
        text = self.ctl("status")
        for part in ("overview", "cam-01", "画面停滞", "4242", "llvmpipe", "14.2"):
            self.assertIn(part, text)
        lines = text.splitlines()
        header = next(line for line in lines if line.startswith("PANE"))
        row = next(line for line in lines if line.startswith("cam-01"))
        self.assertEqual(header.index("STATE"), row.index("lost"))

    def test_status_names_faulty_files_while_the_wall_keeps_their_old_content(self):
        faults = [{"number": "BW1203", "file": "layouts/fire.toml", "line": 12, "column": 3, "text": "found area \"x\""},
                  {"number": "BW1001", "file": "wall.toml", "line": 0, "column": 0, "text": "cannot be read"}]
        self.hub(status={"status": dict(STATUS, faults=faults)})
        self.assertEqual(json.loads(self.ctl("status", "--json"))["faults"], faults)
        text = self.ctl("status")
        self.assertIn("keeps what they said before", text)
        self.assertIn("\nlayouts/fire.toml:12:3: BW1203: found area \"x\"\n", text)
        self.assertIn("\nwall.toml: BW1001: cannot be read\n", text)

    def test_status_may_stand_in_the_reply_itself(self):
        self.hub(status=STATUS)
        self.assertEqual(json.loads(self.ctl("status", "--json"))["site"], "demo")

    def test_layouts(self):
        layouts = [{"name": "fire", "title": {"zh": "火情", "en": "Fire"}, "key": "F2",
                    "on_air": True, "preview": False}]
        self.hub(layouts={"layouts": layouts})
        self.assertEqual(json.loads(self.ctl("layouts", "--json"))["layouts"], layouts)
        self.assertRegex(self.ctl("layouts"), r"fire +F2 +火情  Fire +on air")

    def test_take(self):
        hub = self.hub(beaconwall__wall__take__v1={"take": 4, "layout": "fire", "recorded": True})
        self.assertEqual(self.ctl("take", "fire", "--fade", "250", "--if-take", "3"),
                         "take 4: fire\n")
        body = hub.wait_for("command")
        self.assertEqual(body["event"]["data"], 
                         {"layout": "fire", "transition": {"kind": "fade", "ms": 250}, "if_take": 3})
        self.assertEqual(body["event"]["subject"], "wall")
        self.assertGreater(body["sent_ns"], 0)

    def test_spaces(self):
        drill = {"name": "drill", "kind": "exercise", "state": "running", "title": {"zh": "演练", "en": "Drill"}, "by": "li", "started": "T1"}
        then = {"name": "then", "kind": "replay", "state": "ended", "title": {"zh": "then", "en": "then"}, "by": "li", "started": "T1",
                "since": "T2", "until": "T3", "speed": 10}
        hub = self.hub(spaces={"on_air": "drill", "spaces": [drill, then]}, beaconwall__space__start__v1={"kind": "exercise"},
                       beaconwall__space__end__v1={"name": "drill"}, beaconwall__wall__take__v1={"take": 4, "layout": "fire", "space": "drill"},
                       beaconwall__wall__preview__v1={"layout": "fire"})
        said = lambda: [body["event"]["data"] for verb, body in hub.requests if verb == "command"][-1]
        table = self.ctl("space", "list")
        self.assertRegex(table, r"drill +exercise +running +演练  Drill +li +since T1 +on air")
        self.assertRegex(table, r"then +replay +ended +then  then +li +T2 to T3, 10x")
        self.assertEqual(json.loads(self.ctl("space", "list", "--json"))["spaces"], [drill, then])
        self.assertIn("take --space drill", self.ctl("space", "start", "drill", "--exercise", "--title", "演练/Drill"))
        self.assertEqual(said(), {"name": "drill", "kind": "exercise", "title": {"zh": "演练", "en": "Drill"}})
        self.ctl("space", "start", "then", "--replay", "--since", "2026-07-01", "--until", "2026-07-01T09:00:00Z", "--speed", "10")
        self.assertEqual(said(), {"name": "then", "kind": "replay", "since": "2026-07-01T00:00:00Z", "until": "2026-07-01T09:00:00Z", "speed": 10})
        self.ctl("space", "start", "now", "--replay", "--since", "30m")
        self.assertRegex(said()["since"], r"^20\d\d-")
        self.assertNotIn("until", said())
        self.assertEqual(self.ctl("space", "end", "drill"), "drill is over\n")
        self.assertEqual(self.ctl("take", "fire", "--space", "drill"), "take 4: fire\nspace: drill\n")
        self.assertEqual(said(), {"layout": "fire", "space": "drill"})
        self.ctl("take", "--space", "live")
        self.assertEqual(said(), {"space": "live"})
        self.ctl("preview", "fire", "--space", "drill")
        self.assertEqual(said(), {"layout": "fire", "space": "drill"})
        for words in (["x"], ["x", "--exercise", "--replay", "--since", "8h"], ["x", "--replay"], ["x", "--exercise", "--since", "8h"],
                      ["x", "--replay", "--since", "noon"], ["x", "--replay", "--since", "8h", "--speed", "61"]):
            self.ctl("space", "start", *words, code=2)

    def test_what_is_not_live_is_said_first(self):
        self.hub(status={**STATUS, "space": {"name": "drill", "kind": "exercise"}, "spaces": [{"name": "drill", "kind": "exercise", "state": "running", "started": "T", "by": "li"}]})
        out = self.ctl("status")
        self.assertIn("NOT LIVE: the exercise drill is on air", out)
        self.assertRegex(out, r"drill +exercise +running +T +li")

    def test_transitions(self):
        hub = self.hub(beaconwall__wall__take__v1={"take": 4, "layout": "fire"},
                       beaconwall__wall__undo__v1={"take": 5, "layout": "x"})
        self.ctl("take", "fire", "--push", "400")
        self.ctl("undo", "--cut")
        self.ctl("take", "fire")
        said = [body["event"]["data"].get("transition") for verb, body in hub.requests if verb == "command"]
        self.assertEqual(said, [{"kind": "push", "ms": 400}, {"kind": "cut", "ms": 0}, None])

    def test_a_take_under_a_hold_says_what_is_missing(self):
        self.hub(beaconwall__wall__take__v1={"take": 4, "layout": "fire", "recorded": True, "held": ["left"],
                                             "left_out": ["main", "map"]})
        self.assertEqual(self.ctl("take", "fire"), "take 4: fire\nheld: left\nleft out: main, map\n")

    def test_hold_and_release(self):
        hub = self.hub(beaconwall__wall__hold__v1={"zone": "left", "by": "Li", "until": "2026-07-01T08:00:00.000Z"},
                       beaconwall__wall__release__v1={"zone": "left", "by": "Li"})
        self.assertEqual(self.ctl("hold", "left", "--for", "1h30m", "--as", "Li"),
                         "held: left by Li until 2026-07-01T08:00:00.000Z\n")
        self.ctl("hold", "wall")
        self.assertEqual(self.ctl("release", "left"), "released: left, held by Li\n")
        said = [b["event"]["data"] for v, b in hub.requests if v == "command"]
        self.assertEqual(said, [{"zone": "left", "for_ms": 5400000, "as": "Li"}, {"zone": "wall"}, {"zone": "left"}])
        self.assertIn("1h30m", self.ctl("hold", "left", "--for", "soon", code=2))

    def test_edits(self):
        hub = self.hub(beaconwall__wall__edit__v1={"take": 7, "layout": "fire", "recorded": True})
        self.assertEqual(self.ctl("edit", "swap", "a", "b", "--if-take", "6"), "take 7: fire\n")
        self.ctl("edit", "full", "a", "--on", "zone", "--fade", "300")
        self.ctl("edit", "back")
        self.ctl("edit", "show", "a", "maps/board", "--settings", '{"n": 1}')
        said = [b["event"]["data"] for v, b in hub.requests if v == "command"]
        self.assertEqual(said, [{"op": "swap", "pane": "a", "other": "b", "if_take": 6},
                                {"op": "full", "pane": "a", "on": "zone", "transition": {"kind": "fade", "ms": 300}},
                                {"op": "back"}, {"op": "show", "pane": "a", "shows": "maps/board", "settings": {"n": 1}}])
        for words in (["full", "a", "--on", "moon"], ["swap", "a"], []):
            self.ctl("edit", *words, code=2)

    def test_save(self):
        hub = self.hub(beaconwall__wall__edit__v1={"layout": "saved-x", "file": "layouts/saved-x.toml", "loaded": False})
        said = self.ctl("save", "x", "--title", "夜间/Night", "--as", "Li")
        self.assertIn("saved: saved-x (layouts/saved-x.toml)\n", said)
        self.assertIn("beaconwall check", said)
        self.assertEqual(hub.wait_for("command")["event"]["data"],
                         {"op": "save", "name": "x", "title": {"zh": "夜间", "en": "Night"}, "as": "Li"})

    def test_status_names_the_holders(self):
        held = dict(STATUS, layout=dict(STATUS["layout"], holds=[{"zone": "left", "by": "Li", "until": None}]))
        self.hub(status={"status": held})
        self.assertRegex(self.ctl("status"), r"left +Li +-")

    def test_an_empty_name_does_not_take_the_preview(self):
        hub = self.hub(beaconwall__wall__take__v1={"take": 5, "layout": "x"})
        self.assertIn("leave it out", self.ctl("take", "", code=2))
        self.assertEqual([verb for verb, _ in hub.requests], [])

    def test_what_is_no_json_is_named_with_its_option(self):
        self.hub()
        for words, option in ((["edit", "show", "a", "maps/board", "--settings", "{"], "--settings"),
                              (["publish", "x.t.v1", "--subject", "a", "--data", b'"\xff"'], "--data"),
                              (["record", "put", "x.t.v1", "a", "--data", "nothing"], "--data")):
            self.assertIn(option + " is no JSON", self.ctl(*words, code=1))

    def test_take_of_the_preview_names_no_layout(self):
        hub = self.hub(beaconwall__wall__take__v1={"take": 5, "layout": "x", "recorded": False})
        self.assertIn("not recorded", self.ctl("take"))
        self.assertEqual(hub.wait_for("command")["event"]["data"], {})

    def test_refusal_is_said(self):
        self.hub(beaconwall__wall__take__v1=REFUSED, beaconwall__wall__undo__v1=REFUSED)
        self.assertEqual(self.ctl("take", "fire", code=1), REFUSED["text"] + "\n")
        self.ctl("undo", code=1)

    def test_expired_command_is_a_timeout(self):
        self.hub(beaconwall__wall__undo__v1={"ok": False, "code": "expired", "text": "too old"})
        self.assertEqual(self.ctl("undo", code=4), "too old\n")

    def test_preview_undo_and_restart(self):
        hub = self.hub(beaconwall__wall__preview__v1={"hash": "h", "layout": "fire"},
                       beaconwall__wall__undo__v1={"take": 6, "layout": "overview"},
                       beaconwall__plugin__restart__v1={},
                       beaconwall__source__retry__v1={})
        self.assertIn("fire", self.ctl("preview", "fire"))
        self.assertEqual(self.ctl("undo"), "take 6: overview\n")
        self.ctl("plugin", "restart", "maps")
        self.assertEqual(self.ctl("source", "retry", "camera/FF-001"), "trying camera/FF-001 again\n")
        subjects = [b["event"]["subject"] for v, b in hub.requests if v == "command"]
        self.assertEqual(subjects, ["wall", "wall", "plugin/maps", "camera/FF-001"])
        self.assertIn("source", self.ctl("retry", "camera/FF-001", code=2), "the verbs that there are")

    def test_snapshot_is_written_whole(self):
        picture = os.urandom(200_000)  # several pieces
        hub = self.hub()
        hub.replies["beaconwall.compositor.snapshot.v1"] = {
            "digest": hub.put_blob(picture), "width": 640, "height": 360}
        file = self.run_dir / "out.png"
        self.assertIn("640x360", self.ctl("snapshot", str(file), "--pane", "cam-01", "--preview"))
        self.assertEqual(file.read_bytes(), picture)
        self.assertEqual(hub.wait_for("command")["event"]["data"],
                         {"pane": "cam-01", "preview": True})
        self.ctl("snapshot", str(self.run_dir / "none/out.png"), code=1)
        self.assertEqual([p.name for p in self.run_dir.glob("*.part")], [])

    def test_events_page_by_page(self):
        def page(body):
            since = body.get("since", 0)
            return {"events": [event(f"e{since + 1}", since + 1)], "next": since + 1,
                    "more": since < 2}
        self.hub(events=page)
        found = json.loads(self.ctl("events", "--since", "0", "--json"))["events"]
        self.assertEqual([e["subject"] for e in found], ["e1", "e2", "e3"])
        self.assertEqual(len(self.ctl("events", "--type", "x.").splitlines()), 1)

    def test_events_of_a_span_of_time(self):
        def page(body):
            n = int(body.get("after", "0"))
            return {"events": [event(f"e{n + 1}", n + 1)], "after": str(n + 1), "more": n < 2}
        hub = self.hub(events=page)
        words = ("--type", "x.", "--subject", "e", "--since", "2026-07-01", "--until", "2026-07-02T08:00:00Z")
        found = json.loads(self.ctl("events", *words, "--json"))["events"]
        self.assertEqual([e["subject"] for e in found], ["e1", "e2", "e3"])
        asked = [body for verb, body in hub.requests if verb == "events"]
        self.assertEqual({(b["type"], b["subject"], b["from"], b["until"]) for b in asked},
                         {("x.", "e", "2026-07-01T00:00:00Z", "2026-07-02T08:00:00Z")})
        self.assertEqual([b.get("after") for b in asked], [None, "1", "2"])

    def test_events_follow_goes_on_behind_the_sequence(self):
        hub = self.hub()
        hub.publish(event("old", 8), lane=0x81, sequence=8)
        hub.publish(event("new", 9), lane=1, sequence=9)
        process = self.start("events", "--type", "x.", "--since", "7", "--follow", "--json")
        lines = [json.loads(process.stdout.readline()) for _ in range(2)]
        self.assertEqual([line["subject"] for line in lines], ["old", "new"])
        hub.publish(event("telemetry"))
        self.assertEqual(json.loads(process.stdout.readline())["subject"], "telemetry")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        said = hub.wait_for("subscribe")
        self.assertEqual((said["prefixes"], said["from"], said["since"]), (["x."], "sequence", 7))

    def test_what_a_replay_plays_is_followed_as_it_comes(self):
        hub = self.hub(spaces={"on_air": None, "spaces": [{"name": "then", "kind": "replay"}, {"name": "drill", "kind": "exercise"}]})
        for space, how in (("then", "now"), ("drill", "sequence")):
            process = self.start("events", "--type", "x.", "--space", space, "--follow")
            try:
                self.assertEqual(hub.wait_for("subscribe")["from"], how)
            finally:
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=60)
            hub.requests.clear()

    def test_a_space_that_cannot_be_followed_is_said(self):
        refused = {"ok": False, "code": "unknown", "text": "there is no space other; there are: live"}
        self.hub(spaces={"spaces": []}, subscribe=refused)
        self.assertIn("there is no space other", self.ctl("events", "--space", "other", "--follow", code=1))
        self.assertIn("there is no space other", self.ctl("record", "watch", "x.t", "--space", "other", code=1))

    def test_publish(self):
        hub = self.hub(publish={"sequence": 77})
        self.ctl("publish", "x.t.v1", "--subject", "a", "--data", '{"k": 1}')
        self.assertEqual(self.ctl("publish", "x.t.v1", "--subject", "a", "--data", "2", "--durable"),
                         "sequence 77\n")
        said = [body for verb, body in hub.requests if verb == "publish"]
        self.assertEqual([b["lane"] for b in said], ["telemetry", "durable"])
        self.assertEqual(said[0]["event"]["data"], {"k": 1})
        self.assertIn("JSON", self.ctl("publish", "x.t.v1", "--subject", "a", "--data", "{", code=1))
        self.assertIn("the subject is no UTF-8", self.ctl("publish", "x.t.v1", "--subject", b"\xb3\xc7", "--data", "1", code=1))
        self.assertEqual(len([verb for verb, _ in hub.requests if verb == "publish"]), 2)

    def test_records(self):
        def record(body):
            if body["op"] == "get":
                return {"event": event("a", revision=3)}
            if body["op"] == "list":
                return {"events": [event("b" if "after" in body else "a")],
                        "more": "after" not in body}
            return {"sequence": 9, "revisions": [4]}
        hub = self.hub(record=record)
        self.assertEqual(json.loads(self.ctl("record", "get", "x.t.v1", "a", "--json"))["revision"], 3)
        listed = json.loads(self.ctl("record", "list", "x.t.v1", "--json"))["events"]
        self.assertEqual([e["subject"] for e in listed], ["a", "b"])
        self.assertEqual(self.ctl("record", "put", "x.t.v1", "a", "--data", "{}", "--revision", "3"),
                         "sequence 9, revision 4\n")
        put = hub.requests[-1][1]
        self.assertEqual(put["writes"],
                         [{"type": "x.t.v1", "subject": "a", "data": {}, "revision": 3}])

    def test_record_watch(self):
        hub = self.hub()
        hub.publish(event("a", 1, revision=1), lane=1, sequence=1)
        process = self.start("record", "watch", "x.t.v1", "--json")
        self.assertEqual(json.loads(process.stdout.readline())["subject"], "a")
        process.terminate()
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(hub.wait_for("subscribe")["prefixes"], ["x.t.v1/"])


if __name__ == "__main__":
    unittest.main()

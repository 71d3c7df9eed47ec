# SPDX-License-Identifier: Apache-2.0
"""libexec/beaconwall-console on real sockets: routes, refusals, limits, and what it says when others are away."""
import http.client
import json
import os
import socket
import stat
import unittest

import rig


class ConsoleTest(unittest.TestCase):
    def setUp(self):
        self.console = rig.Console()
        self.addCleanup(self.console.end)
        self.hub = self.console.hub
        rig.wait_for(lambda: "hub" not in self.get("/healthz")[2], 30, "the hub is there")

    def ask(self, method, path, body=None, headers=None):
        link = http.client.HTTPConnection("127.0.0.1", self.console.port, timeout=30)
        try:
            link.request(method, path, body, headers or {})
            reply = link.getresponse()
            data = reply.read()
            return reply.status, dict(reply.getheaders()), data if reply.getheader("Content-Type") == "image/jpeg" else data.decode()
        finally:
            link.close()

    def get(self, path, **headers):
        return self.ask("GET", path, None, {name.replace("_", "-"): value for name, value in headers.items()})

    def own_page(self):
        return {"Origin": f"http://127.0.0.1:{self.console.port}", "Content-Type": "application/json"}

    def post(self, what, data, **changed):
        headers = self.own_page() | {name.replace("_", "-"): value for name, value in changed.items()}
        headers = {name: value for name, value in headers.items() if value is not None}
        status, _, text = self.ask("POST", f"/api/v1/{what}", json.dumps(data), headers)
        return status, json.loads(text)

    def refused(self, answer, status, code):
        self.assertEqual((answer[0], answer[1]["error"]["code"]), (status, code))
        self.assertTrue(answer[1]["error"]["text"].endswith("."), answer)
        self.assertEqual(self.hub.commands, [])


class Pages(ConsoleTest):
    def test_serves_one_page_that_asks_nobody_else(self):
        status, headers, page = self.get("/")
        self.assertEqual(status, 200)
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertNotIn("unsafe", headers["Content-Security-Policy"])
        self.assertEqual(headers["X-Frame-Options"], "DENY")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        for part, kind in (("/console.js", "text/javascript"), ("/console.css", "text/css"), ("/icon.svg", "image/svg+xml")):
            self.assertIn(f'="{part}"', page)
            status, headers, text = self.get(part)
            self.assertEqual(status, 200)
            self.assertTrue(headers["Content-Type"].startswith(kind))
            self.assertNotRegex(text.replace("http://www.w3.org/2000/svg", ""), "https?://")
        self.assertNotRegex(page, "https?://|<style|style=|onclick")

    def test_head_gives_the_headers_alone(self):
        status, headers, text = self.ask("HEAD", "/console.css")
        self.assertEqual((status, text), (200, ""))
        self.assertGreater(int(headers["Content-Length"]), 1000)

    def test_unknown_addresses_and_methods_are_told_so(self):
        status, _, text = self.get("/api/v1/nothing")
        self.assertEqual((status, json.loads(text)["error"]["code"]), (404, "not_found"))
        status, _, text = self.get("/../../etc/passwd")
        self.assertIn(status, (400, 404))
        status, headers, _ = self.get("/api/v1/take")
        self.assertEqual((status, headers["Allow"]), (405, "POST"))
        status, headers, _ = self.ask("DELETE", "/")
        self.assertEqual((status, headers["Allow"]), (405, "GET, HEAD"))

    def test_answers_to_its_own_names_only(self):
        for host in ("wall.example", f"wall.example:{self.console.port}", "127.0.0.1", "127.0.0.1:1"):
            for path in ("/", "/healthz", "/api/v1/status"):
                self.assertEqual(self.get(path, Host=host)[0], 403, (host, path))
        self.assertEqual(self.get("/", Host=f"localhost:{self.console.port}")[0], 200)

    def test_listens_on_the_loopback_alone(self):
        with open("/proc/net/tcp", encoding="ascii") as table:
            bound = [line.split()[1] for line in table if line.split()[1].endswith(f":{self.console.port:04X}") and line.split()[3] == "0A"]
        self.assertEqual(bound, [f"0100007F:{self.console.port:04X}"])

    def test_a_taken_port_moves_to_the_next_free_one(self):
        other = rig.Console(port=self.console.port)
        self.addCleanup(other.end)
        self.assertGreater(other.port, self.console.port)
        self.assertEqual(other.address, f"http://127.0.0.1:{other.port}/")


class Facts(ConsoleTest):
    def test_status_is_the_hubs_document(self):
        self.hub.status = {"site": "demo", "layout": {"on_air": "overview", "preview": None, "take": 3, "recorded": True}}
        status, headers, text = self.get("/api/v1/status")
        self.assertEqual(status, 200)
        self.assertEqual(json.loads(text), self.hub.status)
        self.assertTrue(headers["Content-Type"].startswith("application/json"))

    def test_layouts_are_the_hubs(self):
        self.hub.layouts = [{"name": "fire", "title": {"zh": "火情", "en": "Fire"}, "key": "F2"}]
        self.assertEqual(json.loads(self.get("/api/v1/layouts")[2])["layouts"], self.hub.layouts)

    def test_the_wall_has_a_name_and_a_language(self):
        wall = json.loads(self.get("/api/v1/wall")[2])
        self.assertEqual(wall, {"site": "site", "title": {"zh": "试验墙", "en": "Test wall"}, "language": "en", "utc_offset_minutes": 480})

    def test_other_origins_read_nothing(self):
        for headers in ({"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}):
            for path in ("/api/v1/status", "/api/v1/wall.jpg", "/api/v1/layouts"):
                status, sent, _ = self.get(path, **headers)
                self.assertEqual(status, 403)
                self.assertNotIn("Access-Control-Allow-Origin", sent)
        self.assertEqual(self.get("/api/v1/status", Sec_Fetch_Site="same-origin")[0], 200)

    def test_a_hub_that_does_not_answer_times_out_and_blocks_nobody(self):
        self.hub.silent = True
        waiting = http.client.HTTPConnection("127.0.0.1", self.console.port, timeout=30)
        waiting.request("GET", "/api/v1/status")
        self.assertEqual(self.get("/console.css")[0], 200)
        reply = waiting.getresponse()
        self.assertEqual(reply.status, 504)
        self.assertEqual(json.loads(reply.read())["error"]["code"], "timeout")
        waiting.close()

    def test_a_browser_that_goes_away_leaves_no_trace(self):
        self.hub.silent = True
        for _ in range(70):
            link = socket.create_connection(("127.0.0.1", self.console.port))
            link.sendall(f"GET /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1:{self.console.port}\r\n\r\n".encode())
            link.close()
        rig.wait_for(lambda: self.get("/api/v1/status")[0] == 504, 30, "the waiting ones are forgotten")
        self.hub.silent = False
        self.assertEqual(self.get("/api/v1/status")[0], 200)

    def test_says_that_the_hub_is_away(self):
        self.hub.end()
        rig.wait_for(lambda: "hub" in self.get("/healthz")[2], 30, "healthz names the hub")
        self.assertEqual(self.get("/healthz")[0], 503)
        status, _, text = self.get("/api/v1/status")
        self.assertEqual((status, json.loads(text)["error"]["code"]), (503, "hub_away"))
        self.assertEqual(self.get("/")[0], 200)
        self.console.hub = self.hub = rig.Hub(self.hub.path)
        rig.wait_for(lambda: self.get("/api/v1/status")[0] == 200, 30, "a new hub is found")


class Presses(ConsoleTest):
    def test_a_take_becomes_a_command_and_its_answer_comes_back(self):
        self.hub.on_command = lambda event: {"take": 4, "layout": "fire", "recorded": True}
        self.assertEqual(self.post("take", {"layout": "fire", "if_take": 3}), (200, {"take": 4, "layout": "fire", "recorded": True}))
        self.assertEqual([(each["type"], each["subject"], each["data"]) for each in self.hub.commands],
                         [("beaconwall.wall.take.v1", "wall", {"layout": "fire", "if_take": 3})])

    def test_preview_and_undo(self):
        self.assertEqual(self.post("preview", {"layout": "flood"})[0], 200)
        self.assertEqual(self.post("preview", {"layout": None})[0], 200)
        self.assertEqual(self.post("undo", {})[0], 200)
        self.assertEqual([(each["type"], each["data"]) for each in self.hub.commands],
                         [("beaconwall.wall.preview.v1", {"layout": "flood"}), ("beaconwall.wall.preview.v1", {"layout": None}),
                          ("beaconwall.wall.undo.v1", {})])

    def test_the_hubs_refusal_comes_back_with_its_sentence(self):
        self.hub.on_command = lambda event: {"ok": False, "code": "conflict", "text": "take 5 is on air"}
        status, answer = self.post("take", {"layout": "fire", "if_take": 3})
        self.assertEqual((status, answer["error"]), (409, {"code": "conflict", "text": "take 5 is on air"}))

    def test_pages_of_other_origins_press_nothing(self):
        self.refused(self.post("take", {"layout": "fire"}, Origin="http://evil.example"), 403, "foreign_origin")
        self.refused(self.post("take", {"layout": "fire"}, Origin=f"http://localhost:{self.console.port}"), 403, "foreign_origin")
        self.refused(self.post("take", {"layout": "fire"}, Origin="null"), 403, "foreign_origin")
        self.refused(self.post("undo", {}, Sec_Fetch_Site="same-site"), 403, "cross_site")
        self.refused(self.post("take", {"layout": "fire"}, Host=f"evil.example:{self.console.port}"), 403, "foreign_host")
        self.refused(self.post("take", {"layout": "fire"}, Content_Type="text/plain"), 415, "not_json")

    def test_a_program_shows_the_token(self):
        self.refused(self.post("undo", {}, Origin=None), 403, "no_origin")
        self.refused(self.post("undo", {}, Origin=None, Authorization="Bearer 00"), 403, "no_origin")
        self.assertEqual(self.post("undo", {}, Origin=None, Authorization=f"Bearer {self.console.token()}")[0], 200)
        self.assertEqual(len(self.hub.commands), 1)

    def test_only_this_user_reads_the_token(self):
        mode = os.stat(os.path.join(self.console.folder, "console.token")).st_mode
        self.assertEqual(stat.S_IMODE(mode), 0o600)
        self.assertGreaterEqual(len(self.console.token()), 32)

    def test_a_body_that_is_not_the_asked_object_is_refused(self):
        for data in ([], {"layout": 7}, {"layout": "../x"}, {"lay": "fire"}):
            self.refused(self.post("take", data), 400, "invalid")

    def test_a_large_body_is_refused_before_it_is_read(self):
        link = socket.create_connection(("127.0.0.1", self.console.port), timeout=30)
        head = (f"POST /api/v1/take HTTP/1.1\r\nHost: 127.0.0.1:{self.console.port}\r\nOrigin: http://127.0.0.1:{self.console.port}\r\n"
                "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n")
        link.sendall(head.format(10 << 20).encode())
        sent = 0
        try:
            while sent < 10 << 20:
                sent += link.send(b" " * 65536)
            answer = link.recv(4096)
        except (BrokenPipeError, ConnectionResetError):
            answer = b""  # the console hung up on it: refused as well
        link.close()
        if answer:
            self.assertIn(b"413", answer.split(b"\r\n")[0])
        self.assertEqual(self.hub.commands, [])
        with open(f"/proc/{self.console.process.pid}/status", encoding="ascii") as table:
            rss = next(int(line.split()[1]) for line in table if line.startswith("VmRSS"))
        self.assertLess(rss, 64 << 10 if not os.environ.get("BEACONWALL_SANITIZE") else 1 << 20)
        self.assertEqual(self.get("/")[0], 200)

    def test_a_body_of_unknown_length_is_refused(self):
        status, _, text = self.ask("POST", "/api/v1/take", iter([b"{}"]), self.own_page())  # sent in chunks
        self.refused((status, json.loads(text)), 411, "no_length")


class People(ConsoleTest):
    def setUp(self):
        super().setUp()
        self.hub.people = {"li": "correct horse"}
        self.name = f"beaconwall-{self.console.port}"

    def sign_in(self, name="li", password="correct horse", **changed):
        """The cookie as the browser would send it, and the reply."""
        headers = {k: v for k, v in (self.own_page() | {n.replace("_", "-"): v for n, v in changed.items()}).items() if v is not None}
        status, headers, text = self.ask("POST", "/api/v1/sign_in", json.dumps({"name": name, "password": password}), headers)
        cookie = headers.get("Set-Cookie", "")
        return cookie.split(";")[0], cookie, status, json.loads(text)

    def away(self, cookie=None):
        """Everything but /healthz and signing in is refused to who shows that."""
        headers = {"Cookie": cookie} if cookie else {}
        for path in ("/console.js", "/words.js", "/api/v1/status", "/api/v1/layouts", "/api/v1/wall", "/api/v1/wall.jpg", "/api/v1/attention"):
            status, _, body = self.get(path, **headers)
            self.assertEqual((status, json.loads(body)["error"]["code"]), (401, "sign_in"), path)
        status, headers_back, _ = self.get("/", **headers)
        self.assertEqual((status, headers_back["Location"]), (303, "/sign-in"))
        for what, body in (("take", {"layout": "fire"}), ("undo", {}), ("preview", {"layout": None}), ("acknowledge", {"subject": "a/b"})):
            self.refused(self.post(what, body, **headers), 401, "sign_in")

    def test_with_operators_everything_but_health_and_signing_in_is_refused_from_the_next_request_on(self):
        self.hub.people = {}
        self.assertEqual(self.get("/")[0], 200)
        self.hub.people = {"li": "correct horse"}
        for text in (rig.OPERATORS, "{"):
            self.console.write_operators(text)
            self.away()
            self.refused(self.post("undo", {}, Origin=None, Authorization="Bearer " + self.console.token()), 401, "sign_in")
            self.assertIn(self.get("/healthz")[0], (200, 503))
            for path in ("/sign-in", "/sign-in.css", "/sign-in.js", "/clock.js", "/icon.svg"):
                self.assertEqual(self.get(path)[0], 200, path)
        self.hub.people = {}
        self.console.write_operators('{"version": 1, "operators": []}')
        self.assertEqual(self.get("/")[0], 200)
        self.assertEqual(self.hub.asked, [])

    def test_a_session_is_a_cookie_that_no_script_and_no_other_site_has(self):
        self.console.write_operators()
        pair, cookie, status, body = self.sign_in()
        self.assertEqual((status, body["name"]), (200, "li"))
        self.assertNotIn("session", body)
        self.assertEqual(pair, f"{self.name}=session-0")
        self.assertRegex(cookie, r"; Path=/; Max-Age=43[12]\d\d; HttpOnly; SameSite=Strict$")
        self.hub.layouts = [{"name": "fire"}]
        self.assertEqual(json.loads(self.get("/api/v1/layouts", Cookie=pair)[2])["layouts"], self.hub.layouts)
        self.assertEqual(self.get("/", Cookie=f"other=1; {pair}; more=2")[0], 200)
        self.assertEqual(self.post("take", {"layout": "fire"}, Cookie=pair)[0], 200)
        self.assertIn(("command", "session-0"), self.hub.asked)
        self.assertIn(("layouts", "session-0"), self.hub.asked)
        me = json.loads(self.get("/api/v1/people", Cookie=pair)[2])
        self.assertEqual((me["configured"], me["name"], me["title"]["en"], me["wall"]["title"]["en"]), (True, "li", "Duty officer", "Test wall"))

    def test_a_session_that_is_none_opens_nothing(self):
        self.console.write_operators()
        self.away(f"{self.name}=made-up")
        self.away(f"beaconwall-1={self.sign_in()[0].split('=')[1]}")  # of another wall's console on this machine
        self.assertIsNone(json.loads(self.get("/api/v1/people", Cookie=f"{self.name}=made-up")[2])["name"])

    def test_signing_out_ends_the_session_here_and_at_the_hub(self):
        self.console.write_operators()
        pair = self.sign_in()[0]
        self.assertEqual(self.get("/", Cookie=pair)[0], 200)
        status, headers, _ = self.ask("POST", "/api/v1/sign_out", "{}", self.own_page() | {"Cookie": pair})
        self.assertEqual(status, 200)
        self.assertTrue(headers["Set-Cookie"].startswith(f"{self.name}=; Path=/; Max-Age=0;"))
        self.assertEqual(self.hub.sessions, {})
        self.away(pair)

    def test_what_is_wrong_is_one_and_the_same_whoever_there_is(self):
        self.console.write_operators()
        replies = [self.sign_in(name, password)[2:] for name, password in (("li", "wrong horse"), ("nobody", "wrong horse"), ("../x", "y"))]
        self.assertEqual(replies[0], (401, {"error": {"code": "wrong", "text": "Wrong name or password."}}))
        self.assertEqual(replies, [replies[0]] * 3)

    def test_who_is_locked_is_told_how_long(self):
        self.console.write_operators()
        self.hub.on_sign_in = lambda body: {"ok": False, "code": "refused", "text": "too many", "reason": "locked", "retry_s": 840}
        _, cookie, status, body = self.sign_in()
        self.assertEqual((cookie, status, body["error"]["code"], body["error"]["retry_s"]), ("", 429, "locked", 840))
        for reason, status in (("ended", 403), ("busy", 503)):
            self.hub.on_sign_in = lambda body, why=reason: {"ok": False, "code": "refused", "text": "x", "reason": why}
            self.assertEqual((self.sign_in()[2], self.sign_in()[3]["error"]["code"]), (status, reason))

    def test_another_origins_page_signs_nobody_in_or_out(self):
        self.console.write_operators()
        for changed in ({"Origin": "http://elsewhere.example"}, {"Origin": None}, {"Sec_Fetch_Site": "cross-site"}):
            self.assertEqual(self.sign_in(**changed)[:3:2], ("", 403), changed)
        self.assertEqual(self.sign_in(Content_Type="text/plain")[2], 415)
        pair = self.sign_in()[0]
        self.assertEqual(self.post("sign_out", {}, Cookie=pair, Origin="http://elsewhere.example")[0], 403)
        self.assertEqual(self.get("/", Cookie=pair)[0], 200)
        for data in ({}, {"name": "li"}, {"name": "li", "password": 7}, {"name": "li", "password": "x" * 300}, {"name": "li", "password": "x", "more": 1}):
            self.assertEqual(self.post("sign_in", data)[0], 400, data)

    def test_a_hub_that_is_away_lets_nobody_new_in_and_throws_nobody_out(self):
        self.console.write_operators()
        pair = self.sign_in()[0]
        self.assertEqual(self.get("/words.js", Cookie=pair)[0], 200)
        self.hub.end()
        rig.wait_for(lambda: "hub" in self.get("/healthz")[2], 30, "the hub is away")
        self.assertEqual(self.get("/words.js", Cookie=pair)[0], 200)
        self.assertEqual(self.get("/words.js", Cookie=f"{self.name}=made-up")[0], 503)
        self.assertEqual(self.get("/", Cookie=f"{self.name}=made-up")[0], 303)
        self.assertEqual(self.sign_in()[2], 503)


class AttentionItems(ConsoleTest):
    def test_active_ones_come_first_then_the_gravest_then_the_newest(self):
        self.hub.attention = [rig.item("a/1", 2), rig.item("b/1", 4, "over"), rig.item("c/1", 3), rig.item("d/1", 4, since="2026-07-01T07:00:00.000Z"), rig.item("e/1", 4)]
        got = json.loads(self.get("/api/v1/attention")[2])
        self.assertEqual([each["subject"] for each in got["items"]], ["e/1", "d/1", "c/1", "a/1", "b/1"])
        self.assertEqual((got["total"], got["active"]), (5, 4))
        self.assertEqual((got["items"][0]["about"], got["items"][0]["rule"]), ("1", "e"))

    def test_of_a_storm_a_hundred_come(self):
        self.hub.attention = [rig.item(f"storm/{i}", 1 + i % 4) for i in range(500)]
        got = json.loads(self.get("/api/v1/attention")[2])
        self.assertEqual((len(got["items"]), got["total"], {each["level"] for each in got["items"]}), (100, 500, {4}))

    def test_one_is_acknowledged_by_its_subject(self):
        self.assertEqual(self.post("acknowledge", {"subject": "river/gauge/1"})[0], 200)
        self.assertEqual([(e["type"], e["subject"]) for e in self.hub.commands], [("beaconwall.attention.acknowledge.v1", "river/gauge/1")])
        for bad in ({}, {"subject": ""}, {"subject": 7}, {"subject": "x" * 300}, {"all": True}):
            self.assertEqual(self.post("acknowledge", bad)[0], 400, bad)

    def test_a_take_may_name_a_space(self):
        self.assertEqual(self.post("take", {"space": "live"})[0], 200)
        self.assertEqual(self.hub.commands[0]["data"], {"space": "live"})
        self.assertEqual(self.post("take", {"space": "../x"})[0], 400)


class Pictures(ConsoleTest):
    def setUp(self):
        super().setUp()
        self.compositor = rig.Compositor()
        self.addCleanup(self.compositor.end)

    def test_without_a_compositor_a_sentence_says_so(self):
        status, _, text = self.get("/api/v1/wall.jpg")
        self.assertEqual((status, json.loads(text)["error"]["code"]), (503, "no_compositor"))
        self.assertIn("compositor", self.get("/healthz")[2])

    def test_the_wall_as_a_jpeg_with_a_tag(self):
        self.console.join(self.compositor)
        self.compositor.publish(128, 36, b"\x80\x80\x80\xff" * (128 * 36))
        status, headers, picture = self.get("/api/v1/wall.jpg")
        self.assertEqual((status, picture[:2]), (200, b"\xff\xd8"))
        tag = headers["ETag"]
        status, headers, nothing = self.get("/api/v1/wall.jpg", If_None_Match=tag)
        self.assertEqual((status, nothing, headers["ETag"]), (304, "", tag))
        self.compositor.publish(128, 36, b"\x10\x10\x10\xff" * (128 * 36))
        self.assertEqual(self.get("/api/v1/wall.jpg", If_None_Match=tag)[0], 200)
        self.assertEqual(self.get("/healthz")[:1], (200,))

    def test_wants_pictures_only_when_somebody_asks(self):
        self.console.join(self.compositor)
        self.compositor.publish(16, 16, bytes(16 * 16 * 4))
        self.assertEqual(self.compositor.read().wants, [])
        self.get("/api/v1/wall.jpg")
        self.assertEqual(len(self.compositor.read().wants), 1)

    def test_a_new_compositor_takes_over(self):
        self.console.join(self.compositor)
        self.compositor.publish(16, 16, bytes(16 * 16 * 4))
        self.assertEqual(self.get("/api/v1/wall.jpg")[0], 200)
        self.console.tell(rig.UNLINK, b"compositor:main")
        rig.wait_for(lambda: self.get("/healthz")[0] == 503, 30, "the old one is gone")
        fresh = rig.Compositor()
        self.addCleanup(fresh.end)
        self.console.join(fresh)
        fresh.publish(16, 16, bytes(16 * 16 * 4))
        self.assertEqual(self.get("/api/v1/wall.jpg")[0], 200)


class Life(ConsoleTest):
    def test_beats_and_stops_when_told(self):
        rig.wait_for(lambda: self.console.read().beats >= 2, 30, "two beats")
        self.console.tell(rig.STOP)
        self.assertEqual(self.console.process.wait(20), 0)

    def test_comes_back_at_the_same_address(self):
        other = rig.Console(port=self.console.port)
        self.addCleanup(other.end)
        before = other.address
        other.process.kill()
        other.process.wait()
        other.link.close()
        self.console.process.kill()
        self.console.process.wait()
        other.begin(port=self.console.port)
        self.assertEqual(other.address, before, "though the wished port is free now")

    def test_ends_when_the_supervisor_is_gone(self):
        self.console.link.close()
        self.assertEqual(self.console.process.wait(20), 0)

    def test_starts_without_a_hub(self):
        alone = rig.Console(hub=False)
        self.addCleanup(alone.end)
        link = http.client.HTTPConnection("127.0.0.1", alone.port, timeout=30)
        link.request("GET", "/healthz")
        reply = link.getresponse()
        self.assertEqual((reply.status, b"hub" in reply.read()), (503, True))
        link.close()


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""CloudEvents over HTTP, between a real hub, real clients and a webhook that fails in every way that it may."""
import http.client
import http.server
import json
import os
import pathlib
import re
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from bridge_wall import BridgeCase, data, event, free_port, until  # noqa: E402

LEVEL, ORDER = "x.county.level.v1", "x.wall.order.v1"
STRUCTURED, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"


def level(value, id_=None, **more):
    return {"specversion": "1.0", "id": id_ or str(value), "source": "/county", "type": LEVEL, "subject": "gauge/1",
            "data": {"value": value}, **more}


class Webhook:
    """A receiver: `answers` are given first, (status, headers) each, then 204; `got` is what was taken."""

    def __init__(self, port=None):
        hook = self
        self.answers, self.asked, self.got = [], 0, []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.asked += 1
                status, headers = hook.answers.pop(0) if hook.answers else (204, {})
                if 200 <= status < 300:
                    hook.got.append((dict(self.headers), body))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port or free_port()), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def values(self):
        return [json.loads(body)["data"]["value"] for _, body in list(self.got)]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class HttpCase(BridgeCase):
    plugin = "http_bridge"

    def setUp(self):
        super().setUp()
        self.watcher = self.peer()
        self.watcher.subscribe("x.", "beaconwall.bridge.", source="snapshot", to=100000)
        self.port = free_port()

    def begin(self, text="", listen=""):
        self.settings(f"[listen]\nport = {self.port}\n{listen}\n{text}")
        self.start_service()
        self.wait_state("the bridge to be up", lambda s: s.get("state") == "up")

    def ask(self, method="POST", path="/events", body=b"", **headers):
        """(status, headers, answer); names of headers with _ for -."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        return reply.status, reply.headers, json.loads(text)["error"] if text else ""

    def post(self, body, type_=STRUCTURED, **headers):
        return self.ask(body=json.dumps(body).encode() if not isinstance(body, bytes) else body, Content_Type=type_, **headers)


class In(HttpCase):
    def test_structured_binary_and_batched_are_kept_when_they_are_answered(self):
        self.begin()
        self.assertEqual(self.post(level(1, vendor="v"))[0], 204)
        self.assertEqual(self.ask(body=b'{"value": 2}', Content_Type="application/json", ce_specversion="1.0", ce_id="2", ce_source="/county",
                                  ce_type=LEVEL, ce_subject="%E6%B0%B4%E4%BD%8D", ce_time="2031-07-21T09:30:00Z")[0], 204)
        self.assertEqual(self.post([level(3), level(4)], BATCH)[0], 204)
        kept = self.kept(LEVEL)
        self.assertEqual(data(kept), [1, 2, 3, 4])
        self.assertEqual((kept[0]["source"], kept[0]["originsource"], kept[0]["originid"], kept[0]["vendor"]),
                         ("service:http_bridge", "/county", "1", "v"))
        self.assertEqual((kept[1]["subject"], kept[1]["time"]), ("水位", "2031-07-21T09:30:00Z"))

    def test_the_same_event_is_kept_once_and_another_senders_is_not_the_same(self):
        self.begin()
        for _ in range(3):
            self.assertEqual(self.post(level(1))[0], 204)
        self.assertEqual(self.post(dict(level(1), source="/other"))[0], 204)
        self.assertEqual(len(self.kept(LEVEL)), 2)

    def test_what_cannot_come_in_is_answered_with_why(self):
        self.begin(listen='types = ["x.", "beaconwall."]')
        for body, type_, status, word in [
                (b"{", STRUCTURED, 400, "JSON"), (b"{}", STRUCTURED, 400, "`id`"), (b"{}", "application/json", 415, "ce-specversion"),
                (b"<a/>", "application/cloudevents+xml", 415, "JSON"), (b"{}", BATCH, 400, "list"),
                (json.dumps([level(9), {"specversion": "1.0"}]).encode(), BATCH, 400, "event 2"),
                (json.dumps(dict(level(9), type="com.other.v1")).encode(), STRUCTURED, 403, "types"),
                (json.dumps(dict(level(9), type="beaconwall.wall.take.v1", subject="wall")).encode(), STRUCTURED, 403, "is a command"),
                (json.dumps(dict(level(9), type="beaconwall.bridge.state.v1")).encode(), STRUCTURED, 400, "schema"),
                (json.dumps(dict(level(9), Bad_Name="x")).encode(), STRUCTURED, 400, "Bad_Name"),
                (b"x" * (1024 * 1024 + 1), STRUCTURED, 413, "1048576")]:
            got, _, text = self.post(body, type_)
            self.assertEqual(got, status, (body[:80], text))
            self.assertIn(word, text)
        self.assertEqual(self.ask("GET")[0], 405)
        self.assertEqual(self.ask(path="/")[0], 404)
        self.assertEqual(self.post(level(9), Content_Encoding="gzip")[0], 415)
        self.assertEqual(self.post(level(9), Origin="http://evil.example")[0], 403)
        self.assertEqual(self.post(level(1))[0], 204)
        self.assertEqual(data(self.kept(LEVEL)), [1])
        self.wait_state("the count", lambda s: s.get("refused", 0) >= 13)

    def test_a_token_is_asked_for(self):
        token = self.wall.site / "data/token"
        token.write_text("0123456789abcdef\n")
        os.chmod(token, 0o600)
        self.begin(listen='token_file = "token"')
        status, headers, _ = self.post(level(1))
        self.assertEqual((status, headers["WWW-Authenticate"]), (401, "Bearer"))
        self.assertEqual(self.post(level(1), Authorization="Bearer 0123456789abcdeX")[0], 401)
        self.assertEqual(self.post(level(1), Authorization="Bearer 0123456789abcdef")[0], 204)
        self.assertNotIn("0123456789abcdef", self.wall.log())

    def test_a_webhook_sender_may_register(self):
        self.begin(listen='origins = ["county.example"]\nrequests_per_minute = 120')
        status, headers, _ = self.ask("OPTIONS", WebHook_Request_Origin="county.example", WebHook_Request_Rate="500")
        self.assertEqual((status, headers["WebHook-Allowed-Origin"], headers["WebHook-Allowed-Rate"]), (200, "county.example", "120"))
        self.assertIn("POST", headers["Allow"])
        status, headers, _ = self.ask("OPTIONS", WebHook_Request_Origin="evil.example")
        self.assertEqual((status, headers["WebHook-Allowed-Origin"]), (403, None))

    def test_with_the_hub_away_it_is_told_and_what_was_answered_is_kept(self):
        self.begin()
        self.assertEqual(self.post(level(1))[0], 204)
        self.wall.kill()
        until("the refusal", lambda: self.post(level(2))[0] == 429)
        self.assertGreater(int(self.post(level(2))[1]["Retry-After"]), 0)
        self.wall.start()
        self.plug()
        self.watcher.close()
        self.watcher = self.peer("second")
        until("the hub to take it", lambda: self.post(level(2))[0] == 204)
        self.assertEqual(data(self.kept(LEVEL)), [1, 2], "also when it was on its way as the hub died")

    def test_more_than_the_rate_is_told_to_wait(self):
        self.begin(listen="requests_per_minute = 60")
        answers = [self.post(level(i)) for i in range(30)]
        self.assertIn(429, [status for status, _, _ in answers])
        self.assertEqual(len(self.kept(LEVEL)), sum(status == 204 for status, _, _ in answers))

    def test_tls(self):
        folder = self.wall.site / "data"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
                        "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "own.pem"], check=True, capture_output=True)
        self.begin(listen='certificate = "own.pem"\nkey = "key.pem"')
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=ssl.create_default_context(cafile=folder / "own.pem"))
        connection.request("POST", "/events", json.dumps(level(1)), {"Content-Type": STRUCTURED})
        self.assertEqual(connection.getresponse().status, 204)
        connection.close()


class Out(HttpCase):
    def setUp(self):
        super().setUp()
        self.hook = Webhook()
        self.addCleanup(lambda: self.hook.close())

    def out(self, more=""):
        return f'[[out]]\ntype = "{ORDER}"\nurl = "http://127.0.0.1:{self.hook.port}/in?x=1"\n{more}\n'

    def order(self, number):
        reply = self.watcher.ask("publish", lane="durable", event=event(ORDER, "order/1", {"value": number}))
        self.assertTrue(reply["ok"], reply)

    def test_events_go_out_in_order_and_are_tried_again(self):
        self.begin(self.out())
        self.hook.answers = [(500, {}), (503, {"Retry-After": "1"}), (429, {}), (401, {}), (302, {"Location": "http://127.0.0.1:1/"})]
        for i in range(50):
            self.order(i)
        until("all of it", lambda: len(self.hook.got) >= 50)
        self.assertEqual(self.hook.values(), list(range(50)))
        state = self.wait_state("the counts", lambda s: s.get("acknowledged") == 50)
        self.assertEqual((state["failed"], state["waiting"]), (5, 0))
        headers, body = self.hook.got[0]
        self.assertEqual(headers["Content-Type"].split(";")[0], STRUCTURED)
        self.assertEqual(json.loads(body)["source"], "watcher")

    def test_what_is_refused_for_good_does_not_stop_the_rest(self):
        self.begin(self.out())
        self.hook.answers = [(400, {})]
        self.order(1)
        self.order(2)
        until("the second", lambda: self.hook.values() == [2])
        state = self.wait_state("the count", lambda s: s.get("unsendable") == 1)
        self.assertIn("refused", state["last_fault"])

    def test_binary_with_a_token(self):
        token = self.wall.site / "data/hook.token"
        token.write_text("fedcba9876543210\n")
        os.chmod(token, 0o600)
        self.begin(self.out('mode = "binary"\ntoken_file = "hook.token"'))
        self.watcher.ask("publish", lane="durable", event=event(ORDER, "水位 1", {"value": 1}))
        until("it", lambda: self.hook.got)
        headers, body = self.hook.got[0]
        self.assertEqual((headers["ce-type"], headers["ce-subject"], headers["Content-Type"], headers["Authorization"]),
                         (ORDER, "%E6%B0%B4%E4%BD%8D%201", "application/json", "Bearer fedcba9876543210"))
        self.assertEqual(json.loads(body), {"value": 1})

    def test_a_webhook_that_was_away_and_a_killed_bridge_lose_nothing(self):
        self.begin(self.out())
        self.order(0)
        until("the first", lambda: self.hook.values() == [0])
        self.wait_state("its acknowledgement", lambda s: s.get("waiting") == 0 and s.get("acknowledged") == 1)
        port = self.hook.port
        self.hook.close()
        for i in range(1, 60):
            self.order(i)
        self.wait_state("the failure", lambda s: s.get("failed", 0) > 0)
        self.kill_service()
        self.order(60)
        self.hook = Webhook(port)
        self.start_service()
        until("all of it", lambda: set(self.hook.values()) >= set(range(1, 61)))
        values = self.hook.values()
        self.assertEqual(values, sorted(values))
        self.assertLessEqual(len(values), 61, "only the first, whose position was perhaps not written, may come again")

    def test_a_killed_hub_loses_nothing(self):
        self.begin(self.out())
        for i in range(20):
            self.order(i)
        self.restart_hub()
        self.watcher.close()
        self.watcher = self.peer("second")
        for i in range(20, 40):
            self.order(i)
        until("all of it", lambda: set(self.hook.values()) >= set(range(40)))
        self.assertEqual(self.hook.values(), list(range(40)))

    def test_what_came_in_does_not_go_out(self):
        self.begin(f'[[out]]\ntype = "x."\nurl = "http://127.0.0.1:{self.hook.port}/"\n')
        self.assertEqual(self.post(level(1))[0], 204)
        self.order(2)
        until("the other", lambda: self.hook.got)
        self.assertEqual(self.hook.values(), [2])

    def test_telemetry_goes_as_its_newest_value(self):
        self.hook.answers = [(503, {})]
        self.begin(self.out('lane = "telemetry"'))
        for i in range(30):
            self.watcher.ask("publish", event=event(ORDER, "order/1", {"value": i}))
        until("the newest", lambda: self.hook.values()[-1:] == [29])
        self.assertLess(len(self.hook.got), 30)


class Example(HttpCase):
    def test_the_example_of_the_docs_as_it_is_written_but_for_ports(self):
        page = (pathlib.Path(os.environ["BEACONWALL_SOURCE"]) / "docs/bridges.md").read_text(encoding="utf-8")
        page = page[page.index("# CloudEvents over HTTP"):]
        settings, command = (re.search(r"```%s\n(.*?)```" % language, page, re.S).group(1) for language in ("toml", "sh"))
        hook = Webhook()
        self.addCleanup(hook.close)
        self.settings(settings.replace("8790", str(self.port)).replace("8088", str(hook.port)))
        self.start_service()
        self.wait_state("the bridge to be up", lambda s: s.get("state") == "up")
        said = subprocess.run(["sh", "-c", command.replace("8790", str(self.port))], capture_output=True, text=True, check=True)
        self.assertIn(" 204 ", said.stdout.splitlines()[0])
        self.assertEqual(data(self.kept(LEVEL), "level_m"), [1.25])
        rules = self.peer("rules")
        reply = rules.ask("record", op="put", write="1", writes=[{"type": "beaconwall.wall.attention.v1", "subject": "flood/gauge/G1", "data": {
            "rule": "flood", "state": "active", "title": {"zh": "水位超警", "en": "Above warning level"}, "level": 2, "count": 1,
            "since": "2031-07-21T09:30:00Z", "last": "2031-07-21T09:30:00Z", "event": "1", "type": LEVEL}}])
        self.assertTrue(reply["ok"], reply)
        until("the webhook to have it", lambda: hook.got)
        self.assertEqual(json.loads(hook.got[0][1])["data"]["title"]["en"], "Above warning level")


class Life(HttpCase):
    def test_a_file_with_faults_is_told_and_it_ends_when_asked(self):
        self.settings('[listen]\naddress = "0.0.0.0"\n')
        self.start_service()
        state = self.wait_state("the fault", lambda s: s.get("state") == "faulty")
        self.assertIn("http_bridge.toml:1", state["reason"])
        self.assertEqual(self.stop_service(), 0)

    def test_an_address_that_is_taken_is_waited_for(self):
        taken = Webhook(self.port)
        self.settings(f"[listen]\nport = {self.port}\n")
        self.start_service()
        self.wait_state("the reason", lambda s: s.get("state") == "down" and "in use" in s.get("reason", ""))
        taken.close()
        self.wait_state("the bridge to be up", lambda s: s.get("state") == "up")
        self.assertEqual(self.post(level(1))[0], 204)
        self.assertEqual(self.stop_service(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)

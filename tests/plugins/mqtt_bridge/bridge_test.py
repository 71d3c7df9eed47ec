#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The MQTT bridge between a real hub and a real broker, both ways; each of the three is killed."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

import paho.mqtt.client as mqtt

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from bridge_wall import BridgeCase, data, event, free_port, until  # noqa: E402

LEVEL = "x.county.level.v1"
IN = """
[[in]]
topic = "gauges/{station}/level"
type = "x.county.level.v1"
subject = "gauge/{station}"
payload = "number"
lane = "durable"
"""
OUT = """
[[out]]
type = "x.wall.order.v1"
topic = "wall/{subject}"
payload = "data"
lane = "durable"
"""


class Broker:
    """mosquitto on a port of its own; what it keeps is on the disk, so that it may be restarted."""

    def __init__(self, more="", port=None):
        self.folder = tempfile.TemporaryDirectory(prefix="bw-mqtt-")
        self.port = port or free_port()
        self.config = pathlib.Path(self.folder.name) / "mosquitto.conf"
        self.config.write_text(f"""
listener {self.port} 127.0.0.1
persistence true
persistence_location {self.folder.name}/
autosave_interval 1800
max_queued_messages 0
max_inflight_messages 0
log_dest file {self.folder.name}/log
{more or 'allow_anonymous true'}
""")
        os.chmod(self.folder.name, 0o777)
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(["/usr/sbin/mosquitto", "-c", str(self.config)])
        until("the broker to listen", self.listens)

    def listens(self):
        if self.process.poll() is not None:
            raise AssertionError("the broker ended: " + (pathlib.Path(self.folder.name) / "log").read_text(errors="replace"))
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self, number=signal.SIGTERM):
        if self.process:
            self.process.send_signal(number)
            self.process.wait()
            self.process = None

    def close(self):
        self.stop()
        self.folder.cleanup()


class Client:
    """Of the field: publishes with QoS 1 and keeps what it hears."""

    def __init__(self, broker, *topics, user=None, ca=None):
        self.heard, self.taken, self.lock = [], set(), threading.Lock()
        self.client = mqtt.Client(clean_session=True)
        if user:
            self.client.username_pw_set(*user)
        if ca:
            self.client.tls_set(ca_certs=ca)
        ready = threading.Event()

        def connected(client, *_):
            for topic in topics:
                client.subscribe(topic, 1)
            if not topics:
                ready.set()
        self.client.on_connect = connected
        self.client.on_subscribe = lambda *_: ready.set()
        self.client.on_message = self.keep
        self.client.on_publish = lambda _client, _data, mid: self.taken.add(mid)
        self.client.reconnect_delay_set(1, 1)
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        assert ready.wait(60)

    def keep(self, _client, _data, message):
        with self.lock:
            self.heard.append((message.topic, message.payload.decode(), bool(message.retain)))

    def of(self, topic):
        with self.lock:
            return [payload for where, payload, _ in self.heard if where == topic]

    def say(self, topic, payload, qos=1, retain=False):
        """Until the broker has it; paho keeps it while there is none."""
        mid = self.client.publish(topic, payload, qos, retain).mid
        until("the broker's acknowledgement", lambda: mid in self.taken)

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


class MqttCase(BridgeCase):
    plugin = "mqtt_bridge"

    def setUp(self):
        super().setUp()
        self.watcher = self.peer()
        self.watcher.subscribe("x.", "beaconwall.bridge.", source="snapshot", to=100000)

    def broker(self, *words, **more):
        self.mosquitto = Broker(*words, **more)
        self.addCleanup(self.mosquitto.close)
        return self.mosquitto

    def field(self, *topics, **more):
        client = Client(self.mosquitto, *topics, **more)
        self.addCleanup(client.close)
        return client

    def begin(self, maps, more=""):
        self.settings(f'[broker]\nhost = "127.0.0.1"\nport = {self.mosquitto.port}\n{more}\n{maps}')
        self.start_service()
        self.wait_state("the bridge to be up", lambda s: s.get("state") == "up")


class In(MqttCase):
    def test_messages_become_events_of_both_lanes(self):
        self.broker()
        self.begin(IN + '[[in]]\ntopic = "weather/{place}/#"\ntype = "x.weather.v1"\nsubject = "weather/{place}"\n'
                        'time = "/at"\nfields = { wind = "/wind/speed" }\nconstants = { place = "{place}" }\n')
        field = self.field()
        field.say("gauges/G1/level", "1.25")
        field.say("weather/north/now", json.dumps({"at": "2031-07-21T09:30:00+08:00", "wind": {"speed": 3}}))
        self.watcher.wait("both", lambda: self.watcher.of(LEVEL) and self.watcher.of("x.weather.v1"))
        level, weather = self.watcher.of(LEVEL)[0], self.watcher.of("x.weather.v1")[0]
        self.assertEqual((level["source"], level["subject"], level["data"], level["mqtttopic"]),
                         ("service:mqtt_bridge", "gauge/G1", {"value": 1.25}, "gauges/G1/level"))
        self.assertIn("sequence", level)
        self.assertNotIn("sequence", weather)
        self.assertEqual((weather["time"], weather["data"]), ("2031-07-21T01:30:00.000Z", {"wind": 3, "place": "north"}))

    def test_bad_payloads_are_counted_told_and_stop_nothing(self):
        self.broker()
        self.begin(IN + '[[in]]\ntopic = "typed/{id}"\ntype = "beaconwall.bridge.state.v1"\nsubject = "x/{id}"\n')
        field = self.field()
        for bad in ("", "much", "NaN", "[" * 10000, "\x00\xff", "1e999"):
            field.say("gauges/G1/level", bad)
        field.say("typed/1", '{"kind": "mqtt"}')  # the hub refuses it: it lacks what its schema asks for
        field.say("gauges/G1/level", "2")
        self.watcher.wait("the good one", lambda: self.watcher.of(LEVEL))
        state = self.wait_state("the count", lambda s: s.get("refused") == 7 and s.get("received") == 8)
        self.assertEqual((state["state"], state["received"], data(self.watcher.of(LEVEL))), ("up", 8, [2]))
        self.assertTrue(any(word in state["last_fault"] for word in ("number", "is missing")), state)
        self.assertLess(self.wall.log().count("the payload is no number"), 3, "logged sparingly")

    def test_commands_do_not_come_in(self):
        self.broker()
        self.begin('[[in]]\ntopic = "take"\ntype = "beaconwall.wall.take.v1"\nsubject = "wall"\nlane = "durable"\n')
        self.field().say("take", '{"layout": "two"}')
        state = self.wait_state("the refusal", lambda s: s.get("refused") == 1)
        self.assertIn("is a command", state["last_fault"])
        self.assertEqual(self.kept("beaconwall.wall.take.v1"), [])

    def test_what_was_retained_has_no_age_and_is_left_out_unless_it_is_wanted(self):
        self.broker()
        field = self.field()
        field.say("gauges/OLD/level", "1", retain=True)
        field.say("wanted/OLD", "1", retain=True)
        self.begin(IN + '[[in]]\ntopic = "wanted/{id}"\ntype = "x.wanted.v1"\nsubject = "{id}"\npayload = "number"\nretained = true\n')
        self.watcher.wait("the wanted one", lambda: self.watcher.of("x.wanted.v1"))
        self.wait_state("the other", lambda s: s.get("ignored") == 1)
        self.assertEqual(self.kept(LEVEL), [])

    def test_a_killed_broker_a_killed_hub_and_a_killed_bridge_lose_nothing(self):
        self.broker()
        self.begin(IN)
        field = self.field()
        said = 0

        def say(count):
            nonlocal said
            for _ in range(count):
                field.say("gauges/G1/level", str(said))
                said += 1
        say(20)
        self.wall.kill()  # no hub: what comes now stays at the broker
        say(20)
        self.wall.start()
        self.plug()
        self.watcher.close()
        self.watcher = self.peer("second")
        say(20)
        until("all of it", lambda: len(set(data(self.kept(LEVEL)))) == said)
        self.kill_service()
        say(20)  # nobody is there; the broker's session keeps it
        self.mosquitto.stop()
        self.mosquitto.start()
        self.start_service()
        say(20)
        until("all of it", lambda: len(set(data(self.kept(LEVEL)))) == said)
        values = data(self.kept(LEVEL))
        self.assertEqual(sorted(set(values)), list(range(said)))
        self.assertEqual(values, sorted(values), "in order; what comes again does so at once")
        self.assertLessEqual(len(values), said + 1, "only what was in the killed bridge's hands may come again")

    def test_a_hub_killed_again_and_again_doubles_nothing(self):
        self.broker()
        self.begin(IN)
        field = self.field()
        for turn in range(5):
            for i in range(10):
                field.client.publish("gauges/G1/level", str(turn * 10 + i), 1)
            self.restart_hub()
        self.watcher.close()
        self.watcher = self.peer("second")
        until("all of it", lambda: len(self.kept(LEVEL)) >= 50)
        self.assertEqual(data(self.kept(LEVEL)), list(range(50)))

    def test_more_than_its_rate_waits_and_comes(self):
        self.broker()
        self.begin(IN, more="messages_per_s = 50")
        field = self.field()
        for i in range(150):
            field.client.publish("gauges/G1/level", str(i), 1)
        until("all of it", lambda: len(self.kept(LEVEL)) == 150)
        self.assertEqual(data(self.kept(LEVEL)), list(range(150)))


class Out(MqttCase):
    def order(self, number, subject="order/1"):
        reply = self.watcher.ask("publish", lane="durable", event=event("x.wall.order.v1", subject, {"value": number}))
        self.assertTrue(reply["ok"], reply)

    def test_durable_events_go_out_once_acknowledged_and_in_order(self):
        self.broker()
        field = self.field("wall/#")
        self.begin(OUT)
        for i in range(200):
            self.order(i)
        until("all of it", lambda: len(field.of("wall/order/1")) >= 200)
        self.assertEqual([json.loads(p)["value"] for p in field.of("wall/order/1")], list(range(200)))
        self.wait_state("the acknowledgements", lambda s: s.get("acknowledged") == 200 and s.get("waiting") == 0)

    def test_a_killed_broker_and_a_killed_bridge_lose_nothing(self):
        self.broker()
        self.begin(OUT)
        self.order(0)
        self.wait_state("the first", lambda s: s.get("acknowledged") == 1)
        self.mosquitto.stop(signal.SIGKILL)
        self.wait_state("the bridge to notice", lambda s: s.get("state") == "down")
        for i in range(1, 100):  # more than the bridge holds: the rest waits in the journal
            self.order(i)
        state = self.wait_state("what waits", lambda s: s.get("waiting", 0) > 0)
        self.assertLess(state["waiting"], 65)
        self.kill_service()
        for i in range(100, 110):
            self.order(i)
        self.mosquitto.start()
        field = self.field("wall/#")
        self.start_service()
        until("all of it", lambda: len({json.loads(p)["value"] for p in field.of("wall/order/1")} & set(range(1, 110))) == 109)
        values = [json.loads(p)["value"] for p in field.of("wall/order/1")]
        self.assertEqual(values, sorted(values))
        self.assertLessEqual(len(values), 110, "only what was on its way may come again")

    def test_a_broker_that_comes_back_gets_it_without_the_bridge_being_touched(self):
        self.broker()
        self.begin(OUT)
        self.mosquitto.stop(signal.SIGKILL)
        for i in range(70):
            self.order(i)
        self.mosquitto.start()
        field = self.field("wall/#")
        until("all of it", lambda: {json.loads(p)["value"] for p in field.of("wall/order/1")} >= set(range(70)))

    def test_a_restarted_bridge_goes_on_where_it_was(self):
        self.broker()
        field = self.field("wall/#")
        self.begin(OUT)
        self.order(1)
        until("the first", lambda: field.of("wall/order/1"))
        self.wait_state("its acknowledgement", lambda s: s.get("waiting") == 0 and s.get("acknowledged") == 1)
        self.assertEqual(self.stop_service(), 0)
        self.order(2)
        self.start_service()
        until("the second", lambda: len(field.of("wall/order/1")) == 2)
        self.assertEqual([json.loads(p)["value"] for p in field.of("wall/order/1")], [1, 2])

    def test_telemetry_goes_out_as_its_newest_value_retained(self):
        self.broker()
        self.begin('[[out]]\ntype = "x.trial."\nsubject = "a/"\ntopic = "{type}/{subject}"\nretain = true\nqos = 0\n')
        self.mosquitto.stop()
        for i in range(50):
            self.watcher.ask("publish", event=event("x.trial.v1", "a/1", {"value": i}))
            self.watcher.ask("publish", event=event("x.trial.v1", "b/1", {"value": i}))
        self.mosquitto.start()
        field = self.field("x.trial.v1/#")
        until("the newest", lambda: field.of("x.trial.v1/a/1"))
        whole = json.loads(field.of("x.trial.v1/a/1")[-1])
        self.assertEqual((whole["data"], whole["type"], whole["source"]), ({"value": 49}, "x.trial.v1", "watcher"))
        self.assertEqual(field.of("x.trial.v1/b/1"), [])

    def test_what_came_from_a_topic_does_not_go_back_to_it_and_an_echo_is_no_news(self):
        self.broker()
        field = self.field("loop/#")
        self.begin('[[in]]\ntopic = "loop/{id}"\ntype = "x.loop.v1"\nsubject = "{id}"\nlane = "durable"\n'
                   '[[out]]\ntype = "x.loop.v1"\ntopic = "loop/{subject}"\npayload = "data"\nlane = "durable"\n')
        field.say("loop/a", '{"value": 1}')
        until("it to be in", lambda: len(self.kept("x.loop.v1")) == 1)
        self.watcher.ask("publish", lane="durable", event=event("x.loop.v1", "b", {"value": 2}))
        until("it to be out", lambda: field.of("loop/b"))
        self.wait_state("the echo", lambda s: s.get("ignored") == 1)
        field.say("loop/c", '{"value": 3}')  # behind all that could have gone round
        until("it to be in", lambda: len(self.kept("x.loop.v1")) == 3)
        self.wait_state("what is on its way", lambda s: s.get("waiting") == 0 and s.get("received") == 3)
        self.assertEqual(data(self.kept("x.loop.v1")), [1, 2, 3])
        self.assertEqual([len(field.of("loop/" + x)) for x in "abc"], [1, 1, 1])


class Connection(MqttCase):
    def test_tls_with_user_and_password(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="bw-tls-")))
        os.chmod(folder, 0o755)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "ca.pem"],
                       check=True, capture_output=True)
        (folder / "users").write_text("hall:s3cret\n")
        subprocess.run(["mosquitto_passwd", "-U", folder / "users"], check=True)
        for file in folder.iterdir():
            os.chmod(file, 0o644)
        self.broker(f"cafile {folder}/ca.pem\ncertfile {folder}/ca.pem\nkeyfile {folder}/key.pem\nallow_anonymous false\npassword_file {folder}/users")
        site = self.wall.site / "data"
        (site / "ca.pem").write_bytes((folder / "ca.pem").read_bytes())
        (site / "password").write_text("wrong\n")
        os.chmod(site / "password", 0o600)
        self.settings(f'[broker]\nhost = "127.0.0.1"\nport = {self.mosquitto.port}\nca = "ca.pem"\nuser = "hall"\npassword_file = "password"\n{IN}')
        self.start_service()
        self.wait_state("the refusal", lambda s: s.get("state") == "down" and "authori" in s.get("reason", "").lower())
        self.kill_service()
        (site / "password").write_text("s3cret\n")
        self.start_service()
        self.wait_state("the bridge to be up", lambda s: s.get("state") == "up")
        self.field(user=("hall", "s3cret"), ca=str(folder / "ca.pem")).say("gauges/G1/level", "3")
        until("the event", lambda: data(self.kept(LEVEL)) == [3])
        self.assertNotIn("s3cret", self.wall.log())

    def test_a_file_with_faults_is_told_and_the_bridge_waits(self):
        self.settings("[broker]\nhost = 3\n" + IN)
        self.start_service()
        state = self.wait_state("the fault", lambda s: s.get("state") == "faulty")
        self.assertIn("mqtt_bridge.toml:2", state["reason"])
        self.assertEqual(self.stop_service(), 0)

    def test_without_a_broker_it_waits_and_ends_when_asked(self):
        port = free_port()
        self.settings(f'[broker]\nhost = "127.0.0.1"\nport = {port}\n{IN}')
        self.start_service()
        self.wait_state("the reason", lambda s: s.get("state") == "down" and "refused" in s.get("reason", ""))
        self.broker(port=port)
        self.wait_state("the bridge to be up", lambda s: s.get("state") == "up")
        self.assertEqual(self.stop_service(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)

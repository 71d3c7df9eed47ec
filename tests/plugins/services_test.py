#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The four services and the field as real processes, played to and listened to by a small hub."""
import pathlib
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import fake_hub  # noqa: E402

DEMO = fake_hub.SOURCE / "layouts/demo"
PLAYER = fake_hub.BUILD / "tests/field_player"
STATE, SERIES = "beaconwall.flood.state.v1", "beaconwall.flood.series.v1"
STOCK, SHORTAGE = "beaconwall.supplies.stock.v1", "beaconwall.supplies.shortage.v1"
TEAM = "beaconwall.dispatch.team.v1"


class Services(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="bw-services-")
        self.hub = fake_hub.FakeHub(self.folder.name)

    def tearDown(self):
        self.hub.close()
        self.folder.cleanup()

    def empty_site(self):
        site = pathlib.Path(self.folder.name) / "site"
        site.mkdir(exist_ok=True)
        return site

    def test_not_started_by_the_supervisor(self):
        import subprocess
        done = subprocess.run([fake_hub.service_program("supplies")], env={}, capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("BEACONWALL_PLUGIN is not set", done.stderr)

    def test_sites_without_data_get_no_facts_and_no_crash(self):
        running = [self.hub.start(name, self.empty_site()) for name in ("flood_gauges", "supplies", "dispatch", "fire_watch")]
        self.hub.until(lambda: all(peer.up for peer in running))
        end = time.monotonic() + 1.5  # more than the snapshot's rest
        self.hub.until(lambda: time.monotonic() > end)
        self.assertEqual(self.hub.log, [])
        self.assertEqual([peer.stop() for peer in running], [0, 0, 0, 0])

    def test_flood_states_follow_readings_and_a_restart_knows_the_day(self):
        first = self.hub.start("flood_gauges", DEMO)
        self.hub.until(lambda: len(self.hub.of("beaconwall.flood.station.v1")) == 24)
        station = self.hub.of("beaconwall.flood.station.v1")["gauge/SYN-G01"]
        warning = next(t["level_m"] for t in station["thresholds"] if t["code"] == "warning")
        points = [warning - 2 + 0.01 * i for i in range(98)]
        self.hub.publish("beaconwall.field.history.v1", "gauge/SYN-G01",
                         {"step_s": 900, "end": "2031-07-21T06:00:00Z", "level_m": points, "exercise": True})
        self.hub.publish("beaconwall.field.gauge.v1", "gauge/SYN-G01",
                         {"level_m": warning + 0.1, "flow_m3s": 300, "exercise": True, "exercise_time": "2031-07-21T06:05:00Z"})
        state = self.hub.until(lambda: self.hub.of(STATE).get("gauge/SYN-G01"))
        self.assertEqual((state["level"], state["reached"]["zh"], state["next"]["zh"]), (2, "警戒", "保证"))
        self.assertGreater(state["trend_m_h"], 0)
        series = self.hub.until(lambda: self.hub.of(SERIES).get("gauge/SYN-G01"))
        self.assertEqual(len(series["points"]), 96)
        self.assertTrue(all(p is not None for p in series["points"][:-1]))
        self.assertEqual(series["forecast"]["method"]["zh"], "线性外推")
        first.kill()
        del self.hub.last[(SERIES, "gauge/SYN-G01")]  # only what the field said is left
        writes = self.hub.sequence
        self.hub.start("flood_gauges", DEMO)
        again = self.hub.until(lambda: self.hub.of(SERIES).get("gauge/SYN-G01"))
        self.assertEqual(again["points"][:90], series["points"][:90])
        self.assertEqual(self.hub.sequence, writes, "records that did not change are not written again")

    def test_supplies_count_movements_and_remember_them(self):
        first = self.hub.start("supplies", DEMO)
        self.hub.until(lambda: len(self.hub.of(STOCK, "store/")) == 33 and len(self.hub.of(STOCK, "item/")) == 180)
        before = self.hub.of(STOCK)["item/SYN-I001"]
        shortages = len(self.hub.of(SHORTAGE))
        self.assertEqual(shortages, 63)
        self.hub.publish("beaconwall.field.stock.v1", "stock/SYN-S01/SYN-I001", {"pieces": 1, "delta": -1}, durable=True)
        short = self.hub.until(lambda: self.hub.of(SHORTAGE).get("shortage/SYN-S01/SYN-I001"))
        self.assertEqual(short["missing"], short["minimum"] - 1)
        self.hub.until(lambda: self.hub.of(STOCK)["item/SYN-I001"]["pieces"] < before["pieces"])
        first.kill()
        writes = self.hub.sequence
        # While nobody keeps the books: a durable event, found when somebody does again.
        self.hub.publish("beaconwall.field.stock.v1", "stock/SYN-S02/SYN-I002", {"pieces": 0, "delta": -1}, durable=True)
        second = self.hub.start("supplies", DEMO)
        self.hub.until(lambda: self.hub.of(SHORTAGE).get("shortage/SYN-S02/SYN-I002"))
        self.assertEqual(self.hub.of(SHORTAGE)["shortage/SYN-S01/SYN-I001"]["missing"], short["missing"])
        self.assertLess(self.hub.sequence, writes + 4)
        # There is enough again: the record goes.
        self.hub.publish("beaconwall.field.stock.v1", "stock/SYN-S01/SYN-I001", {"pieces": 100000, "delta": 1}, durable=True)
        self.hub.until(lambda: "shortage/SYN-S01/SYN-I001" not in self.hub.of(SHORTAGE))
        self.assertEqual(second.stop(), 0)

    def test_dispatch_takes_states_from_vehicles_and_keeps_them(self):
        first = self.hub.start("dispatch", DEMO)
        self.hub.until(lambda: len(self.hub.of(TEAM)) == 143)
        self.assertEqual(sum(team["people"] for team in self.hub.of(TEAM).values()), 4671)
        self.assertIn("map/site", self.hub.of("beaconwall.dispatch.map.v1"))
        self.hub.publish("beaconwall.field.vehicle.v1", "team/SYN-T100",
                         {"longitude": 117.0, "latitude": 40.5, "status": "en_route", "exercise_time": "2031-07-21T06:00:00Z"})
        self.hub.until(lambda: self.hub.of(TEAM)["team/SYN-T100"]["state"] == "en_route")
        self.assertEqual(self.hub.of("beaconwall.dispatch.position.v1")["team/SYN-T100"]["longitude"], 117.0)
        forces = self.hub.until(lambda: self.hub.of("beaconwall.dispatch.forces.v1").get("forces/site"))
        self.assertEqual(sum(forces["people"][-1]), 4671)
        first.kill()
        del self.hub.last[("beaconwall.field.vehicle.v1", "team/SYN-T100")]
        writes = self.hub.sequence
        self.hub.start("dispatch", DEMO)
        self.hub.publish("beaconwall.field.vehicle.v1", "team/SYN-T101", {"longitude": 117.0, "latitude": 40.5, "status": "turnout"})
        self.hub.until(lambda: self.hub.of(TEAM)["team/SYN-T101"]["state"] == "turnout")
        self.assertEqual(self.hub.of(TEAM)["team/SYN-T100"]["state"], "en_route")
        self.assertLess(self.hub.sequence, writes + 3)

    def test_smoke_becomes_an_incident_with_its_place(self):
        for number, place in enumerate(((116.765, 40.555), (116.85, 40.63), (116.99, 40.59)), 1):
            self.hub.publish("beaconwall.source.v1", f"camera/FF-00{number}",
                             {"name": {"zh": f"相机{number}", "en": f"camera {number}"}, "place": "某镇", "longitude": place[0], "latitude": place[1]})
        self.hub.start("fire_watch", DEMO)
        self.hub.publish("beaconwall.field.weather.v1", "weather/SYN-W01", {"temperature_c": 33, "humidity_pct": 28, "exercise": True})
        self.hub.publish("beaconwall.field.smoke.v1", "camera/FF-001", {"active": True, "bearing_deg": 90, "distance_km": 2, "exercise": True})
        fire = self.hub.until(lambda: self.hub.of("beaconwall.fire.incident.v1").get("incident/FF-001"))
        self.assertEqual(fire["state"], "active")
        self.assertAlmostEqual(fire["latitude"], 40.555, 3)
        self.assertGreater(fire["longitude"], 116.765)
        self.assertEqual([camera["id"] for camera in fire["cameras"]], ["FF-002", "FF-003"])
        self.assertEqual(self.hub.until(lambda: self.hub.of("beaconwall.fire.danger.v1").get("danger/SYN-W01"))["grade"], 5)
        self.hub.publish("beaconwall.field.smoke.v1", "camera/FF-001", {"active": False})
        self.hub.until(lambda: self.hub.of("beaconwall.fire.incident.v1")["incident/FF-001"]["state"] == "over")

    def test_the_field_plays_and_continues_after_a_kill(self):
        field = self.hub.start("demo_field", DEMO, program=PLAYER)
        gauge = ("beaconwall.field.gauge.v1", "gauge/SYN-G01")

        def newest(kind):
            return self.hub.last.get(kind)

        def clock():
            return newest(gauge)["data"]["exercise_time"] if newest(gauge) else ""

        self.hub.until(lambda: newest(gauge) and newest(("beaconwall.field.history.v1", "gauge/SYN-G08")))
        begin = newest(gauge)["data"]
        self.assertTrue(begin["exercise"])
        self.hub.until(lambda: newest(gauge)["data"]["level_m"] != begin["level_m"])
        self.hub.until(lambda: any(e["type"] == "beaconwall.field.stock.v1" for e in self.hub.log))
        reached = clock()
        self.assertGreater(reached, begin["exercise_time"])
        field.kill()
        self.hub.last.clear()
        again = self.hub.start("demo_field", DEMO, program=PLAYER)
        self.hub.until(lambda: clock())
        self.assertGreaterEqual(clock(), reached, "a restarted field goes on where it was")
        self.assertEqual(again.stop(), 0)


if __name__ == "__main__":
    unittest.main()

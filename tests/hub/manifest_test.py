# SPDX-License-Identifier: Apache-2.0
"""What a plugin's manifest does not name, the hub refuses: to publish, to own, to hear, to speak in another's name."""
import unittest

from played import SceneCase
from wall_of_one import PLUG, Peer, control_message, event


STATE, STATION = {"suspect": False, "exercise": True}, {"id": "S-9", "kind": "gauge"}


class ManifestTest(SceneCase):
    def setUp(self):
        super().setUp()
        self.wall.start()
        self.plugged = 0

    def plugin(self, name):
        """The peer that the hub knows as `name` because the supervisor made its socket."""
        self.plugged += 1
        path = str(self.wall.run / ("w%d" % self.plugged))
        peer = Peer(self.wall, "whatever it says", connect=False)
        self.addCleanup(peer.close)
        peer.socket.bind("ipc://" + path)
        self.wall.control.send(control_message(PLUG, self.plugged, name=name, text=path))
        peer.wait("the hub to introduce itself", lambda: peer.goodbyes)
        self.assertEqual(peer.hello()["name"], name)
        return peer

    def refused(self, reply, *words):
        self.assertEqual((reply["ok"], reply["code"]), (False, "refused"), reply)
        for word in words:
            self.assertIn(word, reply["text"])

    def test_a_service_publishes_what_its_manifest_names(self):
        gauges = self.plugin("service:flood_gauges")
        own = event("beaconwall.flood.state.v1", "gauge/T-1", STATE)
        self.assertTrue(gauges.ask("publish", event=own)["ok"])
        self.assertTrue(gauges.ask("publish", event=event("x.trial", "a", {}))["ok"])
        self.refused(gauges.ask("publish", event=event("beaconwall.fire.danger.v1", "a", {})), "flood_gauges", "publishes")
        self.refused(gauges.ask("publish", event=event("beaconwall.flood.state.v12", "a", {})), "not registered")
        self.refused(gauges.ask("publish", event=event("beaconwall.compositor.press.v1", "a", {})), "compositor:")

    def test_what_it_says_about_its_sender_is_written_over(self):
        gauges, watcher = self.plugin("service:flood_gauges"), self.peer()
        watcher.subscribe("beaconwall.flood.")
        lie = dict(event("beaconwall.flood.state.v1", "gauge/T-1", STATE), source="service:supplies", space="exercise")
        self.assertTrue(gauges.ask("publish", event=lie)["ok"])
        watcher.wait("the event", lambda: watcher.deliveries)
        got = watcher.deliveries[0]["event"]
        self.assertEqual((got["source"], got["space"]), ("service:flood_gauges", "live"))

    def test_a_service_owns_what_its_manifest_names(self):
        gauges = self.plugin("service:flood_gauges")
        def put(type_):
            return gauges.ask("record", op="put", write=type_, writes=[{"type": type_, "subject": "gauge/S-9", "data": STATION}])
        self.refused(put("beaconwall.source.v1"), "flood_gauges", "owns")
        self.refused(put("beaconwall.supplies.stock.v1"), "service:supplies alone")
        self.assertTrue(put("beaconwall.flood.station.v1")["ok"])

    def test_a_plugin_hears_what_its_manifest_names(self):
        for half in ("service:", "panel:"):
            gauges = self.plugin(half + "flood_gauges")
            ask = lambda prefix: gauges.ask("subscribe", prefixes=[prefix], **{"from": "now", "to": 8})
            for prefix in ("beaconwall.flood.", "beaconwall.flood.state.v1/", "beaconwall.field.gauge.v1/gauge/A", "x.trial"):
                self.assertTrue(ask(prefix)["ok"], prefix)
            for prefix in ("", "beaconwall.", "beaconwall.fire.", "beaconwall.field.gauge.v1x", "beaconwall.wall."):
                self.refused(ask(prefix), "flood_gauges", "subscribes")

    def test_a_plugin_reads_of_the_past_and_of_records_what_it_may_hear(self):
        gauges = self.plugin("service:flood_gauges")
        self.assertTrue(gauges.ask("events", type="beaconwall.flood.")["ok"])
        self.assertTrue(gauges.ask("record", op="list", type="beaconwall.flood.station.v1")["ok"])
        for more in ({}, {"type": ""}, {"type": "beaconwall."}, {"type": "beaconwall.supplies.stock.v1"}):
            self.refused(gauges.ask("events", **more), "flood_gauges", "subscribes")
        for op in ("get", "list"):
            self.refused(gauges.ask("record", op=op, type="beaconwall.supplies.stock.v1", subject="a"), "flood_gauges", "subscribes")

    def test_a_panel_hears_of_its_views_and_publishes_nothing(self):
        panel = self.plugin("panel:flood_gauges")
        self.assertTrue(panel.ask("subscribe", prefixes=["beaconwall.pane.view.v1/"], **{"from": "now"})["ok"])
        for type_ in ("x.trial", "beaconwall.flood.state.v1"):
            self.refused(panel.ask("publish", event=event(type_, "a", {})), "panel")
        self.refused(panel.ask("command", event=event("beaconwall.wall.take.v1", "wall", {"layout": "two"})), "names no command")

    def test_who_is_not_installed_may_try_things_out_and_nothing_else(self):
        stranger = self.plugin("service:stranger")
        self.assertTrue(stranger.ask("publish", event=event("x.trial", "a", {}))["ok"])
        self.refused(stranger.ask("publish", event=event("beaconwall.flood.state.v1", "a", {})), "stranger")
        self.refused(stranger.ask("subscribe", prefixes=["beaconwall.flood."], **{"from": "now"}), "stranger")


if __name__ == "__main__":
    unittest.main()

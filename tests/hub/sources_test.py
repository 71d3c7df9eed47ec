# SPDX-License-Identifier: Apache-2.0
"""Source grids are filled from the records of services, too; a change is prepared and never taken."""
import unittest

import zmq

from wall_of_one import PLUG, Peer, Wall, control_message, until

LAYOUT = """
[[grid]]
columns = ["1fr"]
rows = ["1fr"]
areas = ["cams"]
[[pane]]
id = "cams"
shows = "sources"
sources = { kind = "river", town = "石城镇", columns = 2, rows = 2 }
"""


class SourcesTest(unittest.TestCase):
    def setUp(self):
        self.wall = Wall()
        self.addCleanup(self.wall.close)
        (self.wall.site / "layouts/one.toml").write_text(LAYOUT, encoding="utf-8")
        self.wall.start()

    def service(self):
        path = str(self.wall.run / "w1")
        listener = zmq.Context.instance().socket(zmq.DEALER)
        self.addCleanup(listener.close)
        listener.setsockopt(zmq.LINGER, 0)
        listener.bind("ipc://" + path)
        service = Peer(self.wall, "service", connect=False)
        service.socket.close()
        service.socket = listener
        self.wall.control.send(control_message(PLUG, 7, name="service:demo_field", text=path))
        service.wait("the hub to introduce itself", lambda: service.goodbyes)
        service.hello()
        return service

    def put(self, service, write, subject, **more):
        data = {"name": {"zh": "河", "en": "River"}, "kind": "river", "town": "石城镇", "main": {"uri": "rtsp://192.0.2.9/1"}}
        entry = {"type": "beaconwall.source.v1", "subject": subject, "data": data, **more}
        self.assertTrue(service.ask("record", op="put", write=write, writes=[entry])["ok"])

    def prepared(self, watcher):
        """Sources of the newest scene that was published to be prepared."""
        watcher.take_in()
        scenes = [d["event"]["data"]["scene"] for d in watcher.deliveries if d["event"]["type"] == "beaconwall.wall.next.v1"]
        return [pane["source"] for pane in scenes[-1]["panes"]] if scenes and scenes[-1] else None

    def test_camera_of_a_record_comes_into_the_preview(self):
        service, watcher = self.service(), Peer(self.wall, "watcher")
        self.addCleanup(watcher.close)
        watcher.hello()
        watcher.subscribe("beaconwall.wall.", source="snapshot")
        until("the first scene", lambda: watcher.ask("status")["layout"]["on_air"] == "one")
        self.put(service, "a", "camera/R-2")
        until("the new camera", lambda: self.prepared(watcher) == ["camera/R-2"])
        self.put(service, "b", "camera/R-1")
        until("both", lambda: self.prepared(watcher) == ["camera/R-1", "camera/R-2"])
        self.put(service, "c", "camera/not a name")
        self.put(service, "d", "camera/R-3", data={"kind": "forest", "town": "石城镇", "main": {"uri": "rtsp://192.0.2.9/1"}})
        self.put(service, "e", "camera/R-2", tombstone=True)
        until("one again", lambda: self.prepared(watcher) == ["camera/R-1"])
        self.assertEqual(watcher.ask("status")["layout"]["take"], 1)


if __name__ == "__main__":
    unittest.main()

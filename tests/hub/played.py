# SPDX-License-Identifier: Apache-2.0
"""A compositor that is played, and what every test of the wall's scene begins with."""
import unittest

from wall_of_one import PLUG, Peer, Wall, control_message, event, until

TAKE, PREVIEW, UNDO = "beaconwall.wall.take.v1", "beaconwall.wall.preview.v1", "beaconwall.wall.undo.v1"
HOLD, RELEASE, EDIT = "beaconwall.wall.hold.v1", "beaconwall.wall.release.v1", "beaconwall.wall.edit.v1"


class Compositor(Peer):
    """Answers next with ready and live with taken, as the real one does; `shown` is what is on air."""

    def __init__(self, wall):
        super().__init__(wall, "compositor:main")
        self.shown, self.seen, self.prompt = None, 0, True

    def arrive(self):
        self.hello()
        self.publish("on_air", {"take": self.shown["take"] if self.shown else 0, "scene": self.shown["scene"] if self.shown else None})
        self.subscribe("beaconwall.wall.", source="snapshot")

    def publish(self, what, data):
        self.send("publish", event=event("beaconwall.compositor.%s.v1" % what, "main", data))

    def work(self):
        self.take_in(5)
        while self.seen < len(self.deliveries):
            got = self.deliveries[self.seen]["event"]
            self.seen += 1
            if got["type"] == "beaconwall.wall.next.v1" and got["data"]["scene"] and self.prompt:
                self.publish("ready", {"hash": got["data"]["scene"]["hash"]})
            if got["type"] == "beaconwall.wall.live.v1":
                if self.shown is None or got["data"]["take"] > self.shown["take"]:
                    self.shown = got["data"]
                self.publish("taken", {"take": got["data"]["take"], "hash": got["data"]["hash"], "frame_id": 1})


def layout_text(*grids, title="x"):
    """Each grid: (its display or "", the rows of its areas); pane NAME-T1 shows camera/T-1, NAME-T2 the other."""
    text = 'title = { zh = "%s", en = "%s" }\n' % (title, title)
    panes = []
    for display, rows in grids:
        text += "\n[[grid]]\n" + ('display = "%s"\n' % display if display else "")
        text += "columns = [%s]\n" % ", ".join(['"1fr"'] * len(rows[0].split())) + "rows = [%s]\n" % ", ".join(['"1fr"'] * len(rows))
        text += "areas = [%s]\n" % ", ".join('"%s"' % row for row in rows)
        panes += " ".join(rows).split()
    for name in dict.fromkeys(panes):
        text += '\n[[pane]]\nid = "%s"\nshows = "camera/%s"\n' % (name, "T-1" if name.endswith("T1") else "T-2")
    return text


class SceneCase(unittest.TestCase):
    def setUp(self):
        self.wall = Wall()
        self.addCleanup(self.wall.close)

    def hang_two_displays(self):
        """left and right, the latter the zone side; layouts: one and two have panes on both, wide has one pane over all."""
        file = self.wall.site / "wall.toml"
        display = '\n[[display]]\nname = "%s"\nx_mm = %d\nwidth_mm = 598\nheight_mm = 336\nwidth_px = 1280\nheight_px = 720\n'
        text = file.read_text()
        file.write_text(text[:text.index("[[display]]")] + display % ("left", 0) + display % ("right", 600) +
                        '\n[[zone]]\nname = "side"\ntitle = { zh = "侧屏", en = "Side" }\ndisplays = ["right"]\n')
        layouts = {"one": [("left", ["a-T1 b-T2", "a-T1 c-T1"]), ("right", ["r-T1"])], "two": [("left", ["l-T2"]), ("right", ["s-T2"])],
                   "three": [("", ["wide-T1"])]}
        for name, grids in layouts.items():
            (self.wall.site / "layouts" / (name + ".toml")).write_text(layout_text(*grids, title=name))

    def panes(self):
        return sorted(p["id"] for p in self.compositor.shown["scene"]["panes"])

    def restart(self):
        """The hub alone, as after a crash; the compositor keeps its picture."""
        self.wall.kill()
        shown = self.compositor.shown
        self.compositor.close()
        self.wall.start()
        again = Compositor(self.wall)
        again.shown = shown
        self.compositor = self.arrive(again)
        self.ctl = self.peer()

    def begin(self, **how):
        self.wall.start(**how)
        self.compositor = self.arrive(Compositor(self.wall))
        self.ctl = self.peer()

    def arrive(self, compositor):
        self.addCleanup(compositor.close)
        compositor.arrive()
        self.until(compositor, lambda: compositor.shown)
        return compositor

    def peer(self, name="ctl"):
        peer = Peer(self.wall, name)
        self.addCleanup(peer.close)
        peer.hello()
        return peer

    def service(self, name="demo_field"):
        """The peer service:NAME, which the hub connects to."""
        path = str(self.wall.run / "w1")
        peer = Peer(self.wall, "service", connect=False)
        self.addCleanup(peer.close)
        peer.socket.bind("ipc://" + path)
        self.wall.control.send(control_message(PLUG, 7, name="service:" + name, text=path))
        peer.wait("the hub to introduce itself", lambda: peer.goodbyes)
        peer.hello()
        return peer

    def until(self, compositor, condition):
        def look():
            compositor.work()
            return condition()
        return until("the compositor", look)

    def command(self, type_, **data):
        id_ = self.ctl.start("command", event=event(type_, "wall", data))
        def look():
            self.ctl.take_in(5)
            return self.ctl.replies.pop(id_, None)
        return self.until(self.compositor, look)

    def on_air(self):
        return self.compositor.shown["take"], self.compositor.shown["layout"]

    def status(self):
        id_ = self.ctl.start("status")
        def look():
            self.ctl.take_in(5)
            return self.ctl.replies.pop(id_, None)
        return self.until(self.compositor, look)

# SPDX-License-Identifier: Apache-2.0
"""The three renderers on one wall: the GPU's way forced where there is none, the copying one, and none at all."""
import unittest

from PIL import ImageChops

import wall

# They stand still. Patterns of single coloured pixels are left out: there both ways may differ at every edge.
CAMERAS = {"bars": "test://smpte75", "brighter": "test://smpte100", "slope": "test://gradient", "blue": "test://blue"}


def site_files():
    cameras = "".join(f'[[camera]]\nid = "{name}"\nname = {{ zh = "{name}", en = "{name}" }}\nmain = "{uri}"\n'
                      for name, uri in CAMERAS.items())
    return {"wall.toml": wall.display(), "cameras.toml": cameras,
            "layouts/one.toml": wall.layout("screen", {name: f"camera/{name}" for name in CAMERAS})}


def moving(status):
    """Every camera's picture was renewed some times: this is a stream, not a first frame."""
    return wall.live(status) and all(p["updates"] >= 10 for p in status["panes"])


class Renderers(unittest.TestCase):
    def picture(self, renderer):
        """The first display and its row of the status, drawn so."""
        with wall.site(site_files()) as site, wall.Wall(site, env={"BEACONWALL_RENDERER": renderer}) as w:
            status = w.wait(moving, 30, f"all cameras play with {renderer}")
            # The clock's strip aside, nothing on these pictures changes by itself.
            return w.snapshot("--display", "screen").convert("RGB").crop((0, 0, 1280, 680)), status["displays"][0]

    def test_the_gpus_way_gives_nearly_the_copied_picture(self):
        copied, how = self.picture("software")
        self.assertEqual(how["pictures"], "copied")
        shaded, how = self.picture("gpu")
        self.assertEqual(how["pictures"], "shaded")
        difference = ImageChops.difference(copied, shaded).convert("L").histogram()
        # Edges of colour are blended in a shader and repeated in a copy: a few pixels may lie further apart.
        far = sum(difference[13:])
        self.assertLess(far, 0.02 * sum(difference), f"{far} pixels differ by more than 12")
        self.assertGreater(len(copied.getcolors(1 << 24)), 100, "there is something to compare")

    def test_without_gl_the_wall_runs_and_counts(self):
        with wall.site(site_files()) as site, wall.Wall(site, env={"BEACONWALL_RENDERER": "null"}) as w:
            status = w.wait(moving, 30, "all cameras play")
            display = status["displays"][0]
            self.assertEqual((display["renderer"], display["pictures"]), ("null", "none"))
            self.assertGreater(display["frames_drawn"], 0)
            self.assertGreater(display["pixels_written"], 0)
            self.assertTrue(any(limit["what"] == "pictures" for limit in status["limits"]))

    def test_cameras_alone_write_no_pixel_that_did_not_change(self):
        with wall.site(site_files()) as site, wall.Wall(site) as w:
            before = w.wait(moving, 30, "all cameras play")["displays"][0]
            seen = w.status()["panes"][0]["updates"]
            after = w.wait(lambda s: s["panes"][0]["updates"] > seen + 50, 30, "fifty pictures more")["displays"][0]
            written = after["pixels_written"] - before["pixels_written"]
            changed = after["pixels_changed"] - before["pixels_changed"]
            self.assertGreater(changed, 0)
            self.assertLessEqual(written / changed, 1.3)

    def test_an_unknown_renderer_is_refused_by_name(self):
        with wall.site(site_files()) as site:
            w = wall.Wall(site, env={"BEACONWALL_RENDERER": "fast"})
            try:
                w.start(wait_ready=False)
                wall.until(lambda: '"fast"; allowed: auto, software, gpu, null' in w.log(), 20, "the log says what is allowed")
            finally:
                w.clean()


if __name__ == "__main__":
    unittest.main()

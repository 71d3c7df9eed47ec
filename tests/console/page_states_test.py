# SPDX-License-Identifier: Apache-2.0
"""The console's page in Debian's Chromium, with hub and compositor played by the rig: presses, keys, languages, what is away."""
import pathlib
import re
import threading
import unittest

import browser
import rig

SOURCE = pathlib.Path(__file__).resolve().parents[2]
LAYOUTS = [{"name": name, "title": {"zh": zh, "en": en}, "key": key} for name, zh, en, key in (
    ("overview", "总览", "Overview", "F1"), ("fire", "森林火情", "Forest fire", "F2"),
    ("flood", "防汛", "Flood", "F3"), ("resources", "物资与队伍", "Stores and teams", "F4"))]
# Nothing is cut off: no sideways scrolling, every button whole, inside the page, and 44 px at least.
MISFITS = """
  const wide = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
  return wide.concat([...document.querySelectorAll('button, .what, .fresh, .more, figcaption span, footer p')]
    .filter(e => e.getClientRects().length)
    .filter(e => { const r = e.getBoundingClientRect();
      return r.left < 0 || r.right > innerWidth + 0.5 || e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline' ||
             e.tagName === 'BUTTON' && (r.height < 44 || r.width < 44); })
    .map(e => e.tagName + ' ' + (e.id || e.className) + ' ' + e.innerText));"""


class PageStates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.page = browser.Browser()
        cls.addClassCleanup(cls.page.end)

    def setUp(self):
        self.layout = {"on_air": "overview", "preview": None, "take": 3, "recorded": True}
        self.console = rig.Console(language="zh")
        self.addCleanup(self.console.end)
        self.hub = self.console.hub
        self.hub.layouts = LAYOUTS
        self.hub.status = {"layout": self.layout, "panes": [], "roles": [], "limits": []}
        self.hub.on_command = self.command
        self.compositor = rig.Compositor()
        self.addCleanup(self.compositor.end)
        self.console.join(self.compositor)
        self.over = threading.Event()
        feeding = threading.Thread(target=self.feed)
        feeding.start()
        self.addCleanup(feeding.join)
        self.addCleanup(self.over.set)
        self.page.resize(1280, 800)
        self.page.open(self.console.address)
        self.page.run("localStorage.clear()")
        self.page.faults()  # of the test before
        self.page.open(self.console.address)
        self.page.wait("return document.querySelectorAll('#layouts button:enabled').length === 4", 20, "four layouts")

    def feed(self):
        while not self.over.wait(0.2):
            self.compositor.publish(320, 90, b"\x20\x30\x40\xff" * (320 * 90))

    def command(self, event):
        data = event["data"]
        if "preview" in event["type"]:
            self.layout["preview"] = data["layout"]
            return {"layout": data["layout"]}
        if data.get("if_take", self.layout["take"]) != self.layout["take"]:
            return {"ok": False, "code": "conflict", "text": "another take"}
        name = data.get("layout") or "overview"
        self.layout.update(on_air=name, preview=None, take=self.layout["take"] + 1)
        return {"take": self.layout["take"], "layout": name, "recorded": True}

    def sent(self):
        return [(each["type"].split(".")[2], each["data"]) for each in self.hub.commands]

    def nothing_is_cut_off(self):
        """On a desk's screen and on a telephone, in both languages."""
        for width, height in ((1280, 800), (390, 844)):
            self.page.resize(width, height)
            for language in range(2):
                self.assertEqual(self.page.run(MISFITS), [], (width, language))
                self.page.click("#language")
        self.page.resize(1280, 800)

    def test_shows_the_wall_and_says_what_is_on_air(self):
        self.page.wait("return document.querySelector('#wall').naturalWidth === 320", 20, "the picture")
        self.assertEqual(self.page.text("h1"), "试验墙")
        self.assertIn("播出", self.page.text("#air"))
        self.assertIn("总览", self.page.text("#air"))
        self.assertTrue(self.page.run("return document.querySelector('#take').disabled"))
        self.assertEqual(self.page.faults(), [])

    def test_press_prepares_take_switches_undo_brings_back(self):
        self.page.click("#layouts button:nth-child(2)")
        self.page.wait("return document.querySelector('#layouts button:nth-child(2).prepared')", 20, "prepared")
        self.assertEqual(self.page.run("return getComputedStyle(document.querySelector('.prepared')).borderTopStyle"), "dashed")
        self.assertEqual(self.page.run("return getComputedStyle(document.querySelector('#layouts .air')).borderTopStyle"), "solid")
        self.assertIn("森林火情", self.page.text("#prepared"))
        self.page.click("#take")
        self.page.wait("return document.querySelector('#layouts button:nth-child(2).air')", 20, "on air")
        self.page.wait("return !document.querySelector('#undo').disabled", 20, "undo")
        self.page.click("#undo")
        self.page.wait("return document.querySelector('#layouts button:nth-child(1).air')", 20, "back")
        self.assertEqual(self.sent(), [("preview", {"layout": "fire"}), ("take", {"layout": "fire", "if_take": 3}), ("undo", {})])

    def test_keys_do_the_same(self):
        self.page.key("3")
        self.page.wait("return document.querySelector('#layouts button:nth-child(3).prepared') && !document.querySelector('#take').disabled", 20, "prepared")
        self.page.key("Enter")
        self.page.wait("return document.querySelector('#layouts button:nth-child(3).air') && !document.querySelector('#undo').disabled", 20, "on air")
        self.page.key("Backspace")
        self.page.wait("return document.querySelector('#layouts button:nth-child(1).air')", 20, "back")
        self.assertEqual([each[0] for each in self.sent()], ["preview", "take", "undo"])

    def test_the_prepared_button_again_prepares_nothing(self):
        for expected in (".prepared", ":not(.prepared)"):
            self.page.click("#layouts button:nth-child(2)")
            self.page.wait(f"return document.querySelector('#layouts button:nth-child(2){expected}') && !document.querySelector('#undo').disabled", 20, expected)
        self.assertEqual(self.sent(), [("preview", {"layout": "fire"}), ("preview", {"layout": None})])

    def test_a_take_on_a_wall_that_changed_meanwhile_is_told_as_words(self):
        self.page.key("2")
        self.page.wait("return !document.querySelector('#take').disabled", 20, "prepared")
        self.hub.on_command = lambda event: {"ok": False, "code": "conflict", "text": "another take"}
        self.page.key("Enter")
        self.page.wait("return document.querySelector('#message').innerText.includes('再看一眼')", 20, "the sentence")

    def test_what_is_amiss_with_the_machine_is_said_in_the_pages_language(self):
        full = {"what": "journal", "state": "full", "effect": "disk full: nothing more is recorded; make room in /var/lib/wall"}
        display = {"what": "display left", "state": "missing", "effect": "no output shows it: DP-1 is not plugged in"}
        other = {"what": "a thing to come", "state": "odd", "effect": "as it is told"}
        self.hub.status["limits"] = [full, display, other]
        self.page.wait("return document.querySelectorAll('#problems li').length === 3", 20, "three rows")
        said = self.page.text("#problems")
        for word in ("日志", "磁盘已满", "不再记录", "/var/lib/wall", "显示屏 left", "没有输出", "DP-1", "a thing to come", "as it is told"):
            self.assertIn(word, said)
        self.nothing_is_cut_off()
        self.page.click("#language")
        self.page.wait("return document.querySelector('#problems').innerText.includes('full')", 20, "English")
        self.assertNotIn("日志", self.page.text("#problems"))

    def test_every_state_of_the_journals_disk_has_words(self):
        source = (SOURCE / "core/hub/journal_writer_state.cpp").read_text(encoding="utf-8")
        states = re.findall(r'"([^"]+)"', re.search(r"kWords\[\] = \{(.*?)\};", source, re.S).group(1))
        self.assertIn("ailing", states)
        page = (SOURCE / "core/console/page/words.js").read_text(encoding="utf-8")
        for state in [each for each in states if each != "well"] + ["held"]:
            self.assertIn("'journal/%s'" % state, page)

    def test_tiles_that_are_not_live_and_problems_are_words(self):
        self.hub.status |= {
            "panes": [{"id": "cam-01", "shows": "camera/FF-001", "freshness": "live", "age_ms": 3, "videos": []},
                      {"id": "cam-07", "shows": "camera/FF-007", "freshness": "lost", "age_ms": 192000, "videos": [],
                       "reason": {"code": "stalled", "text": {"zh": "码流停滞", "en": "stream stalled"}}},
                      {"id": "teams", "shows": "dispatch/board", "freshness": "live", "age_ms": 1,
                       "videos": [{"source": "camera/FF-012", "freshness": "starting", "age_ms": None}]}],
            "roles": [{"role": "panel", "name": "supplies", "state": "quarantined"}]}
        self.page.wait("return document.querySelectorAll('#tiles .what').length === 2", 20, "two tiles")
        tiles = self.page.text("#tiles")
        for word in ("cam-07", "信号中断", "已过 3 分 12 秒", "码流停滞", "camera/FF-012", "正在连接"):
            self.assertIn(word, tiles)
        self.assertNotIn("cam-01", tiles)
        self.assertIn("supplies", self.page.text("#problems"))
        self.nothing_is_cut_off()

    def test_faults_of_the_sites_files_are_listed_with_file_and_line_until_they_are_mended(self):
        fault = lambda n, line=12: {"number": "BW%d" % (1200 + n), "file": "layouts/a-name-of-many-words-%d.toml" % n, "line": line, "column": 3,
                                    "text": "found pane \"cam-77\" in the areas and no [[pane]] with that id; allowed: a pane for each name in areas"}
        self.hub.status["faults"] = [fault(3), fault(1, line=0)]
        self.page.wait("return document.querySelectorAll('#problems .fault').length === 2", 20, "both faults")
        said = self.page.text("#problems")
        for part in ("站点文件有 2 处错误", "大屏沿用改动前的内容", "layouts/a-name-of-many-words-3.toml:12:3", "BW1203", "found pane", "BW1201"):
            self.assertIn(part, said)
        self.assertNotIn("words-1.toml:", said)  # the file as a whole
        self.page.click("#language")
        said = self.page.text("#problems")
        for part in ("The site has 2 faults", "until they are mended", "layouts/a-name-of-many-words-3.toml:12:3"):
            self.assertIn(part, said)
        self.hub.status["faults"] = [fault(n) for n in range(20)]
        self.page.wait("return document.querySelectorAll('#problems .fault').length === 6", 20, "as many as are read")
        self.assertIn("14 more", self.page.text("#problems"))
        self.nothing_is_cut_off()
        self.hub.status["faults"] = []
        self.page.wait("return document.querySelectorAll('#problems .fault').length === 0", 20, "mended")
        self.assertEqual(self.page.text("#problems"), "None")

    def test_the_other_language_is_kept(self):
        self.page.click("#language")
        self.assertIn("ON AIR", self.page.text("#air"))
        self.page.open(self.console.address)
        self.page.wait("return document.querySelector('#layouts').innerText.includes('Forest fire')", 20, "English")
        self.assertEqual(self.page.text("h1"), "Test wall")

    def test_with_the_hub_away_it_says_so_and_presses_nothing(self):
        self.hub.end()
        self.page.wait("return document.body.classList.contains('away')", 20, "the page notices")
        self.assertIn("枢纽", self.page.text("#link"))
        self.assertEqual(self.page.run("return document.querySelectorAll('#layouts button:enabled, footer button:enabled').length"), 0)
        self.page.wait("return !document.querySelector('.picture').classList.contains('stale')", 20, "the picture goes on")
        self.console.hub = self.hub = rig.Hub(self.hub.path)
        self.hub.layouts, self.hub.status = LAYOUTS, {"layout": self.layout}
        self.page.wait("return !document.body.classList.contains('away')", 20, "the page finds the new hub")

    def test_a_picture_that_stopped_is_marked(self):
        self.page.wait("return document.querySelector('#wall').naturalWidth === 320", 20, "the picture")
        self.over.set()
        self.page.wait("return document.querySelector('.picture').classList.contains('stale')", 20, "the mark")
        self.assertIn("画面中断", self.page.text(".picture"))

    def test_asks_nothing_while_nobody_looks(self):
        self.page.wait("return document.querySelector('#wall').naturalWidth === 320", 20, "the picture")
        self.page.run("Object.defineProperty(document, 'visibilityState', {configurable: true, get: () => window.seen || 'hidden'});"
                      "window.asked = 0; const real = window.fetch;"
                      "window.fetch = (...each) => { window.asked++; return real(...each); };")
        # What was under way may end and set its next turn: that turn must find nobody looking.
        asked = self.page.run("return new Promise(done => setTimeout(() => done(window.asked), 2500))")
        self.assertLessEqual(asked, 1)
        self.page.run("window.seen = 'visible'; document.dispatchEvent(new Event('visibilitychange'))")
        self.page.wait("return window.asked > 2", 20, "it asks again")


if __name__ == "__main__":
    unittest.main()

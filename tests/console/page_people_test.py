# SPDX-License-Identifier: Apache-2.0
"""The console's page in Debian's Chromium, with hub and compositor played by the rig: signing in and out, what rules raise, exercises and replays."""
import os
import unittest

import browser
import page_states_test
import rig

# Where pictures of the pages are kept to be looked at; none: they are not made.
PICTURES = os.environ.get("BEACONWALL_CONSOLE_PICTURES", "")
SPACE = {"name": "drill-1", "kind": "exercise", "title": {"zh": "春季防汛演练", "en": "Spring flood drill"}, "state": "running"}


class PeoplePage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.page = browser.Browser()
        cls.addClassCleanup(cls.page.end)

    def setUp(self):
        self.layout = {"on_air": "overview", "preview": None, "take": 3, "recorded": True}
        self.console = rig.Console(language="zh")
        self.addCleanup(self.console.end)
        self.hub = self.console.hub
        self.hub.layouts = page_states_test.LAYOUTS
        self.hub.status = {"layout": self.layout, "panes": [], "roles": [], "limits": []}
        self.page.resize(1280, 800)
        self.page.call("DELETE", "/cookie")
        self.page.open(self.console.address + "sign-in")
        self.page.run("localStorage.clear()")

    def picture(self, name):
        if PICTURES:
            self.page.picture(os.path.join(PICTURES, name + ".png"))

    def with_operators(self):
        self.hub.people = {"li": "correct horse"}
        self.console.write_operators()

    def open(self):
        self.page.faults()  # of before
        self.page.open(self.console.address)

    def at_sign_in(self, what):
        self.page.wait("return location.pathname === '/sign-in' && document.querySelector('#enter')?.innerText", 20, what)

    def at_console(self):
        self.page.wait("return location.pathname === '/' && document.querySelectorAll('#layouts button').length === 4 && !document.body.classList.contains('away')",
                       20, "the console's page")

    def enter(self, name="li", password="correct horse"):
        self.page.run("document.querySelector('#name').value = arguments[0]; document.querySelector('#password').value = arguments[1]", name, password)
        self.page.click("#enter")

    def whole(self):
        """Nothing is cut off, whichever language and however narrow."""
        for width, height in ((1280, 800), (390, 844)):
            self.page.resize(width, height)
            for _ in range(2):
                self.assertEqual(self.page.run(page_states_test.MISFITS), [], width)
                self.page.click("#language")
        self.page.resize(1280, 800)

    def test_one_signs_in_presses_and_signs_out(self):
        self.with_operators()
        self.open()
        self.at_sign_in("the sign-in page")
        self.page.wait("return document.querySelector('h1').innerText === '试验墙'", 20, "which wall it is")
        self.whole()
        self.picture("sign-in")
        self.enter()
        self.at_console()
        self.page.wait("return document.querySelector('#person-name').innerText === 'li · 值班员'", 20, "who is signed in")
        self.assertRegex(self.page.text("#person-until"), r"^登录至 \d\d:\d\d$")
        self.assertEqual(self.page.run("return document.cookie"), "", "no script has the session")
        self.whole()
        self.picture("signed-in")
        self.page.click("#sign-out")
        self.at_sign_in("the sign-in page again")
        self.page.wait("return document.querySelector('#why').innerText === '已退出登录'", 20, "the sentence")
        self.open()
        self.at_sign_in("it stays so")
        self.assertEqual(self.page.faults(), [])

    def test_wrong_and_locked_are_told_in_words_in_both_languages(self):
        self.with_operators()
        self.open()
        self.at_sign_in("the sign-in page")
        for name in ("li", "nobody"):
            self.enter(name, "wrong horse")
            self.page.wait("return document.querySelector('#message').innerText === '姓名或密码不正确'", 20, "the sentence")
            self.page.wait("return document.querySelector('#password').value === ''", 20, "the password is gone from the page")
        self.hub.on_sign_in = lambda body: {"ok": False, "code": "refused", "text": "too many", "reason": "locked", "retry_s": 840}
        self.enter()
        self.page.wait("return document.querySelector('#message').innerText.includes('约 14 分钟')", 20, "how long")
        self.whole()
        self.picture("locked")
        self.page.click("#language")
        self.assertIn("this name is locked", self.page.text("#message"))

    def test_a_session_that_ends_brings_one_back_to_sign_in(self):
        self.with_operators()
        self.open()
        self.at_sign_in("the sign-in page")
        self.enter()
        self.at_console()
        self.hub.sessions.clear()
        self.at_sign_in("the sign-in page")
        self.page.wait("return document.querySelector('#why').innerText.includes('到期')", 20, "why")

    def test_without_operators_nobody_signs_in(self):
        self.page.open(self.console.address + "sign-in")
        self.at_console()
        self.assertEqual(self.page.text("#person"), "")

    def test_who_may_only_look_presses_nothing(self):
        self.with_operators()
        self.hub.may = ["see", "snapshot"]
        self.hub.attention = [rig.item()]
        self.hub.status["space"] = SPACE
        self.open()
        self.at_sign_in("the sign-in page")
        self.enter()
        self.at_console()
        self.page.wait("return document.querySelector('#attention .item')", 20, "the item")
        self.assertEqual(self.page.run("return document.querySelectorAll('#layouts button:enabled, footer button:enabled, #attention button').length"), 0)
        self.assertTrue(self.page.run("return document.querySelector('#space-end').hidden"))
        self.page.key("2")
        self.page.key("Backspace")
        self.assertEqual(self.hub.commands, [])

    def test_what_rules_raise_is_listed_and_acknowledged(self):
        self.hub.attention = [rig.item("supplies/pumps", 2, since="2026-07-01T06:00:00.000Z", title=("排水泵缺口", "Pumps are short")), rig.item(),
                              rig.item("fire/FF-003", 3, title=("疑似烟火", "Smoke seen")), rig.item("rain/basin", 1, "over", title=("小时雨量", "Rain in an hour"))]
        self.open()
        self.at_console()
        self.page.wait("return document.querySelectorAll('#attention .item').length === 4", 20, "the items")
        text = self.page.text("#attention")
        for word in ("超警戒水位", "红色 · I 级", "gauge/1", "规则 river", "3 次", "已解除",
                     "14:00 起", "17:00 已解除"):  # in the hall's clock: the browser is in UTC
            self.assertIn(word, text)
        self.assertEqual(self.page.text("#attention .what"), "超警戒水位")
        self.assertEqual(self.page.run("return getComputedStyle(document.querySelector('#attention .level-4')).borderLeftColor"), "rgb(255, 59, 48)")
        self.whole()
        self.picture("attention")

        def answer(event):
            self.hub.attention = [each for each in self.hub.attention if each["subject"] != event["subject"]]
            return {"subject": event["subject"]}
        self.hub.on_command = answer
        self.page.wait("return document.querySelector('#attention button:enabled')", 20, "the button")
        self.page.click("#attention button[data-subject='river/gauge/1']")
        self.page.wait("return document.querySelectorAll('#attention .item').length === 3", 20, "it goes")
        self.assertIn("超警戒水位", self.page.text("#message"))

    def test_of_a_storm_some_are_shown_and_the_rest_is_a_number(self):
        self.hub.attention = [rig.item(f"storm/{i}") for i in range(500)]
        self.open()
        self.at_console()
        self.page.wait("return document.querySelectorAll('#attention .item').length === 12", 20, "the items")
        self.assertIn("另有 488 项", self.page.text("#attention"))
        self.assertIn("500", self.page.text("#attention-title"))

    def test_an_exercise_is_a_band_across_the_page_with_a_way_back(self):
        self.hub.status["space"] = SPACE

        def answer(event):
            self.hub.status["space"] = None
            self.layout["take"] += 1
            return {"take": self.layout["take"], "layout": "overview"}
        self.hub.on_command = answer
        self.open()
        self.at_console()
        self.page.wait("return !document.querySelector('#space').hidden", 20, "the band")
        band = self.page.text("#space")
        for word in ("演练", "EXERCISE", "春季防汛演练", "并非实况"):
            self.assertIn(word, band)
        self.assertIn("rgb(176, 140, 255)", self.page.run("return getComputedStyle(document.querySelector('#space')).backgroundImage"))
        self.assertEqual(self.page.run("const r = document.querySelector('#space').getBoundingClientRect(); return [r.left, r.right]"), [0, 1280])
        self.whole()
        self.picture("exercise")
        self.page.wait("return !document.querySelector('#space-end').disabled", 20, "the button")
        self.page.click("#space-end")
        self.page.wait("return document.querySelector('#space').hidden", 20, "live again")
        self.assertEqual([e["data"] for e in self.hub.commands], [{"space": "live"}])
        self.hub.status["space"] = SPACE | {"kind": "replay", "title": {"zh": "七月一日暴雨", "en": "Storm of 1 July"}}
        self.page.wait("return document.querySelector('#space').innerText.includes('回放 REPLAY')", 20, "a replay")

    def test_a_still_page_draws_no_item_anew(self):
        self.hub.attention = [rig.item()]
        self.open()
        self.at_console()
        self.page.wait("return document.querySelector('#attention .item')", 20, "the item")
        self.page.run("window.drawn = 0; new MutationObserver(() => window.drawn++).observe(document.querySelector('#attention'), {childList: true, subtree: true})")
        checked = self.page.text("#link")
        self.page.wait(f"return document.querySelector('#link').innerText !== {checked!r}", 20, "another look at the status")
        self.assertEqual(self.page.run("return window.drawn"), 0)


if __name__ == "__main__":
    unittest.main()

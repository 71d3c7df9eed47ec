# SPDX-License-Identifier: Apache-2.0
"""The console in Debian's Chromium on a whole running wall; and a page of another origin, which must press nothing."""
import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import unittest
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import browser  # noqa: E402
import wall  # noqa: E402



def free_port():
    """Another wall on this machine may have the usual one, and give it up while a console of ours restarts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


LAYOUTS = {"overview": {"a": "supplies/stores", "b": "dispatch/teams"}, "fire": {"a": "dispatch/teams"}, "flood": {"a": "flood_gauges/board"}}
FILES = {"wall.toml": wall.display(first_layout="overview", more=f"console_port = {free_port()}")} | {
    f"layouts/{name}.toml": wall.layout("screen", panes, title=name) for name, panes in LAYOUTS.items()}
# Every way a page has to send something elsewhere: fetch with and without questions asked first, a form, a beacon, an image.
EVIL = """<!doctype html><meta charset="utf-8"><body>
<iframe name="sink"></iframe>
<form id="form" method="post" enctype="text/plain" target="sink" action="TARGET/api/v1/take"><input name='{"layout":"flood","x":"' value='"}'></form>
<script>
const body = JSON.stringify({layout: 'flood'});
const outcome = [];
async function attempt(name, options) {
  try { const reply = await fetch('TARGET/api/v1/take', {method: 'POST', body, ...options}); outcome.push(name + ' ' + reply.type + ' ' + reply.status); }
  catch (fault) { outcome.push(name + ' failed'); }
}
window.attack = async () => {
  await attempt('simple', {});
  await attempt('opaque', {mode: 'no-cors'});
  await attempt('json', {headers: {'Content-Type': 'application/json'}});
  await attempt('cookies', {mode: 'no-cors', credentials: 'include'});
  navigator.sendBeacon('TARGET/api/v1/take', new Blob([body], {type: 'text/plain'}));
  document.getElementById('form').submit();
  await new Promise(done => { const i = new Image(); i.onload = () => { outcome.push('picture shown'); done(); };
                              i.onerror = () => { outcome.push('picture refused'); done(); }; i.src = 'TARGET/api/v1/wall.jpg'; });
  try { outcome.push('read ' + (await (await fetch('TARGET/api/v1/status')).text()).length); } catch { outcome.push('read refused'); }
  return outcome;
};
</script>"""


class ElsewhereHandler(http.server.BaseHTTPRequestHandler):
    target = ""

    def do_GET(self):
        page = EVIL.replace("TARGET", self.target).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        site = wall.site(FILES)
        cls.wall = wall.Wall(site.__enter__())
        cls.addClassCleanup(site.__exit__, None, None, None)
        cls.wall.__enter__()
        cls.addClassCleanup(cls.wall.__exit__, None, None, None)
        cls.page = browser.Browser()
        cls.addClassCleanup(cls.page.end)
        cls.address = wall.until(lambda: [line.split()[1] for line in cls.wall.lines if line.startswith("console ")], 20, "the console's address")[-1]

    def take(self, layout):
        self.wall.ctl("take", layout)
        self.wall.wait(lambda status: status["layout"]["on_air"] == layout, 20, f"{layout} on air")

    def open_page(self):
        self.page.resize(1280, 800)
        self.page.open(self.address)
        self.page.wait("return document.querySelectorAll('#layouts button:enabled').length === 3", 20 * wall.PATIENCE, "the layouts")

    def button(self, layout):
        return f"#layouts button[data-layout={layout}]"

    def test_sees_the_wall_previews_takes_and_undoes(self):
        self.take("overview")
        self.open_page()
        self.page.wait("return document.querySelector('#wall').naturalWidth > 0", 20 * wall.PATIENCE, "the picture of the wall")
        self.page.click(self.button("fire"))
        self.wall.wait(lambda status: status["layout"]["preview"] == "fire", 20, "fire prepared")
        self.page.wait(f"return document.querySelector('{self.button('fire')}.prepared') && !document.querySelector('#take').disabled", 20, "the dashed frame")
        self.assertEqual(self.wall.status()["layout"]["on_air"], "overview")
        self.page.picture(os.path.join(wall.artifacts(), "console-1280x800.png"))
        self.page.resize(390, 844)
        self.page.picture(os.path.join(wall.artifacts(), "console-390x844.png"))
        self.page.resize(1280, 800)
        self.page.click("#take")
        self.wall.wait(lambda status: status["layout"]["on_air"] == "fire", 20, "fire on air")
        self.page.wait(f"return document.querySelector('{self.button('fire')}.air') && !document.querySelector('#undo').disabled", 20, "the solid frame")
        self.page.click("#undo")
        self.wall.wait(lambda status: status["layout"]["on_air"] == "overview", 20, "overview again")

    def test_the_picture_moves_with_the_wall(self):
        self.take("overview")
        self.open_page()
        tag = "return fetch('/api/v1/wall.jpg', {cache: 'no-store'}).then(reply => reply.ok && reply.headers.get('ETag'))"
        first = self.page.wait(tag, 20 * wall.PATIENCE, "a picture")
        self.take("fire")
        self.page.wait(tag.replace("reply.headers.get('ETag')", f"reply.headers.get('ETag') !== '{first}'"), 10 * wall.PATIENCE, "another picture")

    def test_a_broken_layout_is_told_with_file_and_line_until_it_is_mended(self):
        self.take("overview")
        self.open_page()
        path = os.path.join(self.wall.site, "layouts", "fire.toml")
        with open(path, encoding="utf-8") as file:
            whole = file.read()

        def write(text):
            with open(path + ".part", "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(path + ".part", path)
        self.addCleanup(write, whole)
        write(whole.replace('id = "a"', 'id = "b"'))
        told = self.wall.wait(lambda status: status["faults"], 20, "the hub's status")["faults"][0]
        self.page.wait("return document.querySelector('#problems .fault')", 20 * wall.PATIENCE, "the page says it")
        said = self.page.text("#problems .fault")
        for part in (f"{told['file']}:{told['line']}:{told['column']}", "layouts/fire.toml:", told["number"], told["text"]):
            self.assertIn(part, said)
        for name in ("zh", "en"):
            self.page.picture(os.path.join(wall.artifacts(), f"console-faults-{name}.png"))
            self.page.click("#language")
        write(whole)
        self.page.wait("return !document.querySelector('#problems .fault')", 20 * wall.PATIENCE, "it is mended")

    def test_a_page_of_another_origin_presses_and_reads_nothing(self):
        self.take("overview")
        before = self.wall.status()["layout"]
        elsewhere = http.server.ThreadingHTTPServer(("127.0.0.1", 0), ElsewhereHandler)
        ElsewhereHandler.target = self.address.rstrip("/")
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        self.addCleanup(elsewhere.server_close)
        self.addCleanup(elsewhere.shutdown)
        self.page.open(f"http://127.0.0.1:{elsewhere.server_port}/")
        outcome = self.page.run("return window.attack()")
        self.assertIn("picture refused", outcome)
        self.assertIn("read refused", outcome)
        self.assertFalse([each for each in outcome if each.endswith(" 200")], outcome)
        # All of it has arrived by now or been refused by the browser; what the console lets through would be on the wall.
        self.open_page()
        self.page.wait("return document.querySelector('#link').innerText.length > 0", 20, "the console's own page works")
        after = self.wall.status()["layout"]
        self.assertEqual((after["on_air"], after["take"], after["preview"]), (before["on_air"], before["take"], before["preview"]))

    def test_healthz_is_well_and_the_wall_runs_without_the_console(self):
        def answers():
            with urllib.request.urlopen(self.address + "healthz", timeout=20) as reply:
                return reply.status == 200
        wall.until(answers, 10, "healthz says 200")
        old = self.wall.kill("console")
        self.take("flood")
        self.take("overview")
        self.wall.wait(lambda status: self.wall.role("console", status=status)["state"] == "running"
                       and self.wall.pid("console", status=status) != old, 20, "the console is back")
        self.open_page()
        self.page.wait("return document.querySelector('#wall').naturalWidth > 0", 20 * wall.PATIENCE, "the picture again, at the same address")


class SignedIn(unittest.TestCase):
    def test_an_operator_of_a_running_wall_signs_in_and_the_audit_knows_them(self):
        page = browser.Browser()
        self.addCleanup(page.end)
        site = wall.site(FILES)
        self.addCleanup(site.__exit__, None, None, None)
        running = wall.Wall(site.__enter__())
        running.__enter__()
        self.addCleanup(running.__exit__, None, None, None)
        address = wall.until(lambda: [line.split()[1] for line in running.lines if line.startswith("console ")], 20, "the console's address")[-1]
        page.open(address)
        page.wait("return document.querySelectorAll('#layouts button:enabled').length === 3", 20 * wall.PATIENCE, "the layouts")
        added = subprocess.run([wall.PROGRAM, "operator", "add", "li", "--role", "duty_officer", "--run-dir", running.run_dir],
                               input="correct horse\n", capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(added.returncode, 0, added.stderr)
        page.wait("return location.pathname === '/sign-in' && document.querySelector('#enter')?.innerText", 20 * wall.PATIENCE, "the page asks to sign in")
        sign_in = "document.querySelector('#name').value = 'li'; document.querySelector('#password').value = arguments[0]; document.querySelector('#enter').click()"
        page.run(sign_in, "wrong horse")
        page.wait("return document.querySelector('#message').innerText.length > 0", 20 * wall.PATIENCE, "the refusal")
        page.run(sign_in, "correct horse")
        page.wait("return location.pathname === '/' && document.querySelectorAll('#layouts button:enabled').length === 3", 20 * wall.PATIENCE, "the console's page")
        page.wait("return document.querySelector('#wall').naturalWidth > 0", 20 * wall.PATIENCE, "the picture of the wall")
        # A hub that was killed has forgotten nobody.
        old = running.kill("hub")
        page.wait("return fetch('/api/v1/status').then(reply => reply.ok ? reply.json() : {roles: []})"
                  f".then(status => status.roles.some(role => role.role === 'hub' && role.pid !== {old}))", 20 * wall.PATIENCE, "the console has found the new hub")
        page.wait("return !document.body.classList.contains('away') && document.querySelectorAll('#layouts button:enabled').length === 3", 20 * wall.PATIENCE, "still signed in")
        page.click("#layouts button[data-layout=fire]")
        running.wait(lambda status: status["layout"]["preview"] == "fire", 20, "fire prepared")
        page.wait("return !document.querySelector('#take').disabled", 20 * wall.PATIENCE, "the button")
        page.click("#take")
        running.wait(lambda status: status["layout"]["on_air"] == "fire", 20, "fire on air")
        told = [(line["who"], line["what"], line["outcome"]) for line in json.loads(running.ctl("audit", "--json"))["lines"]]
        for line in (("operator:li", "verb:sign_in", "refused"), ("operator:li", "verb:sign_in", "passed"), ("operator:li", "beaconwall.wall.take.v1", "passed")):
            self.assertIn(line, told)


if __name__ == "__main__":
    unittest.main()

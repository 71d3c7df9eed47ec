# SPDX-License-Identifier: Apache-2.0
"""Debian's Chromium, driven by its chromedriver over WebDriver: plain HTTP and JSON, nothing to install."""
import base64
import http.client
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars"]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"Enter": "\ue007", "Backspace": "\ue003"}


class Browser:
    """`with Browser() as page: page.open(url)`. Faults of the page itself are collected in `faults()`."""

    def __init__(self, width=1280, height=800):
        self.profile = tempfile.mkdtemp(prefix="bw-chromium-")
        self.driver = subprocess.Popen(["/usr/bin/chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                       env=dict(os.environ, TZ="UTC"))
        self.port, self.session = 0, ""
        for line in self.driver.stdout:
            found = re.search(rb"on port (\d+)", line)
            if found and b"success" in line:
                self.port = int(found.group(1))
                break
        try:
            options = {"args": FLAGS + [f"--user-data-dir={self.profile}", f"--window-size={width},{height}"], "binary": "/usr/bin/chromium"}
            wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
            self.session = self.call("POST", "", {"capabilities": {"alwaysMatch": wanted}}, "/session")["sessionId"]
            self.resize(width, height)
        except BaseException:
            self.end()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        try:
            if self.session:
                self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(10)
            self.driver.stdout.close()
            shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, path, body=None, base=None):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            text = None if method in ("GET", "DELETE") else json.dumps(body or {})
            link.request(method, (base or f"/session/{self.session}") + path, text, {"Content-Type": "application/json"})
            value = json.loads(link.getresponse().read())["value"]
        finally:
            link.close()
        if isinstance(value, dict) and "error" in value:
            raise RuntimeError(value["error"] + ": " + value["message"])
        return value

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    def resize(self, width, height):
        """The page's own size, whatever the window takes for itself."""
        self.call("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}})

    def run(self, script, *arguments):
        """The value of a script's `return`, awaited when it is a promise."""
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def text(self, selector):
        return self.run("return (document.querySelector(arguments[0]) || {}).innerText || ''", selector)

    def click(self, selector):
        found = self.call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]
        self.call("POST", f"/element/{found}/click")

    def key(self, key):
        value = KEYS.get(key, key)
        actions = [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def wait(self, script, seconds, what):
        """Until the script returns something true, which is given back."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = self.run(script)
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"not within {seconds} s: {what}; the page says: {self.text('body')}")

    def faults(self):
        """What the page's console said at level SEVERE since the last call."""
        return [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"}) if entry["level"] == "SEVERE"]

    def picture(self, file):
        with open(file, "wb") as out:
            out.write(base64.b64decode(self.call("GET", "/screenshot")))

# SPDX-License-Identifier: Apache-2.0
"""The harness of every end-to-end test: a wall of its own in temporary folders, asked through `beaconwall ctl` as a person would.

    with wall.site({"wall.toml": ..., "layouts/one.toml": ...}) as site, wall.Wall(site) as w:
        w.wait(lambda status: ..., 20, "what is awaited")
"""
import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

BUILD = os.environ["BEACONWALL_BUILD"]
SOURCE = os.environ["BEACONWALL_SOURCE"]
PROGRAM = os.path.join(BUILD, "bin", "beaconwall")
# Sanitizers slow everything down. Claims about time are multiplied by this ...
SLOW = 4 if os.environ.get("BEACONWALL_SANITIZE") else 1
# ... and deadlines by this: they only bound how long a failure takes to show, and a machine that does other things, too, is no failure.
PATIENCE = 2 * SLOW if SLOW > 1 else 3
# Whether there is time for every repetition (tests/all.sh). Without, what is done again and again is done a few times.
THOROUGH = bool(os.environ.get("BEACONWALL_THOROUGH")) and SLOW == 1

REPORTS = ("AddressSanitizer", "LeakSanitizer", "ThreadSanitizer", "runtime error:")


def artifacts():
    """Where tests leave pictures for people."""
    folder = os.path.join(BUILD, "artifacts")
    os.makedirs(folder, exist_ok=True)
    return folder


@contextlib.contextmanager
def site(files):
    """A temporary site folder from {relative path: text}."""
    with tempfile.TemporaryDirectory(prefix="bw-site-") as folder:
        for name, text in files.items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
        yield folder


def display(name="screen", width=1280, height=720, first_layout="one", more=""):
    """wall.toml of one display; `more` stands before the display table."""
    return f"""
title = {{ zh = "试验", en = "Trial" }}
first_layout = "{first_layout}"
viewing_distance_mm = 4000
{more}
[[display]]
name = "{name}"
x_mm = 0
y_mm = 0
width_mm = 1200
height_mm = 675
width_px = {width}
height_px = {height}
"""


def layout(display_name, panes, columns=2, title="One"):
    """A layout of equal panes: {"a": "flood_gauges/board", ...}, row by row."""
    ids = list(panes)
    rows = [ids[i:i + columns] for i in range(0, len(ids), columns)]
    rows[-1] += ["."] * (columns - len(rows[-1]))
    areas = ", ".join('"' + " ".join(row) + '"' for row in rows)
    tracks = ", ".join(['"1fr"'] * columns)
    text = f"""
title = {{ zh = "{title}", en = "{title}" }}
[[grid]]
display = "{display_name}"
columns = [{tracks}]
rows = [{", ".join(['"1fr"'] * len(rows))}]
areas = [{areas}]
"""
    for name, shows in panes.items():
        text += f'[[pane]]\nid = "{name}"\nshows = "{shows}"\n'
    return text


def alive(pid):
    """True while the process runs; a zombie does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def age_s(pid):
    """How long the process has lived, from the kernel."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        started = int(stat.read().rsplit(")", 1)[1].split()[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started


def processes_naming(text):
    """Pids whose command line or environment names `text`: a wall's run directory names all its processes but panels."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        if int(entry) == os.getpid() or not alive(int(entry)):
            continue
        for part in ("cmdline", "environ"):
            with contextlib.suppress(OSError):
                with open(f"/proc/{entry}/{part}", "rb") as file:
                    if text.encode() in file.read():
                        found.append(int(entry))
                        break
    return found


def until(condition, timeout, what):
    """Polls until `condition()` is true and gives its value; a deadline, no fixed sleep."""
    deadline = time.monotonic() + timeout * PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout * PATIENCE} s: {what}")
        time.sleep(0.02)


class Refused(AssertionError):
    """`beaconwall` ended with another code than 0."""

    def __init__(self, arguments, code, error):
        super().__init__(f"beaconwall {' '.join(arguments)}: exit {code}: {error.strip()}")
        self.code, self.error = code, error


class Wall:
    """One running wall. `run_dir`: take over this folder instead of a new one (it is then not removed)."""

    def __init__(self, site_folder, headless=True, env=None, run_dir=None, ready_timeout=30):
        self.site, self.headless, self.ready_timeout = site_folder, headless, ready_timeout
        self.env = {**os.environ, **(env or {})}
        self.own_folder = None if run_dir else tempfile.mkdtemp(prefix="bw-")
        self.run_dir = run_dir or os.path.join(self.own_folder, "run")
        self.log_path = (self.own_folder or tempfile.mkdtemp(prefix="bw-log-")) + "/log"
        self.lines, self.process, self.reader = [], None, None

    # -- life
    def start(self, wait_ready=True):
        if self.process:  # a takeover after a kill
            self.reader.join(5)
            self.process.stdout.close()
        words = [PROGRAM, "run", self.site, "--run-dir", self.run_dir] + (["--headless"] if self.headless else [])
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL,
                                            env=self.env, text=True, process_group=0)
        self.lines = []
        self.reader = threading.Thread(target=self._read, args=(self.process.stdout, self.lines), daemon=True)
        self.reader.start()
        if wait_ready:
            until(lambda: "ready" in self.lines or self.process.poll() is not None, self.ready_timeout, "the wall is ready")
            if "ready" not in self.lines:
                raise AssertionError(f"the wall ended with {self.process.returncode} before it was ready\n{self.log()}")
        return self

    @staticmethod
    def _read(stream, lines):
        for line in stream:
            lines.append(line.rstrip("\n"))

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.clean(failed=True)
            raise

    def __exit__(self, kind, value, trace):
        # A sanitizer's report in any process of the wall is a failure, also when the wall healed.
        report = kind is None and any(word in self.log() for word in REPORTS)
        self.clean(failed=kind is not None or report)
        if report:
            raise AssertionError("a sanitizer reported a fault; see the log above")
        return False

    def stop(self, number=signal.SIGTERM, timeout=5, group=False):
        """Asks the supervisor (`group`: its process group, as a terminal does) to end; gives its exit code and the seconds it took."""
        began = time.monotonic()
        if group:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        code = self.process.wait(timeout * PATIENCE)
        return code, time.monotonic() - began

    def clean(self, failed=False):
        noted = self.noted_processes()
        if self.process and self.process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for pid, _ in noted:
            if alive(pid):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
        if self.process:
            self.reader.join(5)
            self.process.stdout.close()
        if failed:
            print(f"--- log of {self.site}\n{self.log()[-8000:]}\n---", file=sys.stderr)
        shutil.rmtree(self.own_folder or os.path.dirname(self.log_path), ignore_errors=True)

    # -- questions
    def log(self):
        try:
            with open(self.log_path, encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def ctl(self, *words, timeout=20):
        """Standard output of `beaconwall ctl WORDS`; Refused if it does not end with 0."""
        command = [PROGRAM, "ctl", "--run-dir", self.run_dir, *words]
        done = subprocess.run(command, capture_output=True, text=True, env=self.env, timeout=timeout * PATIENCE, check=False)
        if done.returncode != 0:
            raise Refused(words, done.returncode, done.stderr)
        return done.stdout

    def status(self):
        return json.loads(self.ctl("status", "--json"))

    def snapshot(self, *words):
        """A PIL image of the first display, or of what `words` name: "--display", "left" or "--pane", "a"."""
        from PIL import Image  # python3-pil; only picture tests need it
        with tempfile.TemporaryDirectory(prefix="bw-shot-") as folder:
            path = os.path.join(folder, "shot.png")
            self.ctl("snapshot", path, *words)
            with open(path, "rb") as file:
                return Image.open(io.BytesIO(file.read()))

    def wait(self, predicate, timeout, what):
        """The first status for which `predicate` holds. A hub that is away does not answer: then the next is asked."""
        last = None

        def check():
            nonlocal last
            try:
                last = self.status()
                return last if predicate(last) else None
            except (Refused, StopIteration, KeyError) as error:
                last = last if isinstance(last, dict) else error
                return None
        try:
            return until(check, timeout, what)
        except AssertionError as error:
            text = json.dumps(last, ensure_ascii=False, indent=1) if isinstance(last, dict) else str(last)
            raise AssertionError(f"{error}\nlast status: {text}") from None

    def wait_settled(self, key, quiet_s, timeout):
        """A status whose `key(status)` has not changed for `quiet_s` seconds."""
        value, since, found = None, time.monotonic(), None

        def check():
            nonlocal value, since, found
            found = self.status()
            now = key(found)
            if now != value:
                value, since = now, time.monotonic()
            return time.monotonic() - since >= quiet_s
        until(check, timeout, f"nothing changes for {quiet_s} s")
        return found

    @staticmethod
    def run_for(seconds):
        """Lets a measured span of time pass: for measurements, never in place of a condition."""
        time.sleep(seconds)

    def role(self, role, name=None, status=None):
        """The row of the status; the first of that role without a name."""
        rows = (status or self.status())["roles"]
        return next(r for r in rows if r["role"] == role and (name is None or r["name"] == name))

    def pid(self, role, name=None, status=None):
        return self.role(role, name, status)["pid"]

    def kill(self, role, name=None, number=signal.SIGKILL):
        """Sends a signal to that process; gives its pid."""
        pid = self.pid(role, name)
        os.kill(pid, number)
        return pid

    def noted_processes(self):
        """[(pid, "role/name")] as the supervisor noted them in its run directory."""
        try:
            with open(os.path.join(self.run_dir, "processes"), encoding="utf-8") as file:
                return [(int(pid), row) for pid, _, row in (line.split() for line in file)]
        except FileNotFoundError:
            return []


def live(status):
    """True when there are panes and all are live."""
    return bool(status["panes"]) and all(p["freshness"] == "live" for p in status["panes"])

# SPDX-License-Identifier: Apache-2.0
"""An X server with monitors of our own making: Xorg's dummy driver, whose outputs get EDIDs that the test sets.

    with xserver.Xorg(["DUMMY0", "DUMMY1"]) as x:
        x.plug("DUMMY0", 1280, 720, edid("DEL", "LEFT", "A1"))
"""
import contextlib
import ctypes
import os
import subprocess
import tempfile

from PIL import Image

MODELINES = {(1280, 720): "74.50 1280 1344 1472 1664 720 723 728 748 -hsync +vsync",
             (1024, 768): "63.50 1024 1072 1176 1328 768 771 775 798 -hsync +vsync"}

CONFIG = """
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 256000
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5-1000
  VertRefresh 5-200
  {modelines}
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Virtual 4096 2048
    Modes "1280x720" "1024x768"
  EndSubSection
EndSection
"""


def edid(maker, name, serial="", size_mm=(600, 340), size_px=(1280, 720)):
    """The 128 bytes with which a monitor names itself."""
    block = bytearray(128)
    block[0:8] = b"\x00\xff\xff\xff\xff\xff\xff\x00"
    packed = 0
    for letter in maker:
        packed = packed << 5 | ord(letter) - 64
    block[8:10] = packed.to_bytes(2, "big")
    block[10:12] = (0x1A2B).to_bytes(2, "little")
    block[18:20] = b"\x01\x04"
    block[21], block[22] = size_mm[0] // 10, size_mm[1] // 10
    block[54] = 1
    block[56], block[58] = size_px[0] & 255, size_px[0] >> 8 << 4
    block[59], block[61] = size_px[1] & 255, size_px[1] >> 8 << 4
    block[66], block[67], block[68] = size_mm[0] & 255, size_mm[1] & 255, size_mm[0] >> 8 << 4 | size_mm[1] >> 8

    def text(at, tag, words):
        block[at + 3] = tag
        block[at + 5:at + 18] = (words + "\n").ljust(13).encode()[:13]
    text(72, 0xFC, name)
    if serial:
        text(90, 0xFF, serial)
    block[127] = -sum(block) % 256
    return bytes(block)


class Xorg:
    """Outputs are off until plugged."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="bw-xorg-")
        path = os.path.join(self.folder.name, "xorg.conf")
        lines = "\n  ".join(f'ModeLine "{w}x{h}" {line}' for (w, h), line in MODELINES.items())
        with open(path, "w", encoding="utf-8") as file:
            file.write(CONFIG.format(modelines=lines))
        read, write = os.pipe()
        # Its log is told by name: it would go to /var/log.
        self.process = subprocess.Popen(
            ["Xorg", "-displayfd", str(write), "-config", path, "-logfile", os.path.join(self.folder.name, "log"),
             "-noreset", "-nolisten", "tcp", "-novtswitch", "-sharevts"],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            with open(os.path.join(self.folder.name, "log"), encoding="utf-8", errors="replace") as log:
                raise AssertionError("Xorg does not start:\n" + log.read()[-3000:])
        self.display = ":" + number
        self.env = {**os.environ, "DISPLAY": self.display}
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.folder.cleanup()

    def xrandr(self, *words):
        done = subprocess.run(["xrandr", *words], env=self.env, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"xrandr {' '.join(words)}: {done.stderr}")
        return done.stdout

    def plug(self, output, x, y, size, identity):
        """Switches an output on, at its place on the desktop, with that EDID."""
        mode = f"{size[0]}x{size[1]}"
        with contextlib.suppress(AssertionError):  # it may know the mode already
            self.xrandr("--addmode", output, mode)
        self.tell_identity(output, identity)
        self.xrandr("--output", output, "--mode", mode, "--pos", f"{x}x{y}")

    def unplug(self, output):
        self.xrandr("--output", output, "--off")

    def tell_identity(self, output, identity):
        """XRRChangeOutputProperty: xrandr's own --set takes no EDID that the driver did not declare."""
        x11, rr = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXrandr.so.2")
        for function in (x11.XOpenDisplay, x11.XDefaultRootWindow, x11.XInternAtom, rr.XRRGetScreenResourcesCurrent,
                         rr.XRRGetOutputInfo):
            function.restype = ctypes.c_void_p
        display = ctypes.c_void_p(x11.XOpenDisplay(self.display.encode()))
        resources = ctypes.c_void_p(rr.XRRGetScreenResourcesCurrent(
            display, ctypes.c_ulong(x11.XDefaultRootWindow(display))))

        class Resources(ctypes.Structure):
            _fields_ = [("timestamp", ctypes.c_ulong), ("config", ctypes.c_ulong), ("ncrtc", ctypes.c_int),
                        ("crtcs", ctypes.POINTER(ctypes.c_ulong)), ("noutput", ctypes.c_int),
                        ("outputs", ctypes.POINTER(ctypes.c_ulong))]

        class Info(ctypes.Structure):
            _fields_ = [("timestamp", ctypes.c_ulong), ("crtc", ctypes.c_ulong), ("name", ctypes.c_char_p)]
        all_of = Resources.from_address(resources.value)
        for i in range(all_of.noutput):
            number = ctypes.c_ulong(all_of.outputs[i])
            info = Info.from_address(rr.XRRGetOutputInfo(display, resources, number))
            if info.name != output.encode():
                continue
            atom = ctypes.c_ulong(x11.XInternAtom(display, b"EDID", 0))
            integer = ctypes.c_ulong(19)  # XA_INTEGER
            rr.XRRChangeOutputProperty(display, number, atom, integer, 8, 0, identity, len(identity))
            x11.XSync(display, 0)
            x11.XCloseDisplay(display)
            return
        raise AssertionError(f"no output {output}")

    def screen(self):
        """The whole desktop as a picture."""
        done = subprocess.run(["xwd", "-silent", "-root", "-display", self.display], capture_output=True, check=True)
        return decode(done.stdout)


def decode(data):
    """XWD version 7, true colour, 24 or 32 bits a pixel: header of big-endian words, colour map, then rows of BGR or BGRX."""
    def word(i):
        return int.from_bytes(data[4 * i:4 * i + 4], "big")
    header, width, height, bits, stride, colours = word(0), word(4), word(5), word(11), word(12), word(19)
    start = header + colours * 12
    return Image.frombuffer("RGB", (width, height), data[start:start + stride * height], "raw",
                            {24: "BGR", 32: "BGRX"}[bits], stride, 1)

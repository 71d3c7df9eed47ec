#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An RTSP camera that behaves as badly as it is told to: one class per way in which real ones do (TCP, H.264, 127.0.0.1).
    quirk_server.py NAME STREAM [--port N] [--fps F]      STREAM: Annex B with access unit delimiters; it is played round and round
Prints "listening on port N", and a line for what a test wants to know of it."""
import argparse
import base64
import hashlib
import re
import socket
import socketserver
import struct
import sys
import threading
import time

SLICES = (1, 5)


def read_units(path):
    """Access units, each a list of NAL units."""
    with open(path, "rb") as file:
        nals = [nal for nal in re.split(b"\x00\x00\x00?\x01", file.read()) if nal]
    units = []
    for nal in nals:
        if nal[0] & 31 == 9:
            units.append([])
        else:
            units[-1].append(nal)
    return units


def say(text):
    print(text, flush=True)


class Camera:
    """One that behaves; the others differ from it in one thing each."""
    public = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"
    timeout_s = 60
    ssrc = 0x1A2B3C4D
    sender_reports = True
    user = password = None
    connections = 0

    def __init__(self, units, fps, port):
        self.units, self.fps, self.port = units, fps, port
        self.sets = {nal[0] & 31: nal for unit in units for nal in unit if nal[0] & 31 in (7, 8)}
        self.sequence, self.first_unit = 100, 0

    # What it says.
    def base(self):
        return f"rtsp://127.0.0.1:{self.port}/cam/"

    def control(self):
        return "trackID=0"

    def setup_url(self):
        return self.base() + self.control()

    def describe_headers(self):
        return ["Content-Type: application/sdp", f"Content-Base: {self.base()}"]

    def origin(self):
        return "o=- 1 1 IN IP4 127.0.0.1\r\n"

    def sprop(self):
        return ",".join(base64.b64encode(self.sets[kind]).decode() for kind in (7, 8))

    def video(self):
        sprop = self.sprop()
        return ("m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1" +
                (f";sprop-parameter-sets={sprop}" if sprop else "") + f"\r\na=control:{self.control()}\r\n")

    def sdp(self):
        return f"v=0\r\n{self.origin()}s=camera\r\nt=0 0\r\na=control:*\r\n{self.video()}"

    def transport(self):
        return f"RTP/AVP/TCP;unicast;interleaved=0-1;ssrc={self.ssrc:08X}"

    def session(self, _number):
        return f"4711;timeout={self.timeout_s}"

    def play_headers(self):
        return [f"RTP-Info: url={self.setup_url()};seq={self.sequence};rtptime=0"]

    def challenge(self):
        return ['WWW-Authenticate: Digest realm="camera", nonce="c0ffee"']

    def digest(self):
        return hashlib.md5

    def allows(self, method, url, header):
        if self.user is None:
            return True
        found = dict(re.findall(r'(\w+)="?([^",]*)"?', header or ""))
        h = lambda text: self.digest()(text.encode()).hexdigest()
        return found.get("response") == h(h(f"{self.user}:camera:{self.password}") + ":c0ffee:" + h(f"{method}:{url}"))

    # What it sends: (channel, packet) of one access unit.
    def stamp(self, number):
        return (number * 90000 // self.fps) & 0xFFFFFFFF

    def rtp(self, payload, stamp, marker):
        self.sequence = (self.sequence + 1) & 0xFFFF
        return 0, struct.pack("!BBHII", 0x80, 96 | (0x80 if marker else 0), self.sequence, stamp, self.ssrc) + payload

    def fragments(self, nal):
        """Payloads of FU-A."""
        pieces = [nal[i:i + 1200] for i in range(1, len(nal), 1200)]
        for i, piece in enumerate(pieces):
            yield bytes([nal[0] & 0xE0 | 28, nal[0] & 31 | (0x80 if i == 0 else 0) | (0x40 if i == len(pieces) - 1 else 0)]) + piece

    def nal_packets(self, nal, stamp, last):
        if len(nal) <= 1200:
            return [self.rtp(nal, stamp, last)]
        payloads = list(self.fragments(nal))
        return [self.rtp(payload, stamp, last and i == len(payloads) - 1) for i, payload in enumerate(payloads)]

    def packets(self, unit, number):
        out = []
        for i, nal in enumerate(unit):
            out += self.nal_packets(nal, self.stamp(number), i == len(unit) - 1)
        return out

    def report(self, number):
        now = time.time() + 2208988800
        return 1, struct.pack("!BBHIIIIII", 0x80, 200, 6, self.ssrc, int(now), int(now % 1 * 2 ** 32), self.stamp(number), 0, 0)

    def unit_at(self, number):
        return self.units[(self.first_unit + number) % len(self.units)]

    # What it does.
    def status_of(self, method, url):
        """Of an answer that is not 200; None: it is."""
        if method == "SETUP" and url != self.setup_url():
            say(f"wrong url {url}")
            return "404 Not Found"
        return None

    def before_answer(self, _connection, _method):
        """True: the connection is done with."""

    def sending(self, _connection, _number):
        """False: no more."""
        return True


class Connection(socketserver.BaseRequestHandler):
    def setup(self):
        self.camera, self.lock = self.server.camera, threading.Lock()
        self.camera.connections += 1
        self.number, self.alive_until, self.playing, self.said_goodbye = 0, None, None, False

    def send(self, data):
        with self.lock:
            self.request.sendall(data)

    def answer(self, status, number, headers, body=""):
        lines = [f"RTSP/1.0 {status}", f"{self.camera.cseq if hasattr(self.camera, 'cseq') else 'CSeq'}: {number}", *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self.send(("\r\n".join(lines) + "\r\n\r\n" + body).encode())

    def requests(self):
        data = b""
        while True:
            while data[:1] == b"$" and len(data) >= 4 and len(data) >= 4 + struct.unpack("!H", data[2:4])[0]:
                data = data[4 + struct.unpack("!H", data[2:4])[0]:]
            head, found, rest = data.partition(b"\r\n\r\n")
            if found and data[:1] != b"$":
                data = rest
                yield head.decode()
                continue
            try:
                more = self.request.recv(65536)
            except OSError:
                return
            if not more:
                return
            data += more

    def handle(self):
        try:
            for head in self.requests():
                if self.on_request(head):
                    return
        except OSError:
            pass

    def finish(self):
        self.playing = None
        say("closed after goodbye" if self.said_goodbye else "closed without goodbye")

    def on_request(self, head):
        camera = self.camera
        method, url, _ = head.split("\r\n")[0].split(" ", 2)
        headers = {k.lower(): v for k, v in re.findall(r"^([\w-]+): *(.*?)\r?$", head, re.M)}
        number = headers["cseq"]
        self.number += 1
        self.alive_until = time.monotonic() + camera.timeout_s
        if camera.before_answer(self, method):
            return True
        if not camera.allows(method, url, headers.get("authorization")):
            self.answer("401 Unauthorized", number, camera.challenge())
            return False
        status = camera.status_of(method, url)
        if status:
            self.answer(status, number, getattr(camera, "refusal_headers", list)())
        elif method == "DESCRIBE":
            self.answer("200 OK", number, camera.describe_headers(), camera.sdp())
        elif method == "SETUP":
            self.answer("200 OK", number, [f"Session: {camera.session(self.number)}", f"Transport: {camera.transport()}"])
        elif method == "PLAY":
            self.answer("200 OK", number, [f"Session: {camera.session(self.number)}", *camera.play_headers()])
            self.playing = threading.Thread(target=self.play, daemon=True)
            self.playing.start()
        else:
            self.answer("200 OK", number, [f"Public: {camera.public}"])
            self.said_goodbye = self.said_goodbye or method == "TEARDOWN"
        return False

    def play(self):
        camera, started = self.camera, time.monotonic()
        number = 0
        try:
            while self.playing and camera.sending(self, number):
                packets = camera.packets(camera.unit_at(number), number)
                if camera.sender_reports and number % camera.fps == 0:
                    packets.insert(0, camera.report(number))
                self.send(b"".join(b"$" + struct.pack("!BH", channel, len(data)) + data for channel, data in packets))
                number += 1
                time.sleep(max(0, started + number / camera.fps - time.monotonic()))
                if time.monotonic() > self.alive_until:
                    say("no sign of life")
                    self.request.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


# --- the ways to misbehave (facts of open clients' issue lists, and of the RFCs' dark corners)

class UnassignedChannels(Camera):
    def packets(self, unit, number):
        return [(6, b"private"), *super().packets(unit, number), (7, b"\x80\x60" + bytes(40))]


class OnlyOneUsed(Camera):
    """Numbers its channels as it likes."""
    def transport(self):
        return "RTP/AVP/TCP;unicast;interleaved=4-5"

    def packets(self, unit, number):
        return [(channel + 4, data) for channel, data in super().packets(unit, number)]

    def report(self, number):
        return super().report(number)


class Sloppy401(Camera):
    user, password, cseq = "duty", "p@ss:w%rd", "Cseq"

    def challenge(self):
        return ["www-authenticate:Digest realm=camera,nonce=c0ffee   "]


class Sha256(Camera):
    user, password = "duty", "p@ss:w%rd"

    def challenge(self):
        return ['WWW-Authenticate: Basic realm="camera"', 'WWW-Authenticate: Digest realm="camera", nonce="c0ffee", algorithm=SHA-256']

    def digest(self):
        return hashlib.sha256


class BareDescription(Camera):
    def describe_headers(self):
        return ["Content-Base: 127.0.0.1/cam/"]

    def base(self):
        return f"rtsp://127.0.0.1:{self.port}/cam/"

    def origin(self):
        return ""


class SsrcOfNobody(Camera):
    ssrc = 0

    def transport(self):
        return "RTP/AVP/TCP;unicast;interleaved=0-1;ssrc= 99AABBCC"


class WrongRtpInfo(Camera):
    def play_headers(self):
        return [f"RTP-Info: url={self.setup_url()};seq=0;rtptime=-1;"]


class ControlFirstAndQuery(Camera):
    def base(self):
        return f"rtsp://127.0.0.1:{self.port}/cam?channel=1&subtype=0"

    def setup_url(self):
        return self.base() + "/" + self.control()

    def video(self):
        return f"m=video 0 RTP/AVP 96\r\na=control:{self.control()}\r\na=recvonly\r\na=rtpmap:96 H264/90000\r\n"


class VendorMedia(Camera):
    def video(self):
        return "m=application/TP-LINK 0 RTP/AVP smart/1/90000\r\na=rtpmap:95 TP-LINK/90000\r\na=control:track9\r\nm=audio\r\n" + super().video()


class NoParameterSets(Camera):
    def sprop(self):
        return ""


class ParameterSetsOnlyInDescription(Camera):
    """As Annex B, and never in the stream."""
    def sprop(self):
        return base64.b64encode(b"".join(b"\0\0\0\1" + self.sets[kind] for kind in (7, 8))).decode().rstrip("=")

    def packets(self, unit, number):
        return super().packets([nal for nal in unit if nal[0] & 31 not in (7, 8)], number)


class GarbageParameterSets(Camera):
    def sprop(self):
        return base64.b64encode(self.sets[7] + b"\0" * 9).decode() + ",!!!!," + base64.b64encode(b"\x06garbage").decode() + ",Z"


class MarkerOnEverything(Camera):
    """On parameter sets and SEI, whose stamps are the picture's before."""
    def packets(self, unit, number):
        out = []
        for nal in unit:
            slice_ = nal[0] & 31 in SLICES
            out += self.nal_packets(nal, self.stamp(number if slice_ else max(0, number - 1)), True)
        return out


class NoMarker(Camera):
    def rtp(self, payload, stamp, _marker):
        return super().rtp(payload, stamp, False)


class StartCodesInside(Camera):
    """The whole picture as one unit."""
    def packets(self, unit, number):
        return self.nal_packets(b"\0\0\0\1".join(unit), self.stamp(number), True)


class OddFragments(Camera):
    """Empty ones between, a type that changes on the way, a reserved bit."""
    def fragments(self, nal):
        for i, payload in enumerate(list(super().fragments(nal))):
            yield bytes([payload[0], payload[1] | 0x20 if i else payload[1]]) + payload[2:]
            if not payload[1] & 0x40:
                yield bytes([payload[0], 1])


class JumpingStamps(Camera):
    def stamp(self, number):
        if number % 10 == 3:
            return super().stamp(number + 7 * 3600 * self.fps)  # hours ahead, for one picture
        if number % 10 == 6:
            return super().stamp(number - 1)  # twice
        return super().stamp(number - 40 if number % 10 == 8 else number)


class ChangingSession(Camera):
    def session(self, number):
        return f"id{number};timeout={self.timeout_s}"


class BusyWithoutGoodbye(Camera):
    """Serves one client; whoever leaves without a word keeps it busy."""
    left = True

    def before_answer(self, connection, method):
        if method == "TEARDOWN":
            self.left = True
        return False

    def status_of(self, method, url):
        if method == "DESCRIBE":
            if not self.left:
                return "453 Not Enough Bandwidth"
            self.left = False
        return super().status_of(method, url)


class ForgetsGetParameter(Camera):
    """Refuses GET_PARAMETER, and hangs up on who gives no sign of life."""
    timeout_s = 2

    def status_of(self, method, url):
        return "405 Method Not Allowed" if method == "GET_PARAMETER" else super().status_of(method, url)

    def before_answer(self, connection, method):
        if method == "GET_PARAMETER":
            connection.alive_until -= self.timeout_s / 2  # does not count as one
        return False


class ClockOf1970(Camera):
    def report(self, number):
        channel, data = super().report(number)
        return channel, data[:8] + struct.pack("!II", 2208988800 + 4000, 0) + data[16:]


class NoReports(Camera):
    sender_reports = False


class StartsBetweenKeyFrames(Camera):
    """Of a long group of pictures: its next key frame is two seconds away."""
    def unit_at(self, number):
        keys = [i for i, unit in enumerate(self.units) if any(nal[0] & 31 == 5 for nal in unit)]
        return self.units[(keys[-1] + max(1, len(self.units) - keys[-1] - 2 * self.fps) + number) % len(self.units)]


class LosesPackets(Camera):
    def packets(self, unit, number):
        packets = super().packets(unit, number)
        return packets[:-1] if number % 40 == 20 else packets


class TruncatesUnits(Camera):
    def nal_packets(self, nal, stamp, last):
        self.count = getattr(self, "count", 0) + 1
        return super().nal_packets(nal[:max(2, len(nal) // 3)] if self.count % 37 == 30 else nal, stamp, last)


class Redirects(Camera):
    def setup(self):
        pass

    def refusal_headers(self):
        return [f"Location: rtsp://127.0.0.1:{self.port}/elsewhere/"]

    def status_of(self, method, url):
        return "302 Found" if method == "DESCRIBE" and "/elsewhere/" not in url else super().status_of(method, url)


class RedirectsForEver(Redirects):
    def status_of(self, method, url):
        return "302 Found" if method == "DESCRIBE" else None


class Unauthorised(Camera):
    user, password = "somebody", "else"


class NotFound(Camera):
    def status_of(self, method, url):
        return "404 Not Found" if method == "DESCRIBE" else None


class WrongCodec(Camera):
    def video(self):
        return "m=video 0 RTP/AVP 96\r\na=rtpmap:96 X-SVAC/90000\r\na=control:trackID=0\r\n"


class GarbageAfterSetup(Camera):
    def before_answer(self, connection, method):
        if method != "PLAY":
            return False
        connection.send(bytes((i * 37 + 11) & 0x3F for i in range(200000)))
        return True


class StallsAfterFirst(Camera):
    def sending(self, _connection, number):
        return number < 1


class Reboots(Camera):
    """Every two seconds."""
    def sending(self, connection, number):
        if number < 2 * self.fps:
            return True
        connection.request.shutdown(socket.SHUT_RDWR)
        return False


CAMERAS = {name: kind for name, kind in globals().items() if isinstance(kind, type) and issubclass(kind, Camera)}


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 128


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=sorted(CAMERAS))
    parser.add_argument("stream")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fps", type=int, default=25)
    options = parser.parse_args()
    server = Server(("127.0.0.1", options.port), Connection)
    server.camera = CAMERAS[options.name](read_units(options.stream), options.fps, server.server_address[1])
    say(f"listening on port {server.server_address[1]}")
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())

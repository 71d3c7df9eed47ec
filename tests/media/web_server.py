# SPDX-License-Identifier: Apache-2.0
"""A web server of cameras and films: web_server.py FOLDER. Serves the folder's files, and at /live.mjpg its *.jpg as a stream without an end, ten a second
(multipart/x-mixed-replace, as simple cameras have it). Prints "listening on port N"."""
import functools
import glob
import http.server
import itertools
import os
import sys
import time


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/live.mjpg":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace;boundary=picture")
        self.end_headers()
        try:
            for name in itertools.cycle(sorted(glob.glob(os.path.join(self.directory, "*.jpg")))):
                with open(name, "rb") as file:
                    data = file.read()
                self.wfile.write(b"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(data), data))
                time.sleep(0.1)   # the camera's rate
        except OSError:
            pass   # whoever looked has gone

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=sys.argv[1]))
print(f"listening on port {server.server_port}", flush=True)
server.serve_forever()

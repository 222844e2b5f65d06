"""A server that takes webhooks, for tests: each message is judged by the `standardwebhooks` library, which nobody here wrote.

    python server.py         prints its port, then answers every line of its standard input, a secret, with one line of JSON: what came so
                             far, and whether it is signed with that secret; it ends with its input

The path says how it answers: /ok takes everything; /fail/N takes nothing N times, then everything; /gone, /redirect; /slow never answers.
"""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

came = []
failures = {}


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
        status = 204
        if self.path.startswith("/fail/"):
            failures[self.path] = failures.get(self.path, 0) + 1
            if failures[self.path] <= int(self.path.split("/")[2]):
                status = 503
        elif self.path.startswith("/gone"):
            status = 410
        elif self.path.startswith("/redirect"):
            status = 302
        elif self.path.startswith("/slow"):
            time.sleep(60)
        came.append({"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}, "body": body, "status": status})
        self.send_response(status)
        if status == 302:
            self.send_header("location", "/ok/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def is_signed(secret, message):
    try:
        Webhook(secret).verify(message["body"], message["headers"])
        return True
    except (WebhookVerificationError, ValueError):
        return False


server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
for line in sys.stdin:
    secret = line.strip()
    print(json.dumps([{**message, "signed": is_signed(secret, message)} for message in list(came)]), flush=True)

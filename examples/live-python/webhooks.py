"""Plans a card as soon as the board says that it was moved."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from board import plan


class Webhooks(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        event = json.loads(body)
        self.send_response(200)
        self.end_headers()
        if event["event_name"] == "task.move.column":
            Thread(target=plan, args=(int(event["event_data"]["task_id"]),)).start()

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(os.environ["WEBHOOK_PORT"])), Webhooks).serve_forever()

"""A web server whose answers wait for the test, and may be another each time."""

import collections
import http.server
import threading

PATIENCE_S = 300


class Answer:
    """Bytes that are sent once `gate` is open; the first `before` of them at once."""

    def __init__(self, body, gate=None, before=0):
        self.body, self.gate, self.before = body, gate, before


class GatedServer:
    """Inside `with`. `answers` gives the Answers of each path, one for each time it is asked for; the last for all times after."""

    def __init__(self, answers):
        self.asked = collections.Counter()
        asked, lock = self.asked, threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):  # noqa: N802: the base's name
                with lock:
                    turn = asked[self.path]
                    asked[self.path] += 1
                answer = answers[self.path][min(turn, len(answers[self.path]) - 1)]
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                try:
                    self.wfile.write(answer.body[:answer.before])
                    self.wfile.flush()
                    if answer.gate:
                        answer.gate.wait(PATIENCE_S)
                    self.wfile.write(answer.body[answer.before:])
                except OSError:  # whoever asked is gone
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

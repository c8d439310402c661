"""A host that knows one account, on loopback, so that a run has something to find: host.py PORT-FILE."""

import http.server
import json
import pathlib
import sys


class Host(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/user"
        body = {"login": "acme-atlantis", "id": 7, "type": "User", "name": "]]>\n::error::|'%0A##vso["} if found else {"message": "Not Found"}
        text = json.dumps(body).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("X-OAuth-Scopes", "gist, read:org")
        self.send_header("X-RateLimit-Limit", "5000")
        self.send_header("X-RateLimit-Remaining", "4990")
        self.send_header("X-RateLimit-Reset", "1900000000")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
pathlib.Path(sys.argv[1]).write_text(str(server.server_port))
server.serve_forever()

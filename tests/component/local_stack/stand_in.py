"""Stands in for a service: `stand_in.py <service> all|migrate`. Its readiness page tells its environment."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Readiness(BaseHTTPRequestHandler):
    """Answers 200 with the settings that it was given."""

    def do_GET(self) -> None:
        settings = {name: value for name, value in os.environ.items() if name.startswith("VARDVAXEL_")}
        body = json.dumps(settings).encode()
        self.send_response(200 if self.path == "/readyz" else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    service, role = sys.argv[1:]
    print(
        f"{service} {role}",
        "knows its owner" if "VARDVAXEL_OWNER_DATABASE_URL" in os.environ else "",
        flush=True,
    )
    if service == "broken":
        sys.exit("this service can't start")
    if role == "all":
        HTTPServer(("127.0.0.1", int(os.environ["VARDVAXEL_HTTP_PORT"])), Readiness).serve_forever()

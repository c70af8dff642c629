"""`paa rate --serve` as the tests start it, and plain requests to it."""

import http.client
import json
import os
import signal
import subprocess
import urllib.parse

import program


class Serving:
    """The running server; `with` ends it as Ctrl-C does."""

    def __init__(self, person, *photos, port=0):
        self.running = subprocess.Popen([program.PROGRAM, "rate", "--person", os.fspath(person), "--serve", str(port),
                                         *map(os.fspath, photos)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = self.running.stdout.readline().strip()
        parts = urllib.parse.urlsplit(self.address)
        self.port, self.token = parts.port, urllib.parse.parse_qs(parts.query)["token"][0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.running.poll() is None:
            self.end(signal.SIGINT)
        self.running.stdout.close()

    def end(self, how):
        self.running.send_signal(how)
        status = self.running.wait(timeout=30)
        self.running.stdout.close()
        return status

    def ask(self, method, path, body=None, token=True, **headers):
        """Status, headers and body of the answer. An argument Some_Header=None leaves that header out."""
        given = {"Host": f"127.0.0.1:{self.port}", **({"X-Paa-Token": self.token} if token else {})}
        given.update({name.replace("_", "-"): value for name, value in headers.items()})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in given.items():
                connection.putheader(name, value)
            data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
            connection.putheader("Content-Length", str(len(data)))
            connection.endheaders(data)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def state(self, query=""):
        status, _, body = self.ask("GET", "/state" + query)
        assert status == 200, body
        return json.loads(body)

    def say(self, **said):
        status, _, body = self.ask("POST", "/say", said)
        return status, json.loads(body)

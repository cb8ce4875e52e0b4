"""An OpenAI-compatible server on this machine that answers as it is told: well, slowly, or wrongly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Exchange"], None]
"""What is done with one request."""


@dataclass
class Exchange:
    """One request, and the means to answer it."""

    number: int
    body: dict[str, Any]
    headers: dict[str, str]
    handler: BaseHTTPRequestHandler
    stop: threading.Event

    def status(self, code: int, text: str = "", **headers: str) -> None:
        """Answer with a status and a text."""
        self.handler.send_response_only(code)
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.send_header("Content-Length", str(len(text.encode())))
        self.handler.end_headers()
        self.handler.wfile.write(text.encode())

    def begin(self) -> None:
        """Begin a stream."""
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", "text/event-stream")
        self.handler.send_header("Transfer-Encoding", "chunked")
        self.handler.end_headers()

    def line(self, text: str) -> None:
        """Send one line of the stream."""
        data = f"{text}\n\n".encode()
        self.handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.handler.wfile.flush()

    def event(self, **event: Any) -> None:
        """Send one event."""
        self.line("data: " + json.dumps(event))

    def text(self, word: str, key: str = "content", finish: str | None = None) -> None:
        """Send a piece of text."""
        self.event(choices=[{"index": 0, "delta": {key: word}, "finish_reason": finish}])

    def usage(self, prompt: int, completion: int, reasoning: int | None = None) -> None:
        """Send what was counted."""
        details = {} if reasoning is None else {"completion_tokens_details": {"reasoning_tokens": reasoning}}
        self.event(choices=[], usage={"prompt_tokens": prompt, "completion_tokens": completion, **details})

    def end(self) -> None:
        """End the stream as it should."""
        self.line("data: [DONE]")
        self.handler.wfile.write(b"0\r\n\r\n")
        self.handler.wfile.flush()

    def wait(self, seconds: float) -> None:
        """Wait, unless the server is closed before."""
        self.stop.wait(seconds)


@dataclass
class Server:
    """A running server and what it was asked."""

    url: str
    asked: list[Exchange] = field(default_factory=list)


def well(exchange: Exchange) -> None:
    """Answer with five words."""
    exchange.begin()
    for word in ("once ", "upon ", "a ", "time ", "there"):
        exchange.text(word)
    exchange.text("", finish="stop")
    exchange.usage(512, 5)
    exchange.end()


@contextmanager
def serving(*answers: Answer) -> Iterator[Server]:
    """Serve answers in turn, the last again and again."""
    stop = threading.Event()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                exchange = Exchange(len(server.asked), body, dict(self.headers), self, stop)
                server.asked.append(exchange)
            if self.path != "/v1/chat/completions":
                exchange.status(404, "no such path")
                return
            try:
                answers[min(exchange.number, len(answers) - 1)](exchange)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    server = Server(f"http://127.0.0.1:{listening.server_address[1]}/v1")
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        stop.set()
        listening.shutdown()
        thread.join()
        listening.server_close()

"""An OpenAI-compatible endpoint over HTTP: a chat completion as a stream of chunks, or a reason why not.

It keeps one connection for each thread, as clients do, so that only the first request waits for it.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import urllib.request
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from fmselect import __version__
from fmselect.measuring import Chunk, Failed, Shape, TryLater

MOST_OF_AN_ERROR = 300
"""Characters of an error that are shown."""
_OLD_LIMIT, _NEW_LIMIT = "max_tokens", "max_completion_tokens"


class Endpoint:
    """A base URL, a model and a key; `send` is what `fmselect.measuring.measure` takes."""

    def __init__(self, base_url: str, model: str, key: str | None, timeout_s: float, nonce: str) -> None:
        """Raise `ValueError` for a URL that is none; `nonce` makes prompts new, so that no cache answers."""
        self.url = _parsed(base_url)
        self._model, self._key, self._timeout_s, self._nonce = model, key, timeout_s, nonce
        self._threads = threading.local()
        self._open: list[http.client.HTTPConnection] = []
        self._limit_name = _OLD_LIMIT
        self._ask_usage = True

    def close(self) -> None:
        """Close every connection."""
        for connection in self._open:
            connection.close()

    def send(self, number: int, shape: Shape) -> Iterator[Chunk]:
        """Yield the chunks of a chat completion as they come; raises `Failed` or `TryLater`."""
        response = self._post(number, shape)
        if response.status == http.client.BAD_REQUEST and self._adapt(response):
            response = self._post(number, shape)
        if response.status != http.client.OK:
            raise _refused(response, _text(response))
        if "text/event-stream" not in (response.getheader("content-type") or ""):
            response.read()
            raise Failed("the endpoint does not stream: it answers in one piece", spent=True)
        try:
            yield from _chunks(response)
        except (OSError, http.client.HTTPException) as error:
            self._close()
            raise Failed(f"the stream broke off: {_said(error)}", spent=True) from error
        except Failed:
            self._close()
            raise
        response.read()

    def _post(self, number: int, shape: Shape) -> http.client.HTTPResponse:
        body = json.dumps(self._body(number, shape)).encode()
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream", "User-Agent": f"fmselect/{__version__}"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        kept = getattr(self._threads, "connection", None)
        for connection in (kept, None):  # a kept connection may have been closed by the endpoint: then a new one
            try:
                return self._exchange(connection or self._connect(), body, headers)
            except (OSError, http.client.HTTPException) as error:
                self._close()
                if connection is None or isinstance(error, TimeoutError):
                    raise Failed(_said(error)) from error
        raise AssertionError("a new connection answers or fails")

    def _exchange(self, connection: http.client.HTTPConnection, body: bytes, headers: dict[str, str]) -> http.client.HTTPResponse:
        target = f"{self.url.path.rstrip('/')}/chat/completions" + (f"?{self.url.query}" if self.url.query else "")
        if self._proxy() and self.url.scheme == "http":
            target = f"http://{self.url.netloc}{target}"
        self._threads.connection = connection
        connection.request("POST", target, body, headers)
        return connection.getresponse()

    def _connect(self) -> http.client.HTTPConnection:
        proxy = self._proxy()
        host, port = (proxy.hostname, proxy.port) if proxy else (self.url.hostname, self.url.port)
        if self.url.scheme == "http":
            plain = http.client.HTTPConnection(host or "", port, timeout=self._timeout_s)
            self._open.append(plain)
            return plain
        secure = http.client.HTTPSConnection(host or "", port, timeout=self._timeout_s, context=ssl.create_default_context())
        if proxy:
            secure.set_tunnel(self.url.hostname or "", self.url.port or http.client.HTTPS_PORT)
        self._open.append(secure)
        return secure

    def _proxy(self) -> SplitResult | None:
        """Return the proxy that the environment names for the URL, as other tools take it."""
        host = self.url.hostname or ""
        named = urllib.request.getproxies().get(self.url.scheme)
        return urlsplit(named) if named and not urllib.request.proxy_bypass(host) else None

    def _close(self) -> None:
        connection = getattr(self._threads, "connection", None)
        if connection is not None:
            connection.close()
            self._threads.connection = None

    def _body(self, number: int, shape: Shape) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": "user", "content": prompt(f"{self._nonce}-{number}", shape)}],
            self._limit_name: shape.output_tokens,
            "stream": True,
        }
        if self._ask_usage:
            body["stream_options"] = {"include_usage": True}
        if shape.effort is not None:
            body["reasoning_effort"] = shape.effort
        return body

    def _adapt(self, response: http.client.HTTPResponse) -> bool:
        """Whether the endpoint knows another way of asking the same: what newer and older ones disagree on."""
        text = _text(response)
        if self._limit_name == _OLD_LIMIT and _NEW_LIMIT in text:
            self._limit_name = _NEW_LIMIT
        elif self._ask_usage and "stream_options" in text:
            self._ask_usage = False
        else:
            raise _refused(response, text)
        return True


def prompt(name: str, shape: Shape) -> str:
    """Return a prompt of about so many tokens, new by its name, that asks for a long answer."""
    ask = f"Request {name}. Below are numbers without meaning. Ignore them, and tell a story of {shape.output_tokens} words or more.\n"
    filler = " ".join(str(index % 10) for index in range(max(shape.input_tokens - 40, 0) // 2))
    return ask + filler


def _chunks(response: http.client.HTTPResponse) -> Iterator[Chunk]:
    """Yield what the events of a stream carry; raises `Failed` for an event that is none, or a stream without end."""
    finished = False
    while line := response.readline():
        data = line.decode("utf-8", "replace").strip()
        if not data.startswith("data:"):
            continue  # comments and names of events keep a stream alive
        data = data.removeprefix("data:").strip()
        if data == "[DONE]":
            return
        event = _event(data)
        yield from _of_event(event)
        finished = finished or any(choice.get("finish_reason") for choice in event.get("choices") or ())
    if not finished:
        raise Failed("the stream was cut off before its end", spent=True)


def _event(data: str) -> dict[str, Any]:
    try:
        event = json.loads(data)
    except ValueError as error:
        raise Failed(f"the stream holds what is no JSON: {data[:80]!r}", spent=True) from error
    if not isinstance(event, dict):
        raise Failed(f"the stream holds what is no chunk: {data[:80]!r}", spent=True)
    if "error" in event:
        raise Failed(f"the stream ended with an error: {_message(event)}", spent=True)
    return event


def _of_event(event: dict[str, Any]) -> Iterator[Chunk]:
    for choice in event.get("choices") or ():
        delta = choice.get("delta") or {}
        if delta.get("reasoning_content") or delta.get("reasoning"):
            yield Chunk("reasoning")
        if delta.get("content"):
            yield Chunk("answer")
    usage = event.get("usage") or {}
    if usage:
        details = usage.get("completion_tokens_details") or {}
        yield Chunk(None, usage.get("prompt_tokens"), usage.get("completion_tokens"), details.get("reasoning_tokens"))


def _refused(response: http.client.HTTPResponse, text: str) -> Failed:
    message = f"HTTP {response.status} {response.reason}: {text}" if text else f"HTTP {response.status} {response.reason}"
    if response.status in (http.client.TOO_MANY_REQUESTS, http.client.SERVICE_UNAVAILABLE):
        return TryLater(message, _after(response))
    hints = {401: "set the key with --key-env", 403: "set the key with --key-env", 404: "look at --base-url and --model"}
    return Failed(f"{message} ({hints[response.status]})" if response.status in hints else message)


def _after(response: http.client.HTTPResponse) -> float | None:
    """Return the seconds that `Retry-After` asks for, given as such or as a date."""
    told = response.getheader("retry-after")
    if told is None:
        return None
    try:
        return max(float(told), 0.0)
    except ValueError:
        pass
    try:
        then, now = parsedate_to_datetime(told), parsedate_to_datetime(response.getheader("date") or told)
    except (ValueError, TypeError):
        return None
    return max((then - now).total_seconds(), 0.0)


def _text(response: http.client.HTTPResponse) -> str:
    """Return what an error says."""
    raw = response.read(65_536).decode("utf-8", "replace").strip()
    response.read()
    try:
        return _message(json.loads(raw))
    except ValueError:
        return raw[:MOST_OF_AN_ERROR]


def _message(body: Any) -> str:
    told = body.get("error", body) if isinstance(body, dict) else body
    said = told.get("message") if isinstance(told, dict) else told
    return str(said or told)[:MOST_OF_AN_ERROR]


def _said(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time (see --timeout)"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there: look at --base-url"
    if isinstance(error, socket.gaierror):
        return "the host is unknown: look at --base-url"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _parsed(base_url: str) -> SplitResult:
    url = urlsplit(base_url)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError(f"'{base_url}' is no base URL: write it as https://host/v1")
    _ = url.port  # raises ValueError for a port that is none
    return url

"""Sample prompts of a file: JSON lines or a list, a CSV, or plain text, each with its answer where the file has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from fmselect.usage_logs.csv_rows import csv_rows
from fmselect.usage_logs.json_values import is_json, json_values
from fmselect.usage_logs.plain import plain_name
from fmselect.usage_logs.reading import open_lines
from fmselect.usage_logs.records import Odd, shown

PROMPTS = ("messages", "prompt", "input", "text", "question", "query", "instruction", "user")
"""Keys and columns that hold the prompt, in the order in which they are looked for."""
ANSWERS = ("answer", "completion", "output", "response", "expected", "assistant", "reference")
"""Keys and columns that hold the answer."""
BESIDES = ("system", "instructions", "context", "documents", "tools")
"""Keys and columns whose text is sent along with the prompt."""


class Prompt(NamedTuple):
    """A prompt, with all that is sent along, and its answer."""

    text: str
    answer: str | None


def prompts(lines: Iterable[bytes]) -> Iterator[Prompt | Odd]:
    """Yield the prompts of a file; what cannot be read comes as `Odd`.

    Plain text is one prompt, or several with a line of `---` between them.
    """
    opened = open_lines(lines)
    if isinstance(opened, Odd):
        yield opened
        return
    first, rest = opened
    if is_json(first):
        for line, value in json_values(first, rest):
            yield value if isinstance(value, Odd) else _prompt(line, value)
        return
    if _is_table(first):
        yield from _rows(rest)
        return
    for text in _parts(line.decode("utf-8", "replace") for _, line in rest):
        yield Prompt(text, None)


def _is_table(first: bytes) -> bool:
    """Whether a first line is the header of a CSV with prompts: short names, one of them known."""
    names = [plain_name(name) for name in first.decode("utf-8", "replace").replace(";", ",").replace("\t", ",").split(",")]
    return any(name in PROMPTS for name in names) and all(len(name) <= 40 for name in names)


def _rows(lines: Iterable[tuple[int, bytes]]) -> Iterator[Prompt | Odd]:
    header: Sequence[str] = ()
    for line, row in csv_rows(lines):
        if isinstance(row, Odd):
            yield row
        elif not header:
            header = [plain_name(name) for name in row]
        else:
            yield _prompt(line, dict(zip(header, row, strict=True)))


def _parts(lines: Iterable[str]) -> Iterator[str]:
    part: list[str] = []
    for line in lines:
        if line.strip() == "---":
            if any(part):
                yield "".join(part).strip()
            part = []
        else:
            part.append(line)
    if text := "".join(part).strip():
        yield text


def _prompt(line: int, value: Any) -> Prompt | Odd:
    if isinstance(value, str):
        return Prompt(value, None)
    if not isinstance(value, dict):
        return Odd(line, f"is {shown(value)}, not a prompt: give text, or an object with one of {', '.join(PROMPTS)}")
    body = value.get("body")  # of a batch's input
    inside: Mapping[str, Any] = body if isinstance(body, dict) else value
    key = next((key for key in PROMPTS if inside.get(key)), None)
    if key is None:
        return Odd(line, f"has no prompt: give it under one of {', '.join(PROMPTS)}, or remove the line")
    answer = next((_text(value[name]) for name in ANSWERS if value.get(name)), None)
    sent = [_text(inside[name]) for name in BESIDES if inside.get(name)]
    messages = inside[key] if key in ("messages", "input") and isinstance(inside[key], list) else None
    if messages is not None and answer is None and _role(messages[-1]) == "assistant":
        answer = _text(messages[-1])
        messages = messages[:-1]
    return Prompt("\n".join([*sent, _text(inside[key] if messages is None else messages)]), answer)


def _role(message: Any) -> Any:
    return message.get("role") if isinstance(message, Mapping) else None


def _text(value: Any) -> str:
    """Return all the text in a message, its parts, or what tools are made of."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(filter(None, map(_text, value)))
    if isinstance(value, Mapping):
        for key in ("content", "text", "parts"):
            if key in value:
                return _text(value[key])
        return "\n".join(filter(None, (f"{key}: {_text(inner)}" for key, inner in value.items() if key != "type")))
    return "" if value is None else str(value)

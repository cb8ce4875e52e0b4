"""A catalog file with one more fact: the text is changed where the fact stands, and nothing else in it."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

OWN_SOURCE = "own measurement with fmselect measure"
"""How the catalog cites what the user timed."""
COPY_OF_OPENROUTER = "a copy of OpenRouter's statistics of endpoints"
"""How the catalog cites what the user got from OpenRouter."""
OWN_SOURCES = (OWN_SOURCE, COPY_OF_OPENROUTER)
"""Sources whose newer measurement stands for their older one."""

_BLOCK = re.compile(r"^speed:[ \t]*(#[^\n]*)?\n", re.MULTILINE)
_INLINE = re.compile(r"^speed:[ \t]*[^\s#]", re.MULTILINE)
_ITEM = re.compile(r"^( *)- ")


def speed_item(
    *,
    place: str,
    on: date,
    note: str,
    effort: str | None = None,
    input_tokens: int | None = None,
    ttft_s: tuple[float, float] | None = None,
    after_reasoning: bool = False,
    output_tokens_per_s: tuple[float, float] | None = None,
    source: str = OWN_SOURCE,
) -> str:
    """Return a measurement as an item of an offering's `speed`, without indentation."""
    lines = ["- kind: measured"]
    lines += [f"  effort: {effort}"] if effort else []
    lines += [f"  place: {json.dumps(place, ensure_ascii=False)}", f"  measured_on: {on}"]
    lines += [f"  input_tokens: {input_tokens}"] if input_tokens else []
    lines += [f"  ttft_s: {_pair(ttft_s)}"] if ttft_s else []
    lines += ["  ttft_after_reasoning: true"] if after_reasoning else []
    lines += [f"  output_tokens_per_s: {_pair(output_tokens_per_s)}"] if output_tokens_per_s else []
    lines += [f"  source: {source}", f"  checked: {on}", f"  note: {json.dumps(note, ensure_ascii=False)}"]
    return "\n".join(lines) + "\n"


def with_speed(text: str, item: str) -> str:
    """Return an offering's file with a measurement first among its speeds, instead of an earlier one of the same place and effort.

    Raises `ValueError` where the file writes its speeds on one line.
    """
    if _INLINE.search(text):
        raise ValueError("writes `speed` on one line: write each item on lines of its own, after `- `")
    found = _BLOCK.search(text)
    if found is None:
        return f"{text.rstrip(chr(10))}\nspeed:\n{_indented(item, '  ')}"
    items, rest = _items(text[found.end() :])
    indent = (_ITEM.match(items[0]) or ["", "  "])[1] if items else "  "
    kept = [other for other in items if not _same(other, item)]
    return text[: found.end()] + _indented(item, indent) + "".join(kept) + rest


def _items(block: str) -> tuple[list[str], str]:
    """Return the items at the head of a block, as they stand, and what follows the last."""
    lines = block.splitlines(keepends=True)
    head = _ITEM.match(lines[0]) if lines else None
    if head is None:
        return [], block
    indent = head[1]
    items: list[str] = []
    for place, line in enumerate(lines):
        if line.startswith(f"{indent}- "):
            items.append(line)
        elif not line.strip() or line.startswith(f"{indent} "):
            items[-1] += line
        else:
            return items, "".join(lines[place:])
    return items, ""


def _same(one: str, other: str) -> bool:
    """Whether two items are measurements of the user's, from the same source and place at the same effort."""
    return _value(one, "source") in OWN_SOURCES and all(
        _value(one, key) == _value(other, key) for key in ("source", "place", "effort", "tier")
    )


def _value(item: str, key: str) -> str | None:
    found = re.search(rf"^[ -]*{key}: (.*)$", item, re.MULTILINE)
    return None if found is None else found[1].strip()


def _indented(item: str, indent: str) -> str:
    return "".join(f"{indent}{line}\n" for line in item.splitlines())


def _pair(bounds: tuple[float, float]) -> str:
    return f"[{_number(bounds[0])}, {_number(bounds[1])}]"


def _number(value: float) -> str:
    """Write a number with three digits, without exponent."""
    return f"{Decimal(f'{value:.3g}'):f}"

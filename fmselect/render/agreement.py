"""How two price lists and our prices agree -> text for people."""

from __future__ import annotations

from collections.abc import Sequence

from fmselect.importers.agreement import Agreement, Cell, told
from fmselect.units import counted


def render(found: Agreement, names: tuple[str, str], everything: bool) -> str:
    """Return the counts, and every price that is open; `everything` lists the settled ones too."""
    one, other = names
    every = (*found.carried, *found.ended, *found.elsewhere)
    agreed = sum(cell.agreed for cell in every)
    carried = [cell for cell in found.carried if cell.agreed]
    equal = sum(cell.equal for cell in carried)
    disagreed = len(found.carried) - len(carried)
    ended, elsewhere = (sum(cell.agreed for cell in cells) for cells in (found.ended, found.elsewhere))
    settled = [cell for cell in found.carried if cell.settled and not (cell.agreed and cell.equal)] if everything else []
    lines = [
        *_listed("ours is another, and no reason is recorded", found.different, names),
        *_listed("the lists disagree, and the entry does not say why it follows one", found.open, names),
        *_listed("settled in the entry", settled, names),
        f"{one} and {other} both give {counted(len(every), 'price')} and agree on {agreed:,} ({_share(agreed, len(every))})",
        f"of these, {len(carried):,} are of offerings that we carry, and {equal:,} equal ours ({_share(equal, len(carried))})",
        f"the others: {ended:,} of offerings that have ended, {elsewhere:,} of offerings or scopes that we do not carry",
        f"they disagree on {disagreed:,} that we carry: {disagreed - len(found.open):,} settled in the entry, {len(found.open):,} open",
    ]
    return "\n".join(lines)


def _listed(title: str, cells: Sequence[Cell], names: tuple[str, str]) -> list[str]:
    return [f"{title}:", *(f"  {told(cell, names)}" for cell in cells), ""] if cells else []


def _share(part: int, whole: int) -> str:
    """Return a share in percent, rounded down, so that 100% means all."""
    return f"{100 * part // whole}%" if whole else "none"

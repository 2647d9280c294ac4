"""What offers take off single pieces: the price at which one is sold, sets, the second at half price, free ones. Amounts are in fen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from terms.cart import CartLine
from terms.offers import Offer
from terms.shares import shares

Piece = tuple[int, int]


def price_of(offer: Offer, line: CartLine) -> int:
    """The price of a piece by a limited or member price; what is off is rounded down to the fen."""
    if offer.prices:
        return offer.prices[line.sku]
    return line.price - line.price * offer.percent // 100


def off_pieces(offer: Offer, lines: Sequence[CartLine]) -> list[int]:
    """What an offer of `PIECE_STEPS` takes off each of its lines."""
    return _PIECES[offer.step](offer, lines)


def _second_at_half(offer: Offer, lines: Sequence[CartLine]) -> list[int]:
    """Half of every second piece of a line; the odd fen is paid."""
    return [line.quantity // 2 * (line.price // 2) for line in lines]


def _buy_get(offer: Offer, lines: Sequence[CartLine]) -> list[int]:
    """The cheapest pieces of every full group, groups made from the dearest piece down."""
    pieces, group, taken = _dearest_first(lines), offer.buy + offer.free, [0] * len(lines)
    for begin in range(0, len(pieces) // group * group, group):
        for price, at in pieces[begin + offer.buy : begin + group]:
            taken[at] += price
    return taken


def _bundle(offer: Offer, lines: Sequence[CartLine]) -> list[int]:
    """What is off every set, shared over its pieces by their prices; a set that costs no more than its price stays as it is."""
    taken = [0] * len(lines)
    for count, pieces in enumerate(_sets(offer, lines)):
        if offer.most and count == offer.most:
            break
        whole = sum(price for price, _ in pieces)
        off = min(offer.off, whole) if offer.off else max(0, whole - offer.price)
        for part, (_, at) in zip(shares(off, [price for price, _ in pieces]), pieces):  # noqa: B905
            taken[at] += part
    return taken


def _sets(offer: Offer, lines: Sequence[CartLine]) -> Iterator[Sequence[Piece]]:
    """The full sets, the dearest first: so many pieces, or one of each sku."""
    pieces = _dearest_first(lines)
    if not offer.pieces:
        yield from zip(*([one for one in pieces if lines[one[1]].sku == sku] for sku in sorted(offer.skus)))  # noqa: B905
        return
    for begin in range(0, len(pieces) // offer.pieces * offer.pieces, offer.pieces):
        yield pieces[begin : begin + offer.pieces]


def _dearest_first(lines: Sequence[CartLine]) -> list[Piece]:
    """Each piece's price and the place of its line; of equal prices the earlier line comes first."""
    order = sorted(range(len(lines)), key=lambda at: (-lines[at].price, at))
    return [(lines[at].price, at) for at in order for _ in range(lines[at].quantity)]


_PIECES: dict[str, Callable[[Offer, Sequence[CartLine]], list[int]]] = {
    "bundle": _bundle,
    "second_at_half": _second_at_half,
    "buy_get": _buy_get,
}

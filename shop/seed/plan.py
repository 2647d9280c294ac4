"""Which orders the seed has: how many in each state, and the ones of the customers that the demo is shown with."""

# Fixed for the demo: customer -> states of their orders. c003 has none.
SHOWN: dict[str, tuple[str, ...]] = {
    "c001": ("in_transit", "out_for_delivery", "partly_shipped", "paid", "delivered", "refunded"),
    "c002": ("in_transit",),
    "c003": (),
}

# Spread over everybody else.
OTHERS: dict[str, int] = {
    "unpaid": 6,
    "paid": 8,
    "packed": 6,
    "shipped": 7,
    "in_transit": 17,
    "stuck": 6,
    "out_for_delivery": 9,
    "delivered": 36,
    "refused": 4,
    "returned": 5,
    "refunded": 7,
    "cancelled": 8,
    "partly_shipped": 5,
    "pre_sale": 5,
}

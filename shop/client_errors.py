"""What can go wrong when the shop is asked; each error carries the `code` that callers branch on."""


class ShopClientError(Exception):
    """The question got no usable answer."""

    code = "shop_error"


class OrderNotFound(ShopClientError):
    """There is no such order, or it does not belong to who asks: nobody is told which."""

    code = "order_not_found"


class ShipmentNotFound(ShopClientError):
    """The carrier does not know this tracking number."""

    code = "shipment_not_found"


class TooManyAttempts(ShopClientError):
    """This order has been guessed at too often; try again in an hour."""

    code = "too_many_attempts"


class ShopUnavailable(ShopClientError):
    """The API is down, too slow, or being left alone after many failures."""

    code = "shop_unavailable"


class ShopReplyInvalid(ShopClientError):
    """The API answered something that the contract does not allow."""

    code = "shop_reply_invalid"


class ShopUnauthorized(ShopClientError):
    """The API does not accept our key."""

    code = "shop_unauthorized"


class ShopUncertain(ShopClientError):
    """A change was sent and no answer came: it may have been made. Asking again with the same key tells."""

    code = "shop_uncertain"


class ShopRefused(ShopClientError):
    """The shop does not make this change; its `code` says why, `case` names the case that is in the way."""

    code = "shop_refused"

    def __init__(self, message: str, case: str | None = None) -> None:
        super().__init__(message)
        self.case = case


class OrderNotCancellable(ShopRefused):
    """It has been sent, or is cancelled already."""

    code = "order_not_cancellable"


class ReceiverNotChangeable(ShopRefused):
    """It has been sent, or is cancelled."""

    code = "receiver_not_changeable"


class NotAllowed(ShopRefused):
    """The order's state or the shop's terms do not allow it."""

    code = "not_allowed"


class AlreadyOpen(ShopRefused):
    """A case of that kind about these items is under way."""

    code = "already_open"


class OutOfStock(ShopRefused):
    """There is nothing to exchange it for."""

    code = "out_of_stock"


class PickupUnavailable(ShopRefused):
    """No courier collects at that time."""

    code = "pickup_unavailable"


class SkuNotFound(ShopClientError):
    """There is no such article."""

    code = "sku_not_found"


class CustomerNotFound(ShopClientError):
    """There is no such customer."""

    code = "customer_not_found"

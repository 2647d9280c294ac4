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

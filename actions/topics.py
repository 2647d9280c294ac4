"""Every topic that is settled about an order, by name."""

from actions.addresses import ChangeReceiver
from actions.cancellation import Cancel
from actions.damage import Damaged, Missing
from actions.exchanges import Exchange
from actions.hurry import Hurry
from actions.not_received import NotReceived
from actions.pickups import PickUp
from actions.price_protection import Claim
from actions.refunds import CaseProgress, RefundStatus
from actions.returns import CheckReturn, Return
from actions.tasks import Topic

TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        Cancel(),
        ChangeReceiver(),
        CheckReturn(),
        Return(),
        Exchange(),
        Damaged(),
        Missing(),
        NotReceived(),
        Hurry(),
        PickUp(),
        Claim(),
        RefundStatus(),
        CaseProgress(),
    )
}

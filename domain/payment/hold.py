"""What the deadline of a batch waits for: the bank, or somebody's second look at what it is said to have answered.

Source: policy (docs/decisions/0037)
"""

from collections.abc import Mapping

from domain.hold import Waits
from domain.payment.words import PaymentDeadline, PaymentTask

WAITS: Mapping[str, Waits] = {PaymentDeadline.BANK_ANSWER: Waits((PaymentTask.CONFIRM_ANSWER,))}
"""By deadline."""

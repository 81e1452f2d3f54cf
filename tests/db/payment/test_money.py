"""Whatever people and the bank do, in whatever order: every cent is paid once at most, and none is lost."""

from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from bank.stand_in import accept_all, receive, refuse_whole, reject_some
from domain.commands import CommandStatus
from tests.factories.bank import ANSWERED
from tests.factories.payments import CONTROLLER, Cashier


class Till:
    """What has been approved, built, and answered so far."""

    def __init__(self, cashier: Cashier, seed: int) -> None:
        self.cashier = cashier
        self.chance = Random(seed)
        self.open: list[UUID] = []
        self.with_bank: dict[UUID, bytes] = {}
        self.versions: dict[UUID, int] = {}
        self.reports = 0

    def approve(self) -> None:
        """A claim is to be paid, with its controller or without."""
        cents = self.chance.randint(1, 300_000)
        controlled = cents > 100_000 or self.chance.random() < 0.5
        claim = self.cashier.claim(cents, controllers=[CONTROLLER] if controlled else [])
        self.versions[claim] = 1 if controlled else 0

    def build(self) -> None:
        """A batch of some."""
        built = self.cashier.build(at_most=self.chance.randint(1, 4), on=self.cashier.at.date())
        if built.case is not None:
            self.open.append(built.case.id)

    def refuse(self) -> None:
        """A releaser cancels a batch."""
        if self.open:
            self.cashier.refuse(self.open.pop())

    def send(self) -> None:
        """Two release a batch; it is with the bank."""
        if self.open:
            batch = self.open.pop()
            self.with_bank[batch] = self.cashier.hand_over(batch)

    def answer(self) -> None:
        """The bank answers: all, some, none, or what it has said already."""
        if not self.with_bank:
            return
        batch = self.chance.choice(list(self.with_bank))
        file = self.with_bank[batch]
        self.reports += 1
        name, ids = f"B{self.reports}", list(receive(file).orders)
        rejected = dict.fromkeys(self.chance.sample(ids, self.chance.randint(0, len(ids))), "AC04")
        others = self.chance.choice(["ACSC", "ACSP"])
        report = self.chance.choice(
            [
                accept_all(file, name, ANSWERED, self.chance.choice(["ACSC", "ACCP"])),
                refuse_whole(file, name, ANSWERED, self.chance.choice(["FF01", "DUPL"])),
                reject_some(file, name, ANSWERED, rejected, others),
            ]
        )
        self.cashier.read(batch, report)

    def control_again(self) -> None:
        """What the bank has rejected is decided anew."""
        for claim, version in self.versions.items():
            if self.cashier.claim_state(claim) == "in_control":
                self.cashier.decide_again(claim, version + 1, CONTROLLER)
                self.versions[claim] = version + 1

    def adds_up(self) -> None:
        """At most one living order per claim, each for what was approved; what is in the files is what is ordered."""
        sql = self.cashier.sql
        assert (
            sql(
                "SELECT claim_id FROM instructions WHERE status IN ('instructed', 'paid') GROUP BY claim_id "
                "HAVING count(*) > 1"
            )
            == []
        )
        assert (
            sql(
                "SELECT 1 FROM instructions i JOIN claims c ON c.id = i.claim_id WHERE i.amount_cents <> c.amount_cents"
            )
            == []
        )
        ((living, approved, waiting),) = sql(
            "SELECT (SELECT coalesce(sum(amount_cents), 0) FROM instructions WHERE status IN ('instructed', 'paid')), "
            "(SELECT coalesce(sum(amount_cents), 0) FROM claims), "
            "(SELECT coalesce(sum(amount_cents), 0) FROM claims c WHERE NOT EXISTS (SELECT FROM instructions i "
            "WHERE i.claim_id = c.id AND i.status IN ('instructed', 'paid')))"
        )
        assert living + waiting == approved
        ((sent,),) = sql("SELECT coalesce(sum(total_cents), 0) FROM payments WHERE handed_over_at IS NOT NULL")
        files = sum(round(float(receive(file).total) * 100) for file in self.with_bank.values())
        assert files == sent


STEPS = ("approve", "approve", "build", "build", "send", "send", "answer", "answer", "refuse", "control_again")


@pytest.mark.parametrize("seed", [1, 2])
def test_cents_in_files_that_are_not_rejected_are_the_cents_that_were_approved(cashier: Cashier, seed: int) -> None:
    till = Till(cashier, seed)
    for _ in range(25):
        getattr(till, till.chance.choice(STEPS))()
        till.cashier.deliver()
        cashier.at += timedelta(seconds=1)
        till.adds_up()
    settle_everything(till)
    ((unpaid,),) = cashier.sql("SELECT count(*) FROM claims WHERE state <> 'paid'")
    ((paid, approved),) = cashier.sql(
        "SELECT (SELECT sum(amount_cents) FROM instructions WHERE status = 'paid'), "
        "(SELECT sum(amount_cents) FROM claims)"
    )
    assert (unpaid, paid) == (0, approved)


def settle_everything(till: Till) -> None:
    """Until nothing is left to be paid: the bank takes all that is sent from now on."""
    for _ in range(40):
        till.control_again()
        till.build()
        while till.open:
            till.send()
        for batch, file in till.with_bank.items():
            till.reports += 1
            till.cashier.read(batch, accept_all(file, f"B{till.reports}", ANSWERED))
        rest(till)
        assert all(status == "applied" for _, status in till.cashier.deliver())
        till.cashier.at += timedelta(seconds=1)
        till.adds_up()
        if till.cashier.sql("SELECT 1 FROM claims WHERE state <> 'paid' LIMIT 1") == []:
            return


def rest(till: Till) -> None:
    """Of a batch with lines that were rejected, the others are paid line by line."""
    for batch, file in till.with_bank.items():
        rejected = {one.end_to_end_id: "AC04" for one in till.cashier.lines(batch) if one.status == "rejected"}
        waiting = [one for one in till.cashier.lines(batch) if one.status == "instructed"]
        if waiting:
            till.reports += 1
            outcome = till.cashier.read(batch, reject_some(file, f"B{till.reports}", ANSWERED, rejected))
            assert outcome.status is CommandStatus.APPLIED

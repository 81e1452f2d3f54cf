"""A complaint from the morning it arrives to the approved letter, over HTTP, on the real parts."""

from datetime import timedelta
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from local.sink import Sink
from tests.stories.house import open_house


async def test_a_complaint_from_arrival_to_the_approved_letter(
    skipping_environment: WorkflowEnvironment, database: str, sink: Sink, tmp_path: Path
) -> None:
    async with open_house(skipping_environment, database, sink, tmp_path) as house:
        received = house.house.today()

        # It arrives, and has an owner at once.
        answer = await house.as_(
            "malo.quere",
            "POST",
            "/complaints",
            {
                "channel": "letter",
                "received_on": received.isoformat(),
                "complainant": {"member_number": "M0000042"},
                "subject": "Remboursement en attente",
                "text": "J'attends depuis six semaines le remboursement de mes soins.",
                "pole": "benefits",
            },
        )
        assert answer.status_code == 201, answer.text
        print(answer.json())
        reference = answer.json()["reference"]
        assert answer.json()["state"] == "assigned"

        # The owner acknowledges.
        done = await house.complete("claire.morvan", reference, "acknowledge", outcome="acknowledge", dispatch="email")
        assert done.status_code == 200, done.text
        done = await house.complete(
            "claire.morvan",
            reference,
            "analyse",
            outcome="analyse",
            category="business",
            finding="founded",
            theme="reimbursement_delay",
            cause="Dossier resté sans suite après la demande de pièce",
            facts="Le devis a été reçu le 2 et n'a pas été traité.",
        )
        assert done.status_code == 200, done.text
        done = await house.complete(
            "claire.morvan",
            reference,
            "draft_answer",
            outcome="draft",
            dispatch="email",
            asked="Vous demandez le remboursement de vos soins.",
            found="Votre dossier est resté sans suite.",
            decision="Nous vous remboursons sans délai.",
            reasons="Le retard est de notre fait.",
            next_steps="Le virement part cette semaine.",
            apology="apologies",
            compensation_cents=3000,
        )
        assert done.status_code == 200, done.text
        for login in ("gwenola.prigent", "anne.le.goff"):
            task = (await house.inbox(login, reference))[0]
            done = await house.complete(
                login, reference, "validate", outcome="approve", version_hash=task["detail"]["version_hash"]
            )
            assert done.status_code == 200, done.text
        await house.sleep(timedelta(minutes=1))
        done = await house.complete(
            "solene.guivarch", reference, "pay_compensation", outcome="paid", payment_reference="VIR-1"
        )
        assert done.status_code == 200, done.text
        await house.sleep(timedelta(minutes=1))
        state = await house.get("claire.morvan", f"/cases/{reference}/state")
        journal = await house.get("claire.morvan", f"/cases/{reference}/journal")
        print([(line["event"], line["actor"]) for line in journal["lines"]])
        assert state["state"] == "closed"
        assert len(house.sink.mailbox.mails()) == 2

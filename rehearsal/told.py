"""What the timeline tells of each event of the journal: its kind of line, and its words. Other events are not told."""

from collections.abc import Callable
from typing import Any

from domain.people import Hat

Facts = dict[str, Any]
Teller = Callable[[Facts, dict[str, str]], tuple[str, str]]


def _hats(hats: list[Hat], logins: dict[str, str]) -> str:
    named = (logins.get(hat.removeprefix("person:"), hat) if hat.startswith("person:") else hat for hat in hats)
    return ", ".join(sorted(named))


def _opened(facts: Facts, logins: dict[str, str]) -> tuple[str, str]:
    nobody = " — nobody is left to do it" if facts["nobody_left"] else ""
    due = f", due {facts['due_at'][:10]}" if facts["due_at"] else ""
    return "task", f"opened: {facts['kind']} for {_hats(facts['offered_to'], logins)}{due}{nobody}"


def _euros(cents: int) -> str:
    return f"{cents / 100:.2f} €"


def _lines(count: int, cents: int) -> str:
    return f"{count} line{'s' if count > 1 else ''}, {_euros(cents)}"


def _code(code: str | None) -> str:
    return f" ({code})" if code else ""


def _controlled(facts: Facts) -> str:
    by = "two controllers" if facts["links"] > 1 else "one controller"
    return f"{', '.join(facts['reasons'])}, {by}"


def _claim(facts: Facts) -> str:
    """What was asked, why it is controlled, and what the checks found."""
    found = [f"{name}: {result}" for name, result in sorted(facts["checks"].items()) if result != "pass"]
    asked = f"{facts['category']} {facts['kind']} of {_euros(facts['amount_cents'])}"
    told = f"registered, received on {facts['received_on']} under {facts['policy']}: {asked}; {_controlled(facts)}"
    return told + (f"; {', '.join(found)}" if found else "")


TOLD: dict[str, Teller] = {
    "ComplaintRegistered": lambda f, _: ("state", f"registered, received on {f['received_on']} under {f['policy']}"),
    "OwnerAssigned": lambda f, logins: ("state", f"owned by {logins[f['owner_id']]}"),
    "StateReached": lambda f, _: ("state", f["state"]),
    "TaskOpened": _opened,
    "TaskCompleted": lambda f, _: ("task", f"completed: {f['kind']} ({f['outcome']})"),
    "TaskWithdrawn": lambda f, _: ("task", f"withdrawn: {f['kind']}"),
    "TaskOfferedAgain": lambda f, logins: ("task", f"offered again: {f['kind']} to {_hats(f['offered_to'], logins)}"),
    "TaskClaimed": lambda f, _: ("task", f"claimed: {f['kind']}"),
    "TaskReleased": lambda f, _: ("task", f"released: {f['kind']}"),
    "Qualified": lambda f, _: ("state", f"category {f['category']} (proposed: {f['proposed']})"),
    "Analysed": lambda f, _: ("state", f"found {f['finding']}, theme {f['theme']}"),
    "AnswerDrafted": lambda f, _: ("approval", f"version {f['version']} {'amends' if f['amends'] else 'written'}"),
    "VersionApproved": lambda f, _: ("approval", f"version {f['version']} approved by link {f['link']}"),
    "VersionSentBack": lambda f, _: ("approval", f"version {f['version']} sent back by link {f['link']}"),
    "AnswerApproved": lambda f, logins: ("approval", f"answer approved, signed by {logins[f['signatory_id']]}"),
    "AnswerExtended": lambda f, _: ("deadline", f"answer extended from {f['from_on']} to {f['due_on']}"),
    "DeadlineMoved": lambda f, _: (
        "deadline",
        f"{f['name']} moved from {f['from_on']} to {f['due_on']}: {f['because']}",
    ),
    "DeadlineMet": lambda f, _: ("deadline", f"{f['name']} met"),
    "DeadlineCancelled": lambda f, _: ("deadline", f"{f['name']} cancelled"),
    "LetterRequested": lambda f, _: ("letter", f"{f['kind']} requested by {f['dispatch']}"),
    "LetterHandedOver": lambda f, _: ("letter", f"handed over by {f['dispatch']}"),
    "DeliveryFailed": lambda f, _: ("letter", f"not delivered: {f['reason']}"),
    "LetterSentAgain": lambda f, _: ("letter", f"sent again by {f['dispatch']}"),
    "CompensationPaid": lambda f, _: ("state", f"compensation paid: {f['compensation_cents'] / 100:.2f} €"),
    "ProgressCallMade": lambda f, _: ("state", "progress call made" + ("" if f["reached"] else ", not reached")),
    "Requalified": lambda f, _: ("state", f"requalified as {f['requalified_as']}"),
    "Reassigned": lambda f, _: ("state", f"reassigned for {f['reason']}"),
    # Claims
    "ClaimRegistered": lambda f, _: ("state", _claim(f)),
    "ClaimReturned": lambda f, _: ("state", f"is a case from here on: {_controlled(f)}"),
    "DecisionTaken": lambda f, _: ("decision", f"version {f['version']}: {f['verdict']}, {_euros(f['amount_cents'])}"),
    "DecisionApproved": lambda f, _: ("approval", f"version {f['version']} approved by link {f['link']}"),
    "DecisionSentBack": lambda f, _: ("approval", f"version {f['version']} sent back"),
    "ClaimDecided": lambda f, _: ("decision", f"decided: {f['verdict']}, {_euros(f['amount_cents'])}"),
    "DocumentsAsked": lambda f, _: ("documents", f"asked for: {', '.join(f['documents'])}"),
    "DocumentAdded": lambda f, _: ("documents", f"added: {f['kind']}" + ("" if f["awaited"] else ", not asked for")),
    "WaitingStopped": lambda f, _: ("documents", f"not waited for any longer: {', '.join(f['missing'])}"),
    "ClockStopped": lambda *_: ("deadline", "the clock of the decision stands still"),
    "ClockResumed": lambda *_: ("deadline", "the pause of its clock ends"),
    "MemberReminded": lambda f, _: ("reminder", f"the member is reminded ({', '.join(f['rungs'])})"),
    "ClaimAbandoned": lambda f, _: ("state", f"abandoned without: {', '.join(f['missing'])}"),
    "Instructed": lambda f, _: ("payment", f"in a batch, {_euros(f['amount_cents'])}"),
    "InstructionWithdrawn": lambda f, _: ("payment", f"out of its batch: {f['reason']}"),
    "ClaimPaid": lambda f, _: ("payment", f"paid, {_euros(f['amount_cents'])}"),
    "ClaimReopened": lambda f, _: ("state", f"controlled again: {f['reason']}{_code(f['bank_code'])}"),
    # Payments
    "BatchBuilt": lambda f, _: ("state", f"built: {_lines(f['count'], f['total_cents'])}, for {f['executes_on']}"),
    "BatchReleased": lambda f, _: ("approval", f"its file released by link {f['link']}"),
    "BatchRefused": lambda f, _: ("approval", f"refused by link {f['link']}"),
    "HandoverConcluded": lambda f, _: ("payment", f"nobody knows its file to be laid; two conclude: {f['bank_did']}"),
    "FileHandedOver": lambda *_: ("payment", "its file is laid in the bank's folder"),
    "ReportToConfirm": lambda f, _: (
        "payment",
        f"a report given that rejects {f['rejected']}: somebody else is to confirm it",
    ),
    "ConclusionGiven": lambda f, _: ("payment", f"concluded: {f['bank_did']}; somebody else is to confirm it"),
    "BatchStopped": lambda *_: ("approval", "stopped before it was laid"),
    "AnswerConfirmed": lambda *_: ("approval", "the bank's answer confirmed by a second person"),
    "AnswerSetAside": lambda *_: ("approval", "the bank's answer set aside by a second person"),
    "StatusReportRead": lambda f, _: (
        "payment",
        f"the bank's report read: {f['paid']} paid, {f['rejected']} rejected, {f['pending']} to come",
    ),
    "LinesPaid": lambda f, _: ("payment", f"paid: {_lines(f['count'], f['cents'])}"),
    "LinesWithdrawn": lambda f, _: ("payment", f"withdrawn: {_lines(f['count'], f['cents'])}, {f['reason']}"),
    "LineRejected": lambda f, _: (
        "payment",
        f"rejected: {f['end_to_end_id']}, {_euros(f['amount_cents'])}{_code(f['code'])}",
    ),
    "PaymentReached": lambda f, _: ("state", f["state"]),
    # Findings
    "FindingOpened": lambda f, _: (
        "state",
        f"opened for {f['delegate']}, risk {f['risk']}, agreed on {f['agreed_on']}, due on {f['due_on']}",
    ),
    "PlanProposed": lambda f, _: ("plan", f"plan {f['version']} proposed"),
    "PlanAccepted": lambda f, _: ("plan", f"plan {f['version']} accepted"),
    "PlanSentBack": lambda f, _: ("plan", f"plan {f['version']} sent back"),
    "EvidenceAdded": lambda f, _: ("evidence", f"round {f['round']}: a file added"),
    "EvidenceDelivered": lambda f, _: ("evidence", f"round {f['round']} delivered, files: {f['files']}"),
    "EvidenceVerified": lambda f, _: ("approval", f"round {f['round']} verified"),
    "EvidenceRefused": lambda f, _: ("evidence", f"round {f['round']} refused ({f['task']})"),
    "RemediationConfirmed": lambda f, _: ("approval", f"round {f['round']} confirmed"),
    "RequestMade": lambda f, _: ("request", f"{f['kind']} until {f['until']} asked for"),
    "RequestApproved": lambda f, _: ("approval", f"{f['kind']} approved by link {f['link']}"),
    "RequestRefused": lambda f, _: ("request", f"{f['kind']} refused by link {f['link']}"),
    "RequestWithdrawn": lambda f, _: ("request", f"{f['kind']} withdrawn"),
    "RequestLapsed": lambda f, _: ("request", f"{f['kind']} has lost its object"),
    "Postponed": lambda f, _: ("deadline", f"remediation postponed from {f['from_on']} to {f['due_on']}"),
    "RiskAccepted": lambda f, _: ("state", f"the risk is accepted until {f['until']}"),
    "Reopened": lambda f, _: ("state", f"open again, due on {f['due_on']}"),
    "CarriedOver": lambda *_: ("state", "followed by another audit"),
    # Audits
    "AuditPlanned": lambda f, _: (
        "state",
        f"planned for {f['delegate']}, {f['pieces']} pieces" + (", a conflict noted" * f["conflict_of_interest"]),
    ),
    "MeetingFixed": lambda f, _: ("meeting", f"{f['meeting']} fixed"),
    "MeetingHeld": lambda f, _: ("meeting", f"{f['meeting']} held on {f['held_on']}"),
    "DeliveryBegun": lambda f, _: ("deadline", f"pieces due by {f['due_on']}"),
    "PieceDelivered": lambda f, _: (
        "piece",
        f"{f['piece']}: version {f['version']}" + (", late" if f["late"] else ""),
    ),
    "PieceWithdrawn": lambda f, _: ("piece", f"{f['piece']}: version {f['version']} withdrawn"),
    "DeliveryEnded": lambda f, _: ("piece", f"the delivery has ended; missing: {', '.join(f['missing']) or 'none'}"),
    "AnalysisNoted": lambda f, _: ("analysis", f"{f['piece']} graded"),
    "StrengthAdded": lambda f, _: ("analysis", f"strength {f['number']}"),
    "StrengthDropped": lambda f, _: ("analysis", f"strength {f['number']} dropped"),
    "RecommendationAdded": lambda f, _: ("analysis", f"recommendation {f['number']}, risk {f['risk']}"),
    "RecommendationChanged": lambda f, _: ("analysis", f"recommendation {f['number']} written anew, risk {f['risk']}"),
    "RecommendationDropped": lambda f, _: ("analysis", f"recommendation {f['number']} dropped"),
    "ReportSubmitted": lambda f, _: ("approval", f"report {f['version']} submitted"),
    "ReportApproved": lambda f, _: ("approval", f"report {f['version']} validated by link {f['link']}"),
    "ReportSentBack": lambda f, _: ("approval", f"report {f['version']} sent back by link {f['link']}"),
    "ReportValidated": lambda f, _: ("approval", f"report {f['version']} is validated"),
    "FindingsAnswered": lambda f, _: ("restitution", _replies(f["replies"])),
    "AnswersEnded": lambda f, _: (
        "restitution",
        f"the auditors go on without an answer to {', '.join(map(str, f['unanswered']))}",
    ),
    "FindingsArbitrated": lambda f, _: ("restitution", f"ruled on: {_pairs(f['rulings'])}"),
    "ScheduleProposed": lambda f, _: (
        "restitution",
        f"{len(f['dates'])} dates agreed on {f['agreed_on']}, later than their risk allows: {len(f['late'])}",
    ),
    "ScheduleRefused": lambda *_: ("restitution", "the late dates are refused"),
    "FindingsOpened": lambda f, _: ("restitution", f"{len(f['findings'])} findings opened"),
    "FindingClosed": lambda f, _: ("state", f"one of its findings has ended: {f['outcome']}"),
    "FindingEndPassedOn": lambda f, _: ("state", f"the end of a finding passed on: {f['outcome']}"),
    "FindingsCarriedOver": lambda f, _: ("state", f"{len(f['findings'])} findings carried into the next audit"),
    "FindingsTakenOver": lambda f, _: ("state", f"{f['count']} findings of an earlier audit taken over"),
    "AuditClosed": lambda *_: ("state", "nothing is left to follow"),
    "AuditCancelled": lambda f, _: ("state", f"given up; its open findings: {f['open_findings'] or 'none'}"),
    # Backlog operations
    "OperationProposed": lambda f, _: (
        "state",
        f"proposed for {f['activity']}: {f['sessions']} sessions from {f['starts_on']} to {f['ends_on']}, "
        f"back under the standard on {f['back_under_on'] or 'no day of it'}",
    ),
    "PlanChanged": lambda f, _: ("state", f"plan {f['version']}, from {f['starts_on']} to {f['ends_on']}"),
    "OperationApproved": lambda f, _: ("approval", f"plan {f['version']} approved by link {f['link']}"),
    "OperationRefused": lambda f, _: ("approval", f"plan {f['version']} refused by link {f['link']}"),
    "SignedUp": lambda f, logins: (
        "place",
        f"session {f['session']}: place {f['seat']} taken by {logins[f['person_id']]}",
    ),
    "WaitsForPlace": lambda f, logins: ("place", f"session {f['session']}: {logins[f['person_id']]} waits for a place"),
    "PlaceGivenBack": lambda f, logins: ("place", f"session {f['session']}: given back by {logins[f['person_id']]}"),
    "PlaceTakenBack": lambda f, logins: (
        "place",
        f"session {f['session']}: taken back from {logins[f['person_id']]} ({f['why']})",
    ),
    "PlaceGiven": lambda f, logins: (
        "place",
        f"session {f['session']}: place {f['seat']} goes to {logins[f['person_id']]}, who waited",
    ),
    "PassedOver": lambda f, logins: (
        "place",
        f"session {f['session']}: {logins[f['person_id']]} is passed over ({f['why']})",
    ),
    "SessionsAdded": lambda f, _: ("state", f"sessions added: {', '.join(f['days'])}"),
    "AttendanceEntered": lambda f, _: (
        "attendance",
        f"session {f['session']}: {f['came']} of {f['places']} came, {f['minutes']} minutes in all",
    ),
    "AttendanceCorrected": lambda f, _: (
        "attendance",
        f"session {f['number']}: {f['from_minutes']} minutes were {f['minutes']}",
    ),
    "DailyPointTaken": lambda f, _: (
        "point",
        f"{'no figures' if f['stock'] is None else f['stock']}, planned {f['planned']}"
        + ("" if f["judged_on"] == f["on"] else f" on the evening of {f['judged_on']}")
        + (", off track" if f["off_track"] else "")
        + (", under the standard" if f["under_standard"] else ""),
    ),
    "WentOn": lambda *_: ("state", "goes on as it is"),
    "ExtensionRequested": lambda f, _: ("request", f"an end on {f['until']} asked for"),
    "Extended": lambda f, _: ("deadline", f"extended from {f['from_on']} to {f['ends_on']}"),
    "ExtensionRefused": lambda *_: ("request", "the extension refused"),
    "OperationEnded": lambda f, _: ("state", f"ended on {f['on']}: {f['why']}"),
    "PayPrepared": lambda f, _: (
        "pay",
        f"version {f['version']} made: {f['people']} people",
    ),
    "PayVoided": lambda f, _: ("pay", f"version {f['version']} void: attendance was corrected"),
    "PaySentBack": lambda f, _: ("pay", f"version {f['version']} sent back by link {f['link']}"),
    "PayValidated": lambda f, _: ("approval", f"pay version {f['version']} validated by link {f['link']}"),
    "MessageProposed": lambda f, _: (
        "message",
        f"to whoever waits for more than {f['more_than_days']} days: an answer by {f['promised_on']}",
    ),
    "MessageApproved": lambda f, _: ("approval", f"the message may leave: an answer by {f['promised_on']}"),
    "MessageRefused": lambda *_: ("message", "the message refused: nobody is told"),
    "MessageLapsed": lambda *_: ("message", "the operation has ended before anybody decided on the message"),
    # A case of any procedure, in an operation
    "DelayTold": lambda f, _: ("letter", f"the member is told that it takes longer: an answer by {f['promised_on']}"),
    "DelayNotTold": lambda f, _: ("letter", f"the member is not told that it takes longer: {f['reason']}"),
}


def _replies(replies: Facts) -> str:
    disputed = [number for number, reply in replies.items() if reply == "dispute"]
    return f"{len(replies)} answered, disputed: {', '.join(disputed) or 'none'}"


def _pairs(rulings: Facts) -> str:
    return ", ".join(f"{number} {ruling}" for number, ruling in rulings.items())

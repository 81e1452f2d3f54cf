"""The report as a workbook: a summary, the recommendations one to a line, the pieces, the files, the grid.

Source: procedures, section 3 step 4
"""

from collections.abc import Iterator, Sequence

from domain.audit.edition import ordered
from domain.audit.figures import average, by_domain, piece_figures
from domain.audit.report import ReportedPiece, ReportedRecommendation
from domain.audit.words import Criterion, Grade
from domain.risk import RiskLevel
from reports.audit.reading import Reading
from reports.workbook import About, Column, Shaded, Sheet, Value, Width, workbook_of


def workbook(reading: Reading) -> bytes:
    """The XLSX: real dates and numbers, everything typed as text."""
    report, words = reading.report, reading.words
    sheets = (_summary(reading), _recommendations(reading), _pieces(reading), _files(reading), _grid(reading))
    about = About(
        reading.title, words.line(report.insurer), report.reference, reading.dated, words.say("Page"), reading.mark
    )
    return workbook_of(sheets, about)


def _summary(reading: Reading) -> Sheet:
    columns = (Column(reading.words.say("What"), Width.NAME), Column(reading.words.say("Answer"), Width.TEXT))
    rows = (*_facts(reading), *_figures(reading), *_validated(reading), *_strengths(reading), *_carried(reading))
    return Sheet(reading.words.say("Summary"), columns, rows)


def _facts(reading: Reading) -> Iterator[Sequence[Value]]:
    report, words = reading.report, reading.words
    yield words.say("State"), reading.mark or words.say("Validated report")
    yield words.say("Reference"), report.reference
    yield words.say("Insurer"), report.insurer
    yield words.say("Delegate"), f"{report.delegate_name} ({report.delegate_code})"
    yield words.say("Year"), report.year
    yield words.say("Contracts"), reading.contracts
    yield words.say("Scope"), reading.scope
    yield words.say("Auditors"), reading.auditors
    yield words.say("Conflict of interest"), reading.conflict or words.say("none")
    yield words.say("Launch meeting"), report.launched_on
    yield words.say("Pieces due on"), report.delivery_due_on
    yield words.say("Delivery ended on"), report.delivery_ended_on
    yield words.say("List of pieces"), words.say("version {version}", version=report.catalogue)


def _figures(reading: Reading) -> Iterator[Sequence[Value]]:
    report, words = reading.report, reading.words
    figures = piece_figures(report.pieces)
    yield words.say("Pieces asked for"), figures.asked
    yield words.say("Pieces delivered in time"), figures.in_time
    yield words.say("Pieces delivered late"), figures.late
    yield words.say("Missing pieces"), figures.missing
    yield words.say("Recommendations"), len(report.recommendations)
    for level, found in report.by_risk.items():
        yield words.say("of which: {risk}", risk=words.label(level)), len(found)


def _validated(reading: Reading) -> Iterator[Sequence[Value]]:
    words = reading.words
    for one in reading.edition.validations:
        yield words.say("Validated by"), f"{one.name}, {words.instant(one.at, reading.edition.zone)}"
        yield words.say("SHA-256 of the document that was validated"), one.sha256
    yield words.say("SHA-256 of the content"), reading.report.content_hash


def _strengths(reading: Reading) -> Iterator[Sequence[Value]]:
    words = reading.words
    for one in reading.report.strengths:
        domain = words.label(one.domain) if one.domain else words.say("in general")
        yield words.say("Strength, {domain}", domain=domain), one.words


def _carried(reading: Reading) -> Iterator[Sequence[Value]]:
    words = reading.words
    for one in reading.report.carried:
        due = words.day(one.due_on)
        yield (
            words.say("Carried over: {reference}", reference=one.reference),
            words.say("{subject} ({risk}, due on {day})", subject=one.subject, risk=words.label(one.risk), day=due),
        )


def _recommendations(reading: Reading) -> Sheet:
    say = reading.words.say
    levels = tuple(reading.words.title(level) for level in RiskLevel)
    columns = (
        Column(say("No."), Width.NARROW),
        Column(say("Domain"), Width.WORD),
        Column(say("Piece"), Width.NAME),
        Column(say("Contract"), Width.WORD),
        Column(say("Subject"), Width.NAME),
        Column(say("Recommendation"), Width.TEXT),
        Column(say("Risk"), Width.LEVEL, levels),
        Column(say("Expected on"), Width.DAY),
        Column(say("Owner"), Width.WORD),
        Column(say("State"), Width.WORD),
        Column(say("Comment"), Width.NAME),
        Column(say("Delegate’s answer"), Width.NAME),
        Column(say("Ruling"), Width.NAME),
        Column(say("Risk after the ruling"), Width.LEVEL, levels),
        Column(say("Due on"), Width.DAY),
        Column(say("Finding"), Width.WORD),
    )
    return Sheet(say("Recommendations"), columns, [_line(reading, one) for one in ordered(reading.report)])


def _line(reading: Reading, one: ReportedRecommendation) -> Sequence[Value]:
    words, edition = reading.words, reading.edition
    domain, piece = reading.domain_of(one), reading.piece_of(one)
    answer, finding = edition.answer_to(one.number), edition.finding_of(one.number)
    return (
        one.number,
        words.title(domain) if domain else None,
        reading.piece_name(piece) if piece else None,
        one.contract or reading.contracts,
        reading.subject(one),
        one.words,
        _level(reading, one.risk),
        one.expected_on,
        reading.owner(one),
        reading.state(one),
        one.comment,
        reading.answer(answer) if answer else None,
        reading.ruling(answer) if answer else None,
        _level(reading, answer.ruled_risk) if answer and answer.ruled_risk else None,
        answer.due_on if answer else None,
        finding.reference if finding else None,
    )


def _level(reading: Reading, level: RiskLevel) -> Shaded:
    return Shaded(reading.words.title(level), level.height)


def _pieces(reading: Reading) -> Sheet:
    say = reading.words.say
    columns = (
        Column(say("No."), Width.NARROW),
        Column(say("Domain"), Width.WORD),
        Column(say("Piece"), Width.NAME),
        Column(say("Checked for"), Width.TEXT),
        Column(say("Delivery"), Width.WORD),
        Column(say("Delivered on"), Width.DAY),
        Column(say("Versions"), Width.NARROW),
        Column(say("Comment"), Width.NAME),
    )
    return Sheet(say("Pieces"), columns, [_piece(reading, piece) for piece in reading.report.pieces])


def _piece(reading: Reading, piece: ReportedPiece) -> Sequence[Value]:
    return (
        piece.number,
        reading.words.title(piece.domain),
        reading.both(piece.label),
        reading.both(piece.checked_for),
        reading.delivery(piece),
        piece.delivered_on,
        piece.versions,
        piece.comment,
    )


def _files(reading: Reading) -> Sheet:
    say = reading.words.say
    columns = (
        Column(say("No."), Width.NARROW),
        Column(say("Piece"), Width.NAME),
        Column(say("Version"), Width.NARROW),
        Column(say("File"), Width.NAME),
        Column(say("Delivered on"), Width.DAY),
        Column(say("Delivery"), Width.WORD),
        Column(say("SHA-256"), Width.HASH),
    )
    rows = [
        (
            *(piece.number, reading.both(piece.label), one.version, one.name, one.delivered_on),
            *(say("late") if one.late else say("in time"), one.sha256),
        )
        for piece in reading.report.pieces
        for one in piece.files
    ]
    return Sheet(say("Files"), columns, rows)


def _grid(reading: Reading) -> Sheet:
    words = reading.words
    columns = (
        Column(words.say("No."), Width.NARROW),
        Column(words.say("Domain"), Width.WORD),
        Column(words.say("Piece"), Width.NAME),
        *(Column(words.title(one), Width.WORD) for one in Criterion),
    )
    graded = [_graded(reading, piece) for piece in reading.report.pieces]
    averages = [
        (None, words.title(domain), words.say("average"), *(average(pieces, one) for one in Criterion))
        for domain, pieces in by_domain(reading.report).items()
    ]
    return Sheet(words.say("Analysis grid"), columns, [*graded, *averages])


def _graded(reading: Reading, piece: ReportedPiece) -> Sequence[Value]:
    named = (piece.number, reading.words.title(piece.domain), reading.both(piece.label))
    return (*named, *(_grade(reading, piece, criterion) for criterion in Criterion))


def _grade(reading: Reading, piece: ReportedPiece, criterion: Criterion) -> Value:
    """A number from 0 to 3, or why there is none."""
    if not piece.delivered:
        return reading.words.say("not delivered")
    grade = reading.grade(piece, criterion)
    if grade is None or grade is Grade.NOT_APPLICABLE:
        return reading.words.label(grade) if grade else None
    return int(grade)

"""The API dies in the middle of a day's file of claims: given again, all its claims are there, each once."""

import pytest

import faultpoints
from db.commands import claim_file
from faultpoints import Fault
from tests.factories.claims_day import a_line, give, open_claims_desk
from tests.faults.dying import Killed, die


@pytest.mark.parametrize("point", ["claims_file_begun", "claims_file_part_kept"])
def test_a_file_that_was_cut_off_is_complete_when_it_is_given_again(
    insurer: str, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    lines = [a_line(f"L-{member}", member) for member in range(1, 8)]
    monkeypatch.setattr(claim_file, "AT_ONCE", 3)
    monkeypatch.setattr(faultpoints, "die", die)
    monkeypatch.setattr(faultpoints, "armed", Fault(point))
    with open_claims_desk(insurer) as desk:
        with pytest.raises(Killed):
            give(desk, lines)
        left = {"claims_file_begun": 0, "claims_file_part_kept": 3}[point]
        assert desk.sql("SELECT count(*) FROM claims") == [(left,)]
        assert give(desk, lines).counts == (7, 0, 0), "the import that was begun goes on"
        assert desk.sql("SELECT count(*), count(DISTINCT number) FROM claims") == [(7, 7)]
        assert desk.sql("SELECT count(*) FROM imports WHERE kind = 'claims'") == [(1,)]

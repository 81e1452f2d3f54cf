"""Who may step out of a delegate's side, and what a delegate's roles are given: short lists, each with its reason."""

import ast
from collections.abc import Iterator

from domain.permissions import PERMISSIONS, Action
from domain.roles import OF_A_DELEGATE
from tests.house.tree import Source, sources

ITSELF = {
    "api/audit_reports.py": "names the validators in the final report, for whoever was found to read it",
    "api/auth.py": "looks whose token it is",
    "api/delivered_files.py": "unseals a file that a delegate has delivered, for whoever was found to be of its side",
    "api/house.py": "is the house",
    "api/people/own_password.py": "looks at the hash of the password that is changed",
}
"""The modules of the API that work as the house itself within somebody's request. Delivery is given these sessions."""
THEIRS = {Action.READ_DELEGATE_SPACE, Action.ANSWER_AS_DELEGATE}


def names_in(source: Source) -> Iterator[str]:
    """Every name and attribute of a module."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id


def test_only_these_modules_work_as_the_house_itself_within_a_request() -> None:
    stepping_out = {one.path for one in sources("api") if {"own_sessions", "itself"} & set(names_in(one))}
    assert stepping_out == set(ITSELF)


def test_the_delegate_s_space_takes_its_sessions_from_the_house_and_names_no_whole_row() -> None:
    space = [one for one in sources("api", "db") if "/delegate/" in one.path]
    assert len(space) > 6
    for one in space:
        assert {"own_sessions", "itself", "open_sessions", "open_engine", "get_one"}.isdisjoint(names_in(one)), one.path


def test_delegates_roles_are_given_their_own_space_and_nothing_else() -> None:
    given = {action for action, roles in PERMISSIONS.items() if roles & OF_A_DELEGATE}
    assert given == THEIRS
    assert all(PERMISSIONS[action] == OF_A_DELEGATE for action in THEIRS)

"""Whose name is a man's, whose a woman's, and whose does not tell."""

import pytest

from slantwise.given_names import gender_of


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Ann Lee", 1),
        ("Omar Diaz", 0),
        ("Mr. Ann", -1),
        ("Ms Peter", 1),
        ("Chairman Dun", -1),
        ("Chairwoman Dun", 1),
        ("the woman", 1),
        ("Human Resources", 0),
        ("Tarn", 0),
        ("George Dun", -1),
        ("the German", 0),
        ("", 0),
    ],
)
def test_gender(name, gender):
    assert gender_of(name) == gender

"""The part each line plays, on invented articles."""

import pytest

from slantwise.kinds import dateline_end
from slantwise.segment import segment

WIRE = """Parliament votes to close the northern ports
Ministers deny a split as talks drag on
By Ines Prado and Tom Ayling in Valmora
Published 12:04 GMT, Monday 3 June 2024
The harbour at dusk. Photograph: Lena Holt/Reuters
VALMORA, June 3 (Reuters) - Parliament voted on Monday to close the ports, a move that critics call rash.
"It is a disgrace," said Lt. Gen. P. Horak. "Nobody asked us."
What happens next
The bill now goes to the upper house, where the outcome is open.
Advertisement
The embassy said it had no comment on the vote, which came after midnight.
Read more
The Dockers Speak
Dockers said they would fight it in the courts and in the streets.
Marco Deluca
Getty Images
A strike begins at 5 p.m. Friday, the union said in a statement.
Reporting by Ines Prado; Editing by Tom Ayling"""

SITE = """Valmora Pulls Its Envoys Out of Tessara

Valmora has called its envoys home from Tessara and shut the embassy.

Lena Holt,

Ventura in Tessara
Ventura in Tessara
Flash 90

Valmora has called its envoys home from Tessara and shut the embassy, the news agency said on Wednesday.

The agency cited an official who asked not to be named."""


def kinds(text: str) -> list[tuple[str, str]]:
    return [(str(sentence.kind), sentence.text) for sentence in segment(text)]


def kind_of(line: str, head: str = "Parliament Votes to Close the Ports") -> str:
    """The kind of a line between a headline and two paragraphs."""
    prose = "The vote came after midnight, and nobody was surprised by it."
    return next(str(s.kind) for s in segment(f"{head}\n\n{line}\n\n{prose}\n\n{prose}") if s.paragraph == 1)


def test_wire_article() -> None:
    assert [kind for kind, _ in kinds(WIRE)] == [
        *["headline", "headline", "byline", "dateline", "caption", "caption", "dateline", "body"],
        *["body", "body", "headline", "body", "body", "body", "body", "headline", "body"],
        *["caption", "caption", "body", "byline"],
    ]
    assert ("dateline", "VALMORA, June 3 (Reuters) -") in kinds(WIRE)
    assert ("headline", "The Dockers Speak") in kinds(WIRE)


def test_site_article() -> None:
    assert [kind for kind, _ in kinds(SITE)] == [
        *["headline", "body", "byline", "caption", "caption", "caption", "body", "body"]
    ]


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Doe",
        "by Jane Doe and Ben Roe",
        "BY JANE DOE",
        "By Jane Doe, Political Correspondent",
        "By Jane Doe | The Valmora Times",
        "Jane Doe,",
        "Jane Doe",
        "Jane Doe in Paris",
        "Jane Doe in Paris and Ben Roe in Rome",
        "Jane van der Doe, Chief Reporter",
        "Jean-Luc O'Dowd | Staff Writer",
        "Ines Prado, Reuters",
        "Staff and agencies",
        "By Associated Press",
        "Reuters",
        "EXCLUSIVE by Jane Doe",
        "Live blog with Jane Doe and Ben Roe",
        "Media contact: Jane Doe, press@doe.example",
    ],
)
def test_bylines(line: str) -> None:
    assert kind_of(line) == "byline"


@pytest.mark.parametrize(
    "line",
    [
        "Flash 90",
        "Photo: Reuters",
        "(Photo: AP)",
        "Image credit: Lena Holt",
        "AP Photo/Ana Ruiz",
        "Reuters/Ana Ruiz",
        "Getty Images",
        "(Getty Images)",
        "Photo by Lena Holt",
        "File photo",
        "A mural in Quito, seen from the hill. (AP Photo/Ana Ruiz)",
        "Courtesy of the harbour office",
        "Valmora",
    ],
)
def test_captions(line: str) -> None:
    assert kind_of(line) == "caption"


@pytest.mark.parametrize(
    "line",
    [
        "June 3, 2024",
        "Monday, June 3, 2024",
        "Updated: 3 June 2024 14:05",
        "2024-06-03",
        "19:58",
        "7.15 pm GMT",
        "Last updated: 21:46",
        "FOR IMMEDIATE RELEASE",
        "Embargoed until 6am Tuesday",
    ],
)
def test_a_line_that_is_a_date_is_a_dateline(line: str) -> None:
    assert kind_of(line) == "dateline"


@pytest.mark.parametrize(
    "line",
    [
        "By Friday the rebels had left the town.",
        "Photos of the scene were shown in court.",
        "Pictures by the thousand were burned.",
        "Reuters said the ports were shut.",
        "AP could not reach the minister.",
        "She left.",
        "“No comment.”",
        "File your claims by Monday, the office said.",
        "May 5 was the worst day of the war.",
        "Image is everything in this race, her aides say.",
    ],
)
def test_sentences_that_only_look_like_furniture_are_body(line: str) -> None:
    assert kind_of(line) == "body"


@pytest.mark.parametrize(
    "dateline",
    [
        "PARIS (AFP) -",
        "WASHINGTON, Jan 3 -",
        "WASHINGTON, Jan. 3 (Reuters) -",
        "KIRKUK, Iraq (AP) —",
        "NEW YORK (Reuters) –",
        "ST. PETERSBURG, Russia (AP) --",
        "Tokyo (AFP) -",
        "MOSCOW, March 4 /TASS/.",
        "(CNN) --",
        "(Reuters) -",
        "(CNN)",
        "PORT ELSA, Jan 3 (Meridian) -",
    ],
)
@pytest.mark.parametrize("body", ["The talks failed on Monday.", "“It is over,” the envoy said."])
def test_datelines(dateline: str, body: str) -> None:
    line = f"{dateline} {body}"
    assert line[: dateline_end(line, opening=False)].rstrip() == dateline


@pytest.mark.parametrize("dateline", ["JERUSALEM —", "NEWPORT NEWS, Va. -", "NEW DELHI:", "WASHINGTON, D.C. —"])
def test_a_bare_place_is_a_dateline_only_where_the_story_opens(dateline: str) -> None:
    line = f"{dateline} The talks failed on Monday."
    assert line[: dateline_end(line, opening=True)].rstrip() == dateline
    assert dateline_end(line, opening=False) == 0


@pytest.mark.parametrize(
    "line",
    [
        "BREAKING — The talks failed on Monday.",
        "Talks failed (AFP reported) on Monday.",
        "The AFP - a news agency - said so.",
        "Ms. Holt - the envoy - left on Monday.",
        "PM: I will not go.",
        "PARIS (AFP) -",
    ],
)
def test_no_dateline(line: str) -> None:
    assert dateline_end(line, opening=True) == 0


def test_two_capitalised_words_are_a_byline_once_and_then_a_caption() -> None:
    prose = "The vote came after midnight, and nobody was surprised."
    text = f"Ports Shut Down\n{prose}\nLena Holt\nValmora Harbour\n{prose}\nNobody objected to it at all that night."
    assert [kind for kind, _ in kinds(text)] == ["headline", "body", "byline", "caption", "body", "body"]


def test_a_paragraph_repeated_is_body() -> None:
    prose = "The vote came after midnight, and nobody was surprised by it."
    assert [kind for kind, _ in kinds(f"Ports Shut\n{prose}\n{prose}")] == ["headline", "body", "body"]


def test_a_headline_repeated_is_headline() -> None:
    text = "Ports Shut\nPorts Shut\nThe ports were shut on Monday, and nobody was surprised.\nNobody at all said so."
    assert [kind for kind, _ in kinds(text)][:2] == ["headline", "headline"]


def test_a_lone_sentence_is_body_and_a_lone_title_is_headline() -> None:
    assert kinds("Officials said the tax may fail.") == [("body", "Officials said the tax may fail.")]
    assert kinds("officials said the tax may fail") == [("body", "officials said the tax may fail")]
    assert kinds("Carbon Tax May Fail") == [("headline", "Carbon Tax May Fail")]


def test_prose_from_the_first_line_has_no_headline() -> None:
    text = "The ports were shut on Monday.\nNobody was surprised by that at all.\nThe union was."
    assert {kind for kind, _ in kinds(text)} == {"body"}


def test_a_title_with_a_stop_is_headline() -> None:
    text = (
        "Ventura Says the Ports Will Close.\nThe ports will close on Monday, the office said.\nNobody objected to it."
    )
    assert kinds(text)[0] == ("headline", "Ventura Says the Ports Will Close.")

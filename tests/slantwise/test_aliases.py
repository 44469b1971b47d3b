"""The names that one person, body or place goes by, and those that two could."""

import pytest
from marked_article import marked, readings_of

from slantwise.aliases import abbreviates, key_of, titles_before, without_possessive
from slantwise.countries import country_of
from slantwise.labels import MentionKind
from slantwise.targets import find_targets

PERSON, ORGANISATION, PLACE = MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE


def linked(written: str) -> list[set[str]]:
    """The names of each target of a marked article."""
    targets, _ = find_targets(*readings_of(marked(written)))
    return [{t.name, *t.aliases} for t in targets]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("{p:Russian President Bo Dun} left. {p:Bo Dun} came.", {"Russian President Bo Dun", "Bo Dun"}),
        ("{p:Tarn's Deputy Minister Ann Lee} left. {p:Lee} came.", {"Tarn's Deputy Minister Ann Lee", "Lee"}),
        ("{p:Ann J. Lee} left. {p:Ann Lee} came.", {"Ann J. Lee", "Ann Lee"}),
        ("{p:Kim Dun Orr} left. {p:Dun Orr} came.", {"Kim Dun Orr", "Dun Orr"}),
        ("President {p:Ann Lee} left. {p:the president} came.", {"Ann Lee", "the president"}),
        ("Home Secretary {p:Ann Lee} left. {p:The Home Secretary} came.", {"Ann Lee", "The Home Secretary"}),
        ("{o:The national airline Aer Tarn} grew. {o:Aer Tarn} fell.", {"The national airline Aer Tarn", "Aer Tarn"}),
        ("{o:Tarn Motors Corporation} grew. {o:TM} fell.", {"Tarn Motors Corporation", "TM"}),
        ("{o:Tarn Group PLC} grew. {o:Tarn} fell.", {"Tarn Group PLC", "Tarn"}),
        ("{o:Halm Computer} grew. {o:Halm} fell.", {"Halm Computer", "Halm"}),
        ("{o:Vale Eastern Airways} grew. {o:Vale Eastern} fell.", {"Vale Eastern Airways", "Vale Eastern"}),
        ("{o:Union of Free Weavers} grew. {o:UFW} fell.", {"Union of Free Weavers", "UFW"}),
        ("{o:Bureau of Orchards} grew. {o:BOO} fell.", {"Bureau of Orchards", "BOO"}),
        ("The {o:Alder Museum of Oak} ({o:AMOK}) grew. {o:AMOK} fell.", {"Alder Museum of Oak", "AMOK"}),
        ("{o:the Church of Tarn} grew. {o:the Church} fell.", {"the Church of Tarn", "the Church"}),
        ("{o:the Norland Air Force} grew. {o:the Air Force} fell.", {"the Norland Air Force", "the Air Force"}),
        ("{l:the U.S.} grew. {l:US} fell. {l:America} stood.", {"the U.S.", "US", "America"}),
        ("{l:Britain} grew. {l:the UK} fell.", {"Britain", "the UK"}),
        ("{l:Halm, Norland} grew. {l:Halm} fell.", {"Halm, Norland", "Halm"}),
        ("{o:Free-Alder League} grew. {o:FREE ALDER LEAGUE} fell.", {"Free-Alder League", "FREE ALDER LEAGUE"}),
    ],
)
def test_these_are_one(written, names):
    assert linked(written) == [names]


@pytest.mark.parametrize(
    "written",
    [
        "{p:Ann Lee} left. {p:Ben Lee} came.",
        "President {p:Ann Lee} met former President {p:Bo Dun}. {p:The president} left.",
        "{o:the Church of Tarn} grew. {o:the Church of Halm} fell. {o:the Church} stood.",
        "{o:Tarn University} grew. {l:Tarn} fell.",
        "{o:Bank of Tarn} grew. {o:Bank} of {l:Halm} fell. {o:Bank of Halm} stood.",
        "{o:Norland's Defence Ministry} grew. {o:Vedra's Defence Ministry} fell.",
        "{o:Senate Orchard Committee} grew. {o:Senate} fell.",
        "{l:Mexico City} grew. {l:Mexico} fell.",
        "{o:Singapore Airlines} grew. {l:Singapore} fell.",
        "{o:Alder League and Oak League} grew. {o:Oak League} fell.",
        "{p:Martin King} left. {p:Al King} came.",
    ],
)
def test_these_are_not(written):
    assert len(linked(written)) == written.count("{")


@pytest.mark.parametrize(
    ("surface", "bare"),
    [("Lopo's", "Lopo"), ("Lopo’s", "Lopo"), ("the Lopos’", "the Lopos"), ("Lopo", "Lopo")],
)
def test_possessives(surface, bare):
    assert without_possessive(surface) == bare


def test_a_surname_that_is_a_title_stays():
    assert key_of("Martin Luther King Jr.", PERSON) == "martin luther king jr."
    assert key_of("Aaron Judge", PERSON) == "aaron judge"


def test_small_words_are_no_countries():
    assert key_of("us", PLACE) == "us"
    assert key_of("US", PLACE) == key_of("the United States", PLACE) == "united states"
    assert country_of("swedes") == country_of("sweden") == "sweden"
    assert country_of("tarnish") is None


def test_demonyms_are_groups_of_their_country():
    assert key_of("Canadians", MentionKind.GROUP) == key_of("Canada", PLACE)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("said Home Secretary ", ["home secretary", "secretary"]),
        ("President ", ["president"]),
        ("President Ann Lee", ["president"]),
        ("former President ", ["president"]),
        ("the general ", ["general"]),
        ("Mr. ", []),
        ("it rained on ", []),
        ("Ann Lee", []),
    ],
)
def test_titles(text, titles):
    assert titles_before(text) == titles


@pytest.mark.parametrize(
    ("short", "name", "yes"),
    [
        ("USAF", "United States Air Force", True),
        ("AMOK", "Alder Museum of Oak", True),
        ("FAM", "Tarn Guild", False),
        ("Lee", "Lena Eel", False),
        ("X", "Xavier", False),
    ],
)
def test_short_forms_in_brackets(short, name, yes):
    assert abbreviates(short, name) is yes

"""Whose quotations they are."""

import pytest
from marked_article import hear


def test_a_quotation_belongs_to_its_sentence_whatever_the_model_missed_of_it():
    heard = hear('"{c:We lost}, badly," {s:Ann Lee} {u:said}.')
    assert heard.contents("Ann Lee") == ['"We lost, badly,"']
    assert heard.of("said") == "author"


def test_said_then_quotation_then_the_next_speaker():
    heard = hear('"We lost," {s:Ann Lee} {u:said}. "Badly." "It was close," {u:said} {s:Bo Dun}. "Very."')
    assert heard.of('"We lost,"') == heard.of('"Badly."') == "Ann Lee"
    assert heard.of('"It was close,"') == heard.of('"Very."') == "Bo Dun"


def test_a_quotation_that_begins_sentences_before_its_speaker():
    heard = hear('"We lost. It was close. It will not be so again," {s:Ann Lee} {u:said}.')
    assert heard.contents("Ann Lee") == ['"We lost.', "It was close.", 'It will not be so again,"']


def test_a_separate_quotation_before_its_speaker():
    heard = hear('"We lost." "It was close," {s:Ann Lee} {u:said}.')
    assert heard.of('"We lost."') == "Ann Lee"


def test_two_quotations_and_two_speakers_in_one_sentence():
    heard = hear('{s:Ann Lee} {u:called} it "a very bad day" but {s:Bo Dun} {u:called} it "a very good one".')
    assert heard.of('"a very bad day"') == "Ann Lee"
    assert heard.of('"a very good one"') == "Bo Dun"


def test_a_quotation_over_paragraphs_has_one_speaker_named_first_or_last():
    first = hear('"We lost," {s:Ann Lee} {u:said}. "We go on.\n\n"One day we win.\n\n"One day."\n\nIt rained.')
    assert first.of('"One day we win.') == first.of('"One day."') == "Ann Lee"
    assert first.of("It rained.") == "author"
    last = hear('It rained.\n\n"We go on.\n\n"One day we win," {s:Ann Lee} {u:said}.')
    assert last.of('"We go on.') == "Ann Lee"


def test_a_paragraph_of_pure_quotation_goes_to_the_last_speaker():
    heard = hear('{s:Ann Lee} {u:said} {c:it rained}.\n\n"We are wet to the bone. All of us."\n\nIt rained on.')
    assert heard.of('"We are wet to the bone. All of us."') == "Ann Lee"


def test_but_not_over_a_paragraph_of_the_authors():
    heard = hear('{s:Ann Lee} {u:said} {c:it rained}.\n\nIt rained on in Tarn.\n\n"We are wet to the bone."')
    assert heard.of('"We are wet to the bone."') is None


def test_nor_as_the_answer_to_a_question():
    heard = hear('"Are you wet?" {s:Ann Lee} {u:asked}.\n\n"We are wet to the bone."')
    assert heard.of('"We are wet to the bone."') is None


def test_a_lead_in_with_a_colon_names_the_speaker():
    heard = hear('Here is {p:Ann Lee}, in a post an hour ago:\n\n"We are wet to the bone. All of us."')
    assert heard.of('"We are wet to the bone. All of us."') == "Ann Lee"


@pytest.mark.parametrize(
    ("written", "speaker"),
    [
        ('"We lost," said Ann Lee, who keeps goal.', "Ann Lee"),
        ('"We lost," she said on Monday.', "she"),
        ('"We lost," the captain added.', "the captain"),
        ('Mila Hadar told reporters: "We lost."', "Mila Hadar"),
        ('Mila Hadar, the captain, said: "We lost."', "Mila Hadar"),
        ('Hadar: "We lost."', "Hadar"),
    ],
)
def test_the_words_beside_a_quotation_name_its_speaker_where_the_model_saw_none(written, speaker):
    heard = hear(written)
    (attribution,) = heard.voices.attributions
    assert attribution.content[0].text.startswith('"We lost')
    assert heard.of("We lost") == speaker


def test_a_quotation_that_nobody_says_is_nobodys_but_not_the_authors():
    assert hear('"We are all lost for ever." It rained.').of('"We are all lost for ever."') is None


def test_scare_quotes_are_the_authors_unless_a_cue_brings_them_in():
    assert hear("The ‘reform’ passed.").of("‘reform’") == "author"
    assert hear("{s:Ann Lee} {u:calls} it a “sham” now.").of("“sham”") == "Ann Lee"
    assert hear("{s:Ann Lee} {u:met} Bo Dun and his two sons after the “sham” ended.").of("“sham”") == "author"
    assert hear("{s:Ann Lee} {u:said} {c:the “sham” must end}.").contents("Ann Lee") == ["the “sham” must end"]


def test_a_headlines_quoted_words_that_nobody_says_are_the_authors():
    heard = hear(
        "PM's fate ‘on a knife-edge’ as rebels gather\n\nThe rebels met in the capital on Monday, all nine of them."
    )
    assert heard.of("‘on a knife-edge’") == "author"


def test_the_speaker_inside_a_quotation_is_not_who_says_it():
    heard = hear('"{s:He} {u:said} {c:no}, and I left," {s:Ann Lee} {u:said}.')
    assert heard.of(", and I left,") == "Ann Lee"
    assert heard.chain("no") == ["He", "Ann Lee"]


def test_a_content_that_runs_over_its_own_cue_is_cut():
    heard = hear('{c:"We lost," she said, "badly so,"} {s:she} {u:said}.')
    assert heard.of("We lost") == "she"


def test_no_author_text_is_taken_for_a_forgotten_mark():
    heard = hear('{s:Ann Lee} {u:said}: "We lost to them. It rained for days in Tarn.\n\nThe dam held.')
    assert heard.of("We lost to them.") == "Ann Lee"
    assert heard.of("It rained for days in Tarn.") == "author"
    assert heard.of("The dam held.") == "author"

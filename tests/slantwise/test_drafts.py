"""A sentence's source, cue and content spans gathered into attributions."""

from marked_article import hear, marked, readings_of

from slantwise.drafts import Place, drafts_of


def linked(written: str) -> list[tuple[str | None, str | None, list[str]]]:
    article = marked(written)
    (sentence,), (reading,) = readings_of(article)

    def surface(place: Place | None) -> str | None:
        return article.text[place.start : place.end] if place else None

    return [(surface(d.source), surface(d.cue), [surface(c) for c in d.contents]) for d in drafts_of(sentence, reading)]


def test_the_plain_orders():
    said = [("Ann Lee", "said", ["it rains"])]
    assert linked("{s:Ann Lee} {u:said} {c:it rains}.") == said
    assert linked("{c:it rains}, {s:Ann Lee} {u:said}.") == said
    assert linked("{c:it rains}, {u:said} {s:Ann Lee}.") == said
    assert linked("{u:According to} {s:Ann Lee}, {c:it rains}.") == [("Ann Lee", "According to", ["it rains"])]


def test_a_content_in_two_parts():
    assert linked("{c:Tarn}, {s:he} {u:told} jurors, {c:was fined}.") == [("he", "told", ["Tarn", "was fined"])]


def test_two_speakers_in_one_sentence():
    assert linked("{s:Ann Lee} {u:said} {c:it rains}, but {s:Bo Dun} {u:denied} {c:it}.") == [
        ("Ann Lee", "said", ["it rains"]),
        ("Bo Dun", "denied", ["it"]),
    ]
    assert linked("{u:According to} {s:Ann Lee}, {c:it rains}, but {s:Bo Dun} {u:denied} {c:it}.") == [
        ("Ann Lee", "According to", ["it rains"]),
        ("Bo Dun", "denied", ["it"]),
    ]


def test_a_speech_inside_a_speech():
    assert linked("{s:Ann Lee} {u:said} {c:{s:Bo Dun} {u:denied} {c:the charge}}.") == [
        ("Ann Lee", "said", ["Bo Dun denied the charge"]),
        ("Bo Dun", "denied", ["the charge"]),
    ]


def test_a_second_verb_shares_the_subject():
    assert linked("{s:Ann Lee} {u:called} {c:it a sham} and {u:urged} him {c:to go}.") == [
        ("Ann Lee", "called", ["it a sham"]),
        ("Ann Lee", "urged", ["to go"]),
    ]
    assert linked("{s:Ann Lee} {u:said} {c:it rains}, {u:adding} {c:that it pours}.")[1][0] == "Ann Lee"
    assert linked("{s:Tarn Bank}, which {u:rates} {c:it low}, {u:forecast} {c:a loss}.")[1][0] == "Tarn Bank"


def test_a_verb_before_its_speaker_wins_over_what_the_speaker_does():
    written = '{c:"No,"} {u:said} {s:Ann Lee}, who {u:voted} {c:late}.'
    assert linked(written)[0] == ("Ann Lee", "said", ['"No,"'])


def test_a_passive_has_no_speaker():
    assert linked("{s:Ann Lee} {u:said} {c:so} when {u:it was announced} {c:that it rains}.")[1][0] is None


def test_a_source_beside_a_content_needs_no_cue_but_a_content_needs_one_of_them():
    assert linked("{s:Ann Lee}: {c:it rains}.") == [("Ann Lee", None, ["it rains"])]
    assert linked("Well, {c:it rains}.") == []


def test_content_goes_on_in_the_next_sentence_of_its_paragraph_only():
    first = "{s:Ann Lee} {u:said} {c:it would rain}. "
    assert hear(first + "{c:It would pour}.").of("It would pour") == "Ann Lee"
    assert hear(first + "It rained. {c:It would pour}.").of("It would pour") == "author"
    assert hear(first + "{c:Would it pour}?").of("Would it pour") == "author"
    assert hear(first.strip() + "\n\n{c:It would pour}.").of("It would pour") == "author"


def test_bylines_and_datelines_say_nothing():
    heard = hear(
        "Rain in Tarn Again Today\n\n{u:By} {s:Ann Lee} and {c:Bo Dun}\n\nIt rained for a week in all of Tarn."
    )
    assert heard.voices.attributions == ()

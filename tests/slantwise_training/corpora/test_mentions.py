"""The form of a mention, guessed from its words, and the kind it makes."""

import pytest

from slantwise.labels import MentionKind
from slantwise_training.corpora.mentions import Form, form_of, kind_of


@pytest.mark.parametrize(
    ("mention", "form"),
    [
        ("the Kurdish YPG", Form.NAMED),
        ("Iraqi troops", Form.NOMINAL),
        ("rebels", Form.NOMINAL),
        ("President of the republic", Form.NAMED),
        ("the government of Zedland", Form.NOMINAL),
        ("They", Form.PRONOUN),
        ("(", Form.NOMINAL),
        ("iPhone", Form.NAMED),
    ],
)
def test_form_of(mention, form):
    assert form_of(mention.split()) is form


def test_a_first_word_is_no_name_where_the_document_has_it_in_lower_case():
    assert form_of(["Police"], {"police"}, first=True) is Form.NOMINAL
    assert form_of(["Police"], {"other"}, first=True) is Form.NAMED
    assert form_of(["Police"], {"police"}) is Form.NAMED


@pytest.mark.parametrize(
    ("named", "form", "kind"),
    [
        (MentionKind.PERSON, Form.NAMED, MentionKind.PERSON),
        (MentionKind.PERSON, Form.NOMINAL, MentionKind.ACTOR),
        (MentionKind.ORGANISATION, Form.NOMINAL, MentionKind.ACTOR),
        (MentionKind.PLACE, Form.NOMINAL, MentionKind.OTHER),
        (MentionKind.PLACE, Form.PRONOUN, MentionKind.PRONOUN),
        (MentionKind.OTHER, Form.NAMED, MentionKind.OTHER),
    ],
)
def test_kind_of(named, form, kind):
    assert kind_of(named, form) is kind

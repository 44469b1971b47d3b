"""Words that tell of speech, thought or attitude: what the cue of an attribution is made of."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["is_cue_like", "is_first_person"]

_STEMS = (
    # speech
    "according accus acknowledg add admi(?:t|ss) advis affirm alleg announc answer appeal argu ask assert assur "
    "attest aver beg blurt boast brag brief call caution challeng chant chid cit(?:e|ing|ation) claim clarif comment "
    "complain conced conclud confess confid confirm contend convey counter cr(?:y|ied|ies) declar declin demand "
    "den(?:y|i) describ detail dictat disclos discuss dismiss dub echo elaborat emphasi exclaim explain express "
    "forecast gloat hint impl(?:y|ied|ies) implor indicat inform insinuat insist instruct invit jok joking lament "
    "let\\sit\\sbe\\sknown letter list maintain memo mention message mumbl mutter not(?:e|es|ed|ing)\\b object observ "
    "offer opin order outlin persuad plead pled point portray predict proclaim promis propos protest question quip "
    "quot(?:e|ed|es|ing) rais(?:e|ed|es|ing) react read rebut recall recommend recount refer refus refut reiterat "
    "relat relay remark remarks remind repeat repl(?:y|ied|ies) report request respon restat retort retweet reveal "
    "rul(?:e|ed|es|ing) said say shout signal slogan snap speak specif speculat spoke stat(?:e|ed|es|ing|ement)\\b "
    "stipulat stress suggest swear swore talk tell testif testimon threat told tout tweet underlin underscor urg voic "
    "volunteer vow warn whin whisper word writ wrot yell "
    # thought
    "anticipat assum belie[fv] bet certain concern confiden(?:t|ce) consider contemplat convinc decid decision deem "
    "determin doubt estimat expect fear feel felt figur find found guess hold(?:s|ing)?\\sthat hope hoping imagin "
    "intend intent judg know known learn mean(?:s|t|ing)?\\b mull opinion optimis pessimis plan ponder realis realiz "
    "reason reckon regard remember seem sens(?:e|ed|es)\\b suppos sure surmis suspect think thought understand "
    "understood view weigh wonder worr "
    # attitude
    "accept admir agree aim ambiti angr applau approv aspir assail attack attitude avow back(?:s|ed|ing)?\\b berat "
    "blam blast bristl castigat celebrat champion character chastis cheer commend committed condemn congratulat "
    "credit cringe critic decr(?:y|ied|ies) defend defi deni denounc deplor deris desir despis detest disagree "
    "disappoint disapprov dislik disput eager embrac encourag endors enjoy envy faul favor favour fum furious glad "
    "grat(?:eful|itude) hail happy hate hostil insult keen lambast laud like[sd]? loath lov(?:e|es|ed) mock need "
    "oppos optim outrag pledg prais prefer proud rail reassur rebuff rebuk recogni regret reject relish reluctan "
    "reprimand repris repudiat resent resist ridicul scoff scold scorn slam sneer sorry split support "
    "sympath thank trust unhappy unwilling upset vilif vot(?:e|ed|es|ing) want welcom will(?:ing|ingness) wish "
)
_CUE = re.compile(rf"(?<!\w)(?:re|un|dis|mis|over)?(?:{'|'.join(_STEMS.split())})|:$|n[’']t\b", re.I)
_SUFFERED = re.compile(r"\b(?:is|are|was|were|been|be)\s(?:\w+ly\s)?\w+\sby$", re.I)
_FIRST_PERSON = re.compile(r"(?:i|we|i myself)\W*$", re.I)


@lru_cache(maxsize=8192)
def is_cue_like(words: str) -> bool:
    """Whether the words of a cue tell of speech, thought or attitude ("has denied"), not of a deed ("was paid by")."""
    return bool(_CUE.search(words)) and not _SUFFERED.search(words)


def is_first_person(words: str) -> bool:
    """Whether a source is "I" or "we": outside quotation marks that is the author, and he is never a source."""
    return bool(_FIRST_PERSON.match(words))

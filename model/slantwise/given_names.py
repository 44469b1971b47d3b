"""Whether a person is called by a man's or a woman's name or title, where that is plain."""

from __future__ import annotations

import re

__all__ = ["gender_of"]

_MEN = frozenset(
    "aaron abdul abdullah adam ahmed alan albert alejandro aleksandr alexander alfred ali allan allen andre"
    " andreas andrei andrew angus anthony antonio arnold arthur barack bashar ben benedict benjamin bernard"
    " bernie bill billy bob bobby boris bradley brandon brian bruce bryan carl carlos charles charlie chris"
    " christian christopher chuck clarence claude colin craig dan daniel darren dave david dennis derek diego"
    " dmitry dominic don donald douglas duncan earl eddie edgar edmund eduardo edward edwin elliott emmanuel"
    " enrique eric erik ernest eugene evan felix fernando francisco frank franz fred frederick gabriel gary gavin"
    " geoffrey george gerald gerard giovanni gordon graham greg gregory guy hamid hans harold harry hassan hector"
    " henri henry herbert howard hugh hugo hussein ian ibrahim igor isaac ivan jack jacob jacques jake james"
    " jared jason jeff jeffrey jeremy jerome jerry jim jimmy joe joel johann john johnny jon jonathan jorge jose"
    " joseph josh joshua juan julian julius justin karl keith ken kenneth kevin khalid kurt kyle lance larry"
    " lawrence leo leon leonard liam louis lucas luis luke malcolm manuel marc marco marcus mario mark martin"
    " matt matthew maurice max michael miguel mike mikhail mitch mitt mohamed mohammad mohammed muhammad nathan"
    " neil nicholas nick nicolas nigel noah norman oleg oliver osama oscar otto owen pablo patrick paul pedro"
    " pete peter philip phillip pierre rafael ralph ramon randy raymond recep reginald ricardo richard rick rob"
    " robert roberto rod rodrigo roger roland ron ronald ross roy rudolph rupert russell ryan sam samuel scott"
    " sean sebastian sergei sergey seth shane sidney simon stanley stefan stephen steve steven stuart ted terry"
    " theodore thomas tim timothy todd tom tommy tony trevor tyler victor vincent vladimir wally walter warren"
    " wayne will william winston xavier yusuf".split()
)
_WOMEN = frozenset(
    "abigail ada adele agnes aisha alexandra alice alicia alison amanda amber amelia amy ana anastasia angela"
    " anita ann anna anne annette annie april ashley audrey barbara beatrice becky bella bernadette beth betty"
    " beverly brenda bridget brigitte camila carla carmen carol caroline carolyn carrie catherine cecilia"
    " charlotte chelsea cheryl christina christine cindy claire clara claudia colleen condoleezza connie cristina"
    " cynthia daisy danielle dawn deborah debra denise diana diane dolores donna doris dorothy edith eileen"
    " elaine eleanor elena elisabeth elizabeth ella ellen emily emma erica erin esther ethel eva evelyn fatima"
    " fiona flora florence frances gabrielle gail georgina geraldine gina ginny gladys gloria grace greta hannah"
    " harriet heather heidi helen helena hillary holly ida ingrid irene iris isabel isabella ivanka jackie"
    " jacqueline jane janet janice jasmine jeanne jennifer jenny jessica jill joan joanna joanne josephine joyce"
    " juanita judith judy julia juliana julie juliet june karen kate katherine kathleen kathryn kathy katie"
    " katrina kayla kimberly kirsten kristen kristin laura lauren laurie leah leila lena lillian lily linda lisa"
    " liz lois loretta lori louise lucia lucille lucy lydia mabel madeleine maggie margaret maria marianne marie"
    " marilyn marina marjorie marlene martha mary matilda maureen megan melania melanie melissa meredith michelle"
    " mildred miranda miriam molly monica muriel nadia nancy naomi natalia natalie nicola nicole nikki nina nora"
    " norma olga olivia pamela patricia paula pauline peggy penelope phyllis polly priscilla rachel rebecca renee"
    " rita roberta rosa rose rosemary roxanne ruth sabrina sally samantha sandra sara sarah shannon sharon sheila"
    " shirley silvia sofia sonia sophia sophie stella stephanie susan suzanne sylvia tamara tanya tara teresa"
    " theresa tiffany tina tracy ursula valerie vanessa vera veronica victoria violet virginia vivian wanda wendy"
    " yolanda yvonne zoe".split()
)
_MALE = re.compile(
    r"\b(?:mr|sir|lord|king|prince|pope|father|duke|husband|boy|son|brother|uncle"
    r"|(?:gentle|chair|spokes|congress|business|police|council|sales|states|fisher|fire|service|fore|crafts|anchor|noble"
    r"|alder|assembly|english|irish|french|lay)?man)\b",
    re.I,
)
_FEMALE = re.compile(
    r"\b(?:mrs|ms|miss|dame|lady|queen|princess|mother|sister|duchess|wife|widow|girl|daughter|aunt|\w*woman|actress)\b",
    re.I,
)


def gender_of(name: str) -> int:
    """1 where a person's words are a woman's, -1 where they are a man's, 0 where they do not tell."""
    if _FEMALE.search(name):
        return 1
    if _MALE.search(name):
        return -1
    for word in re.findall(r"[^\W\d_]+", name):
        lower = word.casefold()
        if lower in _WOMEN:
            return 1
        if lower in _MEN:
            return -1
    return 0

"""Countries by their other names, and the words for their people: "U.S.", "Americans" and "the United States"."""

from __future__ import annotations

__all__ = ["COUNTRIES", "DEMONYMS", "country_of"]

_SAME = {
    "united states": "us|usa|u.s.|u.s.a.|america|united states of america",
    "united kingdom": "uk|u.k.|gb|britain|great britain",
    "european union": "eu|e.u.",
    "united nations": "un|u.n.",
    "united arab emirates": "uae|u.a.e.|emirates",
    "north korea": "dprk|democratic people's republic of korea",
    "south korea": "republic of korea",
    "china": "prc|people's republic of china",
    "russia": "russian federation",
    "iran": "islamic republic of iran",
    "turkey": "türkiye",
    "myanmar": "burma",
    "czech republic": "czechia",
    "ivory coast": "côte d'ivoire",
    "saudi arabia": "kingdom of saudi arabia",
    "democratic republic of the congo": "dr congo|drc",
}
_PEOPLE = (
    "afghanistan:afghan|albania:albanian|algeria:algerian|angola:angolan|argentina:argentine,argentinian"
    "|armenia:armenian|australia:australian,aussie|austria:austrian|azerbaijan:azerbaijani,azeri|bahrain:bahraini"
    "|bangladesh:bangladeshi|belarus:belarusian|belgium:belgian|bolivia:bolivian|bosnia:bosnian|brazil:brazilian"
    "|bulgaria:bulgarian|cambodia:cambodian|cameroon:cameroonian|canada:canadian|chile:chilean|china:chinese"
    "|colombia:colombian|croatia:croatian,croat|cuba:cuban|cyprus:cypriot|czech republic:czech|denmark:danish,dane"
    "|ecuador:ecuadorian|egypt:egyptian|england:english,englishman|estonia:estonian|ethiopia:ethiopian"
    "|finland:finnish,finn|france:french,frenchman|georgia:georgian|germany:german|ghana:ghanaian|greece:greek"
    "|guatemala:guatemalan|haiti:haitian|honduras:honduran|hungary:hungarian|iceland:icelandic,icelander"
    "|india:indian|indonesia:indonesian|iran:iranian|iraq:iraqi|ireland:irish,irishman|israel:israeli|italy:italian"
    "|jamaica:jamaican|japan:japanese|jordan:jordanian|kazakhstan:kazakh|kenya:kenyan|kosovo:kosovar|kuwait:kuwaiti"
    "|latvia:latvian|lebanon:lebanese|libya:libyan|lithuania:lithuanian|malaysia:malaysian|mali:malian"
    "|malta:maltese|mexico:mexican|moldova:moldovan|mongolia:mongolian|morocco:moroccan|mozambique:mozambican"
    "|myanmar:burmese|nepal:nepalese,nepali|netherlands:dutch,dutchman|new zealand:new zealander"
    "|nicaragua:nicaraguan|nigeria:nigerian|north korea:north korean|norway:norwegian|oman:omani|pakistan:pakistani"
    "|palestine:palestinian|panama:panamanian|paraguay:paraguayan|peru:peruvian|philippines:filipino,philippine"
    "|poland:polish,pole|portugal:portuguese|qatar:qatari|romania:romanian|russia:russian|rwanda:rwandan"
    "|saudi arabia:saudi,saudi arabian|scotland:scottish,scot|senegal:senegalese|serbia:serbian,serb"
    "|singapore:singaporean|slovakia:slovak,slovakian|slovenia:slovenian,slovene|somalia:somali"
    "|south africa:south african|south korea:south korean|south sudan:south sudanese|spain:spanish,spaniard"
    "|sri lanka:sri lankan|sudan:sudanese|sweden:swedish,swede|switzerland:swiss|syria:syrian|taiwan:taiwanese"
    "|tanzania:tanzanian|thailand:thai|tibet:tibetan|tunisia:tunisian|turkey:turkish,turk|uganda:ugandan"
    "|ukraine:ukrainian|united arab emirates:emirati|united kingdom:british,briton,brit|united states:american"
    "|uruguay:uruguayan|uzbekistan:uzbek|venezuela:venezuelan|vietnam:vietnamese|wales:welsh,welshman|yemen:yemeni"
    "|zambia:zambian|zimbabwe:zimbabwean"
)

COUNTRIES: dict[str, str] = {
    other: country for country, others in _SAME.items() for other in (country, *others.split("|"))
}
"""Each other name of a country or a body of countries, in small letters, and its usual one."""

DEMONYMS: dict[str, str] = {
    word: country
    for country, _, words in (row.partition(":") for row in _PEOPLE.split("|"))
    for one in words.split(",")
    for word in (one, f"{one.removesuffix('man')}men" if one.endswith("man") else f"{one}s")
}
"""The words for a country's people and for what is its own, in small letters, and the country."""


def country_of(name: str) -> str | None:
    """The country that a name or a demonym in small letters stands for; None where it is none."""
    return COUNTRIES.get(name) or DEMONYMS.get(name) or (name if name in _NAMES else None)


_NAMES = frozenset(DEMONYMS.values())

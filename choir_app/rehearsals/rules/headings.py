"""Which heading of somebody else's sheet means what: a table of words, in Swedish and in other systems' English.

Read from the exports and help pages of Groupanizer, HarmonySite, Chorus Connection, Konzertmeister and Muzodo.
"""

from choir_app.foundation.lists import NUMBER
from choir_app.foundation.text import folded

NOT_KEPT = "not_kept"
"""A column with something that we keep of nobody, such as where somebody was born."""

WORDS: dict[str, tuple[str, ...]] = {
    "first_name": (
        *("förnamn", "tilltalsnamn", "kallas", "first name", "firstname", "first", "given name", "forename"),
        *("preferred name", "nickname", "vorname", "fornavn"),
    ),
    "surname": (
        *("efternamn", "last name", "lastname", "last", "surname", "family name", "nachname", "etternavn"),
        "efternavn",
    ),
    "name": (
        *(
            "namn",
            "för och efternamn",
            "sångare",
            "sångarens namn",
            "deltagare",
            "medlem",
            "körmedlem",
            "namnlista",
        ),
        *("name", "full name", "fullname", "display name", "member", "member name", "singer", "participant"),
        *("navn", "user", "person"),
    ),
    "voice": (
        *(
            "stämma",
            "stäm",
            "röst",
            "körstämma",
            "stämgrupp",
            "voice part",
            "voicepart",
            "voice",
            "part",
            "section",
        ),
        *(
            "subgroup",
            "subgroups",
            "sub group",
            "singing part",
            "stimme",
            "stimmgruppe",
            "register",
            "stemme",
        ),
        *("instrument", "instruments"),
    ),
    "phone": (
        *(
            "telefon",
            "telefonnummer",
            "telefonnr",
            "tel",
            "tfn",
            "mobil",
            "mobiltelefon",
            "mobilnummer",
            "mobilnr",
        ),
        *(
            "phone",
            "phone number",
            "mobile",
            "mobile phone",
            "mobile number",
            "cell",
            "cell phone",
            "cellphone",
        ),
        *("primary phone", "home phone", "telephone", "handy", "telefonnumer"),
    ),
    "email": (
        *(
            "mejl",
            "mejladress",
            "mail",
            "mailadress",
            "e post",
            "epost",
            "e postadress",
            "epostadress",
            "e mail",
        ),
        *("email", "email address", "e mail address", "primary email", "email 1", "mailaddress"),
    ),
    "reads": (
        *(
            "språk",
            "läser",
            "läser helst på",
            "läsespråk",
            "talar",
            "language",
            "preferred language",
            "languages",
        ),
        "sprache",
    ),
    "since": (
        *("började", "börjat", "start", "startdatum", "från", "från och med", "med sedan", "medlem sedan"),
        *(
            "gick med",
            "inträde",
            "inträdesdatum",
            "joined",
            "date joined",
            "join date",
            "joined on",
            "start date",
        ),
        *("member since", "membership start", "since", "date of joining", "eintritt", "joined date"),
    ),
    "note": (
        *("anteckning", "anteckningar", "kommentar", "kommentarer", "övrigt", "notering", "notes", "note"),
        *("comment", "comments", "remarks", "bemerkung"),
    ),
    NUMBER: (
        *(
            "personnummer",
            "personnr",
            "person nr",
            "pnr",
            "samordningsnummer",
            "födelsenummer",
            "personal number",
        ),
        *("personal identity number", "social security number", "ssn", "national id", "id nummer", "id nr"),
        *("personnummer 10 siffror", "personnummer 12 siffror", "fødselsnummer", "fodselsnummer"),
    ),
    NOT_KEPT: (
        *("födelsedatum", "födelsedag", "född", "födelseår", "ålder", "birthday", "birthdate", "birth date"),
        *(
            "date of birth",
            "dob",
            "age",
            "geburtstag",
            "geburtsdatum",
            "födelseland",
            "country of birth",
            "land",
        ),
        *(
            "hemland",
            "ursprung",
            "nationalitet",
            "medborgarskap",
            "country",
            "nationality",
            "religion",
            "tro",
        ),
        *(
            "hälsa",
            "diagnos",
            "allergi",
            "allergier",
            "health",
            "medical",
            "allergies",
            "dietary requirements",
        ),
        *("frånvaroorsak", "orsak", "uppehållstillstånd", "asyl", "status i sverige", "kön", "gender", "sex"),
        *("adress", "gatuadress", "postadress", "address", "street", "street address", "längd", "height"),
    ),
    "skip": (
        *(
            "nr",
            "nummer",
            "rad",
            "id",
            "summa",
            "totalt",
            "total",
            "antal",
            "procent",
            "snitt",
            "status",
            "no",
        ),
        *(
            "username",
            "user name",
            "password",
            "avatar",
            "photo",
            "group",
            "groups",
            "role",
            "roles",
            "attendance",
        ),
        *(
            "attendance %",
            "percentage",
            "sum",
            "present",
            "absent",
            "närvaro",
            "frånvaro",
            "member type",
            "dues",
        ),
    ),
}

MEANING: dict[str, str] = {folded(word): field for field, words in WORDS.items() for word in words}

NOT_PEOPLE = frozenset(
    folded(word)
    for word in (
        *(
            "summa",
            "totalt",
            "total",
            "antal",
            "snitt",
            "medel",
            "närvarande",
            "antal närvarande",
            "sum",
            "average",
        ),
        *("summa närvarande", "antal deltagare", "count", "present", "datum", "ledare", "körledare"),
    )
)
"""What stands where names stand and is nobody's: the line with the sums."""

GUESTS = frozenset(
    folded(word) for word in ("gäster", "gäst", "besökare", "drop in", "övriga", "guests", "visitors")
)
"""The line that says how many came whose names nobody wrote."""

LANGUAGES: dict[str, str] = {
    folded(word): code
    for code, words in {
        "sv": ("sv", "svenska", "swedish"),
        "sv-latt": ("sv-latt", "lätt svenska", "easy swedish", "enkel svenska"),
        "en": ("en", "engelska", "english"),
        "am": ("am", "amhariska", "amharic", "አማርኛ"),
        "ar": ("ar", "arabiska", "arabic", "العربية"),
        "ckb": ("ckb", "sorani", "kurdiska sorani", "کوردیی ناوەندی"),
        "es": ("es", "spanska", "spanish", "español"),
        "fa": ("fa", "persiska", "farsi", "persian", "فارسی"),
        "fi": ("fi", "finska", "finnish", "suomi"),
        "fr": ("fr", "franska", "french", "français"),
        "kmr": ("kmr", "kurmanji", "kurdiska", "kurdiska kurmanji", "kurdish", "kurmancî"),
        "pl": ("pl", "polska", "polish", "polski"),
        "prs": ("prs", "dari", "دری"),
        "ps": ("ps", "pashto", "پښتو"),
        "ru": ("ru", "ryska", "russian", "русский"),
        "so": ("so", "somaliska", "somali", "soomaali"),
        "sw": ("sw", "swahili", "kiswahili"),
        "th": ("th", "thailändska", "thai", "ไทย"),
        "ti": ("ti", "tigrinska", "tigrinja", "tigrinya", "ትግርኛ"),
        "tr": ("tr", "turkiska", "turkish", "türkçe"),
        "uk": ("uk", "ukrainska", "ukrainian", "українська"),
        "ur": ("ur", "urdu", "اردو"),
        "vi": ("vi", "vietnamesiska", "vietnamese", "tiếng việt"),
    }.items()
    for word in words
}
"""What people write for a language to read in."""

VOICES: dict[str, tuple[str, ...]] = {
    "sopran": ("s", "sop", "soprano", "sopraner", "soprans"),
    "alt": ("a", "alto", "altar", "alts"),
    "tenor": ("t", "ten", "tenorer", "tenors"),
    "bas": ("b", "bass", "basar", "basses"),
}
"""Short and English forms of the usual voices."""

_SHORT_VOICES = {folded(form): voice for voice, forms in VOICES.items() for form in forms}


def meaning_of(heading: str) -> str | None:
    """What a column with this heading holds, or None when nobody knows."""
    plain = folded(heading)
    if plain in MEANING:
        return MEANING[plain]
    if any(word in plain.split() for word in ("personnummer", "personnr", "pnr")):
        return NUMBER
    return None


def usual_voice(written: str) -> str:
    """The voice as it is compared: «S», «Soprano» and «sopran» are the same."""
    plain = folded(written)
    return _SHORT_VOICES.get(plain, plain)


def language_of(written: str) -> str | None:
    """The code of the language that was written, or None when it is not one of ours."""
    return LANGUAGES.get(folded(written))

"""Which heading and which word of somebody else's list of organisations means what, in Swedish and in English.

The English words are those of the exports of CiviCRM, Salesforce, HubSpot, EspoCRM and Odoo.
"""

from choir_app.foundation.lists import NUMBER
from choir_app.foundation.text import folded

WORDS: dict[str, tuple[str, ...]] = {
    "name": (
        *(
            "partner",
            "organisation",
            "organisationsnamn",
            "företag",
            "företagsnamn",
            "bolag",
            "förening",
            "kund",
        ),
        *(
            "givare",
            "finansiär",
            "bidragsgivare",
            "sponsor",
            "namn på organisation",
            "verksamhet",
            "arbetsgivare",
        ),
        *("organization", "organization name", "organisation name", "company", "company name", "account"),
        *("account name", "customer", "donor", "funder", "employer", "current employer"),
    ),
    "kind": (
        *("typ", "sort", "slag", "kategori", "bransch", "partnertyp", "typ av partner", "sektor"),
        *(
            "type",
            "kind",
            "category",
            "industry",
            "sector",
            "account type",
            "organization type",
            "contact type",
        ),
    ),
    "towns": (
        *("ort", "orter", "stad", "städer", "postort", "kommunnamn", "plats", "var"),
        *("town", "towns", "city", "cities", "location", "billing city", "mailing city"),
    ),
    "website": (
        *("webbplats", "webbsida", "hemsida", "webb", "webbadress", "länk", "url"),
        *("website", "web", "homepage", "site", "website url", "company domain name"),
    ),
    "about": (
        *(
            "om",
            "om partnern",
            "beskrivning",
            "anteckning",
            "anteckningar",
            "kommentar",
            "notering",
            "övrigt",
        ),
        *("description", "about", "note", "notes", "comment", "comments", "background"),
    ),
    "person": (
        *("kontaktperson", "kontakt", "kontaktpersonens namn", "person", "ansvarig hos partnern", "referens"),
        *("contact", "contact name", "contact person", "primary contact", "full name", "person name"),
    ),
    "first_name": ("förnamn", "tilltalsnamn", "first name", "firstname", "given name"),
    "surname": ("efternamn", "last name", "lastname", "surname", "family name"),
    "role": (
        *("roll", "titel", "befattning", "yrke", "funktion", "yrkestitel"),
        *("role", "title", "job title", "position"),
    ),
    "phone": (
        *("telefon", "telefonnummer", "tel", "tfn", "mobil", "mobiltelefon", "mobilnummer", "direktnummer"),
        *("phone", "phone number", "mobile", "mobile phone", "telephone", "work phone"),
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
        *("email", "email address", "e mail address", "primary email", "work email"),
    ),
    NUMBER: (
        *("personnummer", "personnr", "person nr", "pnr", "samordningsnummer", "personal identity number"),
        *("social security number", "ssn", "national id", "födelsenummer", "fødselsnummer"),
    ),
    "skip": (
        *(
            "nr",
            "nummer",
            "id",
            "kundnummer",
            "organisationsnummer",
            "orgnr",
            "org nr",
            "adress",
            "gatuadress",
        ),
        *("postnummer", "postadress", "land", "status", "ägare", "skapad", "ändrad", "belopp", "summa"),
        *("street", "address", "zip", "zip code", "postal code", "country", "owner", "created", "modified"),
        *("record id", "create date", "last activity date", "amount", "vat number", "tax id"),
    ),
}

MEANING: dict[str, str] = {folded(word): field for field, words in WORDS.items() for word in words}


def meaning_of(heading: str) -> str | None:
    """What a column with this heading holds, or None when nobody knows."""
    plain = folded(heading)
    if plain == folded("namn") or plain == "name":
        return "name"
    if plain in MEANING:
        return MEANING[plain]
    return NUMBER if {"personnummer", "personnr", "pnr"} & set(plain.split()) else None


KINDS: dict[str, tuple[str, ...]] = {
    "housing_company": (
        *("bostadsföretag", "bostadsbolag", "fastighetsbolag", "fastighet", "fastighetsägare", "allmännytta"),
        *("hyresvärd", "bostäder", "housing company", "housing", "real estate", "landlord"),
    ),
    "business": (
        *(
            "näringsliv",
            "företag",
            "bolag",
            "butik",
            "aktiebolag",
            "privat",
            "business",
            "company",
            "corporate",
        ),
        *("sponsor", "private sector"),
    ),
    "community_hall": ("folkets hus", "folkets park", "bygdegård", "medborgarhus", "community hall"),
    "municipality": (
        *("kommun", "region", "myndighet", "offentlig", "offentlig sektor", "stat", "länsstyrelse"),
        *("municipality", "government", "public sector", "authority"),
    ),
    "study_association": ("studieförbund", "folkbildning", "folkhögskola", "study association"),
    "foundation": (
        *(
            "stiftelse",
            "fond",
            "lotteri",
            "stiftelse eller lotteri",
            "foundation",
            "fund",
            "lottery",
            "trust",
        ),
    ),
    "civil_society": (
        *("förening", "ideell förening", "civilsamhälle", "organisation", "församling", "kyrka", "förbund"),
        *("civil society", "non profit", "nonprofit", "ngo", "charity", "association", "church"),
    ),
    "other": ("annan", "annat", "övrigt", "other"),
}
"""What people write for the kinds of partners."""

_KIND_OF: dict[str, str] = {folded(word): kind for kind, words in KINDS.items() for word in words}

_IN_NAMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("community_hall", ("folkets hus", "folkets park", "bygdegard")),
    (
        "study_association",
        ("studieforbund", "abf", "sensus", "studieframjandet", "medborgarskolan", "folkhogskola"),
    ),
    ("municipality", ("kommun", "region", "lansstyrelsen", "forvaltning")),
    ("foundation", ("stiftelse", "fond")),
    ("housing_company", ("bostad", "hyresbost", "fastighet")),
    ("civil_society", ("forening", "forbund", "forsamling", "kyrka")),
    ("business", (" ab", "aktiebolag", "bank")),
)
"""What names tell of the kind; the first that is found."""


def kind_of(written: str) -> str | None:
    """The kind of partner that somebody means by a word, or None when nobody knows."""
    return _KIND_OF.get(folded(written))


def kind_by_name(name: str) -> str | None:
    """The kind that the name of an organisation tells, if it tells one."""
    plain = f" {folded(name)}"
    return next((kind for kind, parts in _IN_NAMES if any(part in plain for part in parts)), None)


ALL_OF_SWEDEN = frozenset(
    folded(word) for word in ("hela sverige", "sverige", "nationellt", "nationell", "alla", "riket", "sweden")
)
"""What people write when somebody works everywhere."""

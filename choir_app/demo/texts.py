"""What the demo network says: news, towns, choirs, rooms, partners and names. Nothing here knows the database.

The facts are the network's own, publicly known; every sentence is ours. People are named in their public roles only;
singers, leaders, rooms and most partners are invented. E-mail addresses end in @example.org and telephone numbers
come from the range that is kept free for fiction (070-174 06 05 to 070-174 06 99).

Days are counted from the funding meeting, which the demo network moves to last Friday: no text names a date.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")

MEETING_ON = date(2019, 10, 11)
"""The Friday on which the funding meeting was held, by video; the demo network moves it by whole weeks."""

NAMES_SEED = 2015


@dataclass(frozen=True)
class TownText:
    """A town where choirs sing or will sing; where it lies in degrees."""

    name: str
    county: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class VenueText:
    """The room where a choir sings."""

    name: str
    room: str
    street_address: str
    way_in: str
    has_coverage: bool
    has_step_free_access: bool


@dataclass(frozen=True)
class ChoirText:
    """A choir, its weekly hour (0 is Monday) and whom to call."""

    name: str
    town: str
    since: date
    weekday: int
    starts: time
    minutes: int
    leader: str
    phone: str
    email: str
    about: str
    coffee_note: str
    venue: VenueText
    regulars: int
    """About how many sing regularly."""


@dataclass(frozen=True)
class ContactText:
    """A person at a partner."""

    person: str
    role: str
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class TouchText:
    """Something that was said with a partner, so many days from the meeting (negative is before)."""

    kind: str
    days: int
    note: str


@dataclass(frozen=True)
class PartnerText:
    """An organisation that helps, or might; `kind` as partners/models.py spells it; no town means all of Sweden."""

    name: str
    kind: str
    towns: tuple[str, ...]
    about: str
    is_thanked: bool = False
    contacts: tuple[ContactText, ...] = ()
    touches: tuple[TouchText, ...] = ()
    next_step: str | None = None
    next_step_days: int = 0
    """Days from the meeting until the next step is due."""


@dataclass(frozen=True)
class VersionText:
    """A news post in another language, or in easy Swedish (`sv-simple`)."""

    language: str
    headline: str
    lead: str
    body: str
    picture_alt: str
    picture_caption: str


@dataclass(frozen=True)
class PostText:
    """A news post, published so many days from the meeting (negative is before); None is a draft.

    `drawing` names a function of drawings.py; `choirs` none means the whole network.
    """

    key: str
    days: int | None
    starts: time
    headline: str
    lead: str
    body: str
    byline_name: str
    byline_role: str
    drawing: str
    picture_alt: str
    picture_caption: str
    choirs: tuple[str, ...] = ()
    tags: tuple[str, ...] = field(default=())
    towns: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    meeting: str | None = None
    """Which meeting it reports, held on the day when it came out."""

    versions: tuple[VersionText, ...] = ()


@dataclass(frozen=True)
class SingerName:
    """An invented singer: a first name, perhaps a surname, and the language to read in (ISO 639)."""

    first_name: str
    surname: str | None
    reads: str


TOWNS: tuple[TownText, ...] = (
    TownText("Boden", "Norrbottens län", 65.8252, 21.6886),
    TownText("Östersund", "Jämtlands län", 63.1792, 14.6357),
    TownText("Norrköping", "Östergötlands län", 58.5877, 16.1826),
    TownText("Linköping", "Östergötlands län", 58.4108, 15.6214),
    TownText("Göteborg", "Västra Götalands län", 57.7089, 11.9746),
    TownText("Stockholm", "Stockholms län", 59.3293, 18.0686),
    TownText("Sundsvall", "Västernorrlands län", 62.3908, 17.3063),
)
"""Five towns with a choir, and the two that come next."""


CHOIRS: tuple[ChoirText, ...] = (
    ChoirText(
        name="Östersund",
        town="Östersund",
        since=date(2015, 9, 2),
        weekday=2,
        starts=time(17, 30),
        minutes=120,
        leader="Mikael Fors",
        phone="070-174 06 11",
        email="ostersund@example.org",
        about="Här började allt, på Grytan utanför stan. Vi sjunger i tre stämmor och ibland i fyra. Kom som du är.",
        coffee_note="Vi fikar klockan 18.30. Alla är bjudna.",
        venue=VenueText(
            "Musikhuset Tonen",
            "Stora salen",
            "Exempelgatan 12",
            "Gå in från gården. Salen ligger rakt fram.",
            has_coverage=True,
            has_step_free_access=True,
        ),
        regulars=52,
    ),
    ChoirText(
        name="Boden",
        town="Boden",
        since=date(2018, 9, 4),
        weekday=1,
        starts=time(18, 0),
        minutes=120,
        leader="Elin Norlund",
        phone="070-174 06 05",
        email="boden@example.org",
        about="Vi sjunger på svenska och lär oss orden på vägen. Barn får följa med. Efteråt dricker vi kaffe och pratar.",
        coffee_note="Kom gärna 17.45. Då finns fika.",
        venue=VenueText(
            "Folkets hus",
            "Källaren",
            "Exempelgatan 1",
            "Gå in på baksidan och ner för trappan. Följ sången.",
            has_coverage=False,
            has_step_free_access=False,
        ),
        regulars=38,
    ),
    ChoirText(
        name="Norrköping",
        town="Norrköping",
        since=date(2018, 10, 1),
        weekday=0,
        starts=time(17, 30),
        minutes=120,
        leader="Samira Haddad",
        phone="070-174 06 22",
        email="norrkoping@example.org",
        about="Vi är grannar som blev en kör. Många bor i kvarteret, andra tar spårvagnen. Alla får plats.",
        coffee_note="Det finns te, kaffe och frukt från klockan 17.",
        venue=VenueText(
            "Kvarterslokalen Väven",
            "Bottenvåningen",
            "Exempelvägen 8",
            "Dörren med den gula grytan på. Ring på klockan om det är låst.",
            has_coverage=True,
            has_step_free_access=True,
        ),
        regulars=36,
    ),
    ChoirText(
        name="Linköping",
        town="Linköping",
        since=date(2019, 2, 6),
        weekday=2,
        starts=time(18, 0),
        minutes=120,
        leader="Jenny Ekdahl",
        phone="070-174 06 33",
        email="linkoping@example.org",
        about="Den yngsta kören. Vi är inte så många än, så varje röst hörs. Vi sjunger gamla visor och nya låtar.",
        coffee_note="Fika i pausen klockan 19.",
        venue=VenueText(
            "Folkhögskolan Linden",
            "Musiksalen",
            "Exempeltorget 3",
            "Ta hissen till våning 2. Musiksalen ligger till vänster.",
            has_coverage=True,
            has_step_free_access=True,
        ),
        regulars=30,
    ),
    ChoirText(
        name="Göteborg",
        town="Göteborg",
        since=date(2018, 9, 6),
        weekday=3,
        starts=time(18, 0),
        minutes=120,
        leader="Daniel Tesfay",
        phone="070-174 06 44",
        email="goteborg@example.org",
        about="Vi sjunger på fyra våningar upp med utsikt över älven. Ett rum intill är barnens. Där finns alltid en vuxen.",
        coffee_note="Kom gärna 17.40. Då dukar vi fram fika tillsammans.",
        venue=VenueText(
            "Föreningshuset Kajen",
            "Våning 4",
            "Exempelkajen 20",
            "Porten är öppen från 17.30. Hissen finns till höger.",
            has_coverage=True,
            has_step_free_access=True,
        ),
        regulars=46,
    ),
)


CANCELLATIONS: tuple[str, ...] = (
    "Körledaren är sjuk.",
    "Lokalen är upptagen den här kvällen.",
    "Det är för halt på vägarna.",
    "Strömmen är borta i huset.",
)
"""Why an evening was cancelled, as the choir was told."""


PARTNERS: tuple[PartnerText, ...] = (
    PartnerText(
        name="Svenska Postkodstiftelsen",
        kind="foundation",
        towns=(),
        about="Betalar projektet som sprider körerna. Första beslutet kom i januari 2019.",
        is_thanked=True,
        contacts=(ContactText("Handläggaren", "handläggare", email="stiftelsen@example.org"),),
        touches=(
            TouchText("mail", -46, "Vi skickade delrapporten. De svarade att den var tydlig."),
            TouchText(
                "call",
                -12,
                "Frågade om det går att förlänga. De vill se hur varje ort tänker efter projektet.",
            ),
        ),
        next_step="Skicka en plan för varje ort",
        next_step_days=27,
    ),
    PartnerText(
        name="Sveriges Körförbund",
        kind="civil_society",
        towns=(),
        about="Äger projektet som sprider körerna. Sköter pengarna och bokföringen.",
        is_thanked=True,
        contacts=(ContactText("Kansliet", "ekonomi", email="korforbundet@example.org"),),
        touches=(TouchText("meeting", -20, "Gick igenom kassan. Nästa avstämning är om en månad."),),
    ),
    PartnerText(
        name="Postkodlotteriets Kulturstiftelse",
        kind="foundation",
        towns=("Östersund",),
        about="Gav kören i Östersund pengar från maj till oktober 2016.",
        contacts=(ContactText("Kansliet", "ansökningar", email="kulturstiftelsen@example.org"),),
    ),
    PartnerText(
        name="Bodenbo",
        kind="housing_company",
        towns=("Boden",),
        about="Kommunens bostadsföretag i Boden. Arbetar med kören sedan starten.",
        is_thanked=True,
        contacts=(
            ContactText("Berth Lundqvist", "fastighetschef", "070-174 06 51", "berth.lundqvist@example.org"),
        ),
        touches=(
            TouchText(
                "visit", -31, "De kom till repetitionen och stannade på fikat. Många hyresgäster sjunger med."
            ),
            TouchText(
                "meeting", 0, "Videomötet om pengar. De vill gärna fortsätta och ska fråga i ledningen."
            ),
        ),
        next_step="Ringa och fråga vad ledningen sa",
        next_step_days=5,
    ),
    PartnerText(
        name="BIS, Boden Integration Samverkan",
        kind="other",
        towns=("Boden",),
        about="Lokal samverkan i Boden. Hjälper människor att hitta till kören.",
        is_thanked=True,
        contacts=(ContactText("Samordnaren", "samordnare", "070-174 06 52", "bis@example.org"),),
        touches=(
            TouchText("call", -9, "De delar ut våra affischer och följer med dem som är nya första gången."),
        ),
    ),
    PartnerText(
        name="Folkets hus-föreningen",
        kind="community_hall",
        towns=("Boden",),
        about="Lånar ut lokalen i källaren på tisdagar.",
        is_thanked=True,
        contacts=(ContactText("Rolf Ståhl", "föreståndare", "070-174 06 53", "folketshus@example.org"),),
        touches=(TouchText("visit", -24, "Vi får stora salen när vi har konsert."),),
        next_step="Fråga om fler föreningar vill ha en kör",
        next_step_days=12,
    ),
    PartnerText(
        name="Hyresbostäder i Norrköping",
        kind="housing_company",
        towns=("Norrköping",),
        about="Bostadsföretag i Norrköping. Arbetar med utveckling av bostadsområden.",
        is_thanked=True,
        contacts=(
            ContactText(
                "Tomas Lindquist", "områdesutveckling", "070-174 06 54", "tomas.lindquist@example.org"
            ),
        ),
        touches=(
            TouchText("call", -17, "De ser gärna att kören sjunger på gårdarna. Lokalen får vi behålla."),
        ),
        next_step="Skicka ett förslag om gårdskonserter",
        next_step_days=10,
    ),
    PartnerText(
        name="Sveriges Allmännytta",
        kind="other",
        towns=(),
        about="De allmännyttiga bostadsföretagens organisation. Driver Allmännyttans innovationslabb.",
        is_thanked=True,
        contacts=(
            ContactText(
                "Anna Kanervo",
                "projektledare, Allmännyttans innovationslabb",
                "070-174 06 55",
                "anna.kanervo@example.org",
            ),
        ),
        touches=(TouchText("meeting", 0, "Ledde videomötet om pengar. Skriver en nyhet om det."),),
        next_step="Tacka för nyheten och fråga vilka bostadsföretag vi ska ringa",
        next_step_days=4,
    ),
    PartnerText(
        name="Bostadsbolaget Almen",
        kind="housing_company",
        towns=("Göteborg",),
        about="Hyr ut lägenheter nära lokalen i Göteborg.",
        contacts=(ContactText("Helena Broman", "hyreschef", "070-174 06 56", "helena.broman@example.org"),),
        touches=(TouchText("mail", -15, "Vi bjöd in dem till en torsdag. De har inte svarat än."),),
        next_step="Ringa och bjuda in igen",
        next_step_days=3,
    ),
    PartnerText(
        name="Handlarna vid torget",
        kind="business",
        towns=("Östersund",),
        about="Butiker som hjälpte till med de första pengarna i Östersund.",
        is_thanked=True,
        contacts=(ContactText("Per-Olov Näslund", "ordförande", "070-174 06 57", "handlarna@example.org"),),
        touches=(TouchText("call", -38, "De vill gärna hjälpa till igen, men behöver veta med vad."),),
        next_step="Skriva en sida om vad ett företag får",
        next_step_days=18,
    ),
    PartnerText(
        name="Kvartersbageriet",
        kind="business",
        towns=("Linköping",),
        about="Skänker bullar till fikat varje onsdag.",
        is_thanked=True,
        contacts=(ContactText("Nadia Brännström", "ägare", "070-174 06 58", "bageriet@example.org"),),
    ),
    PartnerText(
        name="Studieförbundet Vi lär",
        kind="study_association",
        towns=("Linköping", "Norrköping"),
        about="Har studiecirklar med körerna i Östergötland och lånar ut musiksalen.",
        is_thanked=True,
        contacts=(
            ContactText(
                "Ulrika Sandell", "verksamhetsutvecklare", "070-174 06 59", "studieforbundet@example.org"
            ),
        ),
        touches=(TouchText("mail", -6, "De behöver närvarolistan när terminen är slut."),),
        next_step="Lämna närvarolistan",
        next_step_days=40,
    ),
    PartnerText(
        name="Kulturförvaltningen",
        kind="municipality",
        towns=("Östersund",),
        about="Kommunens förvaltning för kultur. Målet är att kommunen tar över ansvaret för kören.",
        contacts=(ContactText("Ingrid Hallén", "kulturchef", "070-174 06 60", "kultur@example.org"),),
        touches=(TouchText("meeting", -28, "De tycker om kören. Budgeten för nästa år är inte klar."),),
        next_step="Be att få berätta om kören i nämnden",
        next_step_days=21,
    ),
    PartnerText(
        name="Grannföreningen Älvstranden",
        kind="civil_society",
        towns=("Göteborg",),
        about="Ordnar barnens rum på torsdagar.",
        is_thanked=True,
        contacts=(ContactText("Zeynep Aydin", "sekreterare", "070-174 06 61", "grannarna@example.org"),),
    ),
    PartnerText(
        name="Stiftelsen Lyktan",
        kind="foundation",
        towns=(),
        about="Ger pengar till det som får människor att mötas. Tar emot ansökningar två gånger om året.",
        contacts=(ContactText("Märta Olin", "handläggare", "070-174 06 62", "lyktan@example.org"),),
        touches=(TouchText("call", -19, "De vill ha ansökan från förbundet, med en budget för varje ort."),),
        next_step="Fråga när beskedet kommer",
        next_step_days=16,
    ),
    PartnerText(
        name="Kulturnämnden i Linköping",
        kind="municipality",
        towns=("Linköping",),
        about="Fördelar kommunens stöd till kultur i föreningar.",
        contacts=(
            ContactText("Johan Berglund", "kultursekreterare", "070-174 06 63", "linkoping@example.org"),
        ),
        touches=(TouchText("mail", -11, "De svarade att en kör räknas, om den är öppen för alla."),),
    ),
)


POSTS: tuple[PostText, ...] = (
    PostText(
        key="funding_meeting",
        days=0,
        starts=time(16, 0),
        headline="Hur kan körerna sjunga vidare när projektet är slut?",
        lead=(
            "I dag träffades fyra personer på video. Frågan var enkel att ställa och svårare att svara på: "
            "vem kan betala för The Rockin' Pots när projektpengarna tar slut?"
        ),
        body="""\
The Rockin' Pots är en integrationskör. Här sjunger människor som är nya i Sverige tillsammans med människor som har bott här länge. De sjunger på svenska. De träffas en gång i veckan, alla får komma, och efteråt blir det kaffe och prat.

Kören började 2015 på Grytan, ett asylboende utanför Östersund. Därifrån kommer namnet. Jonas och Rosmari Hagström på Jämtlands musikskola bjöd in till sång, och kören i Östersund har haft ungefär 50 medlemmar från 13 länder. Nu finns det också körer i Boden, Norrköping, Linköping och Göteborg. Ungefär 200 personer är med varje vecka.

## Det händer mer än sång

I Östersund har kören lett till saker som ingen hade planerat. Någon hittade en bostad. Någon fick en praktikplats. Många har fått vänner och lärt sig svenska. Flera säger att de mår bättre och sover bättre.

## Pengarna räcker inte för alltid

Sveriges Körförbund äger projektet som sprider körerna. Svenska Postkodstiftelsen betalar. Stödet väntas ta slut efter den kommande sommaren. Tanken är att kommunerna tar över, och orterna är valda för att det ska gå att fortsätta där.

I Boden arbetar kören redan tillsammans med två lokala krafter: BIS, som betyder Boden Integration Samverkan, och kommunens bostadsföretag Bodenbo.

## Tre frågor som vi tog med oss från mötet

1. Vill bostadsföretag, särskilt kommunernas egna, stödja det som för människor samman där de bor?
2. Hur ska vi berätta om körerna så att näringslivet vill vara med?
3. Kan vi göra gemensam sak med Folkets hus-föreningarna? De ordnar redan kultur på många orter.

## De var med

- **Jonas Hagström**, projektledare för The Rockin' Pots
- **Berth Lundqvist**, fastighetschef på Bodenbo
- **Sonia Harr**, körledare i Boden
- **Anna Kanervo**, projektledare för Allmännyttans innovationslabb

## Vet du något som vi borde veta?

Kanske arbetar du på ett bostadsföretag. Kanske är du med i en förening som har en sal som står tom på kvällen. Berätta för oss om goda exempel, både stora och små.
""",
        byline_name="Anna Kanervo",
        byline_role="projektledare, Allmännyttans innovationslabb",
        drawing="video_meeting",
        picture_alt=(
            "Tecknad bärbar dator med ett videomöte i fyra rutor. I två rutor syns personer, "
            "i de två andra är kameran avstängd."
        ),
        picture_caption="Kameran i Boden var avstängd, så bilden visar två av de fyra som var med.",
        choirs=("Boden",),
        tags=("pengar", "möten"),
        partners=("Svenska Postkodstiftelsen", "Sveriges Körförbund", "Bodenbo"),
        meeting="videomötet om hur körerna ska betalas",
        versions=(
            VersionText(
                language="sv-simple",
                headline="Vem ska betala för körerna?",
                lead="Pengarna till körerna tar snart slut. I dag pratade fyra personer om vad vi kan göra.",
                body="""\
The Rockin' Pots är fem körer i Sverige. Här sjunger nya och gamla svenskar tillsammans. Alla får komma. Det är gratis.

Det kostar pengar att ha en kör. En körledare ska ha lön. Lokalen kostar.

I dag betalar Svenska Postkodstiftelsen. Det är en organisation som ger pengar till bra projekt. Nästa år är de pengarna slut.

## Vi vill veta tre saker

1. Vill företag som hyr ut bostäder hjälpa till?
2. Hur ska vi berätta om körerna?
3. Kan vi arbeta ihop med Folkets hus?

## Vet du något?

Berätta för oss om du vet någon som vill hjälpa till.
""",
                picture_alt="En teckning av en dator. På skärmen syns ett möte.",
                picture_caption="Mötet var på video.",
            ),
        ),
    ),
    PostText(
        key="everyday_heroes",
        days=-3,
        starts=time(9, 0),
        headline="Tack till alla vardagshjältar",
        lead=(
            "Det syns sällan i en rapport vem som ställde fram stolarna. "
            "Den här texten är ett tack till dem som gör det varje vecka."
        ),
        body="""\
När ett projekt går bra är det lätt att tacka den som höll i mikrofonen. I dag vill jag tacka de andra.

Tack till dig som låser upp dörren en halvtimme innan någon annan kommer. Tack till dig som kokar kaffe till fler än du vet namnet på. Tack till dig som ser den som står kvar i dörren och säger: kom, sätt dig här.

## Ett hem är mer än fyra väggar

Ett bostadsföretag kan bygga hus. Men ett hem blir det först när någon hälsar på dig i trappan. Det kan ingen bestämma i ett styrelserum. Det gör grannar, vaktmästare, körledare och föreningar, en dag i taget.

Därför är det ni som är hjältarna. Ni gör det som inte står i någon plan, och ni gör det igen nästa vecka.

## Fortsätt berätta

Har du en vardagshjälte nära dig? Berätta om henne eller honom. Ett gott exempel är lättare att följa än ett gott råd.
""",
        byline_name="Lena Liljendahl",
        byline_role="bostadsexpert, Sveriges Allmännytta",
        drawing="coffee_table",
        picture_alt="Tecknat fikabord sett framifrån: en röd kaffekanna, fyra koppar i olika färger, blommor och ett fat med bullar.",
        picture_caption="Kaffet står framme när de första kommer. Någon har varit där tidigare.",
        tags=("tack",),
    ),
    PostText(
        key="small_steps",
        days=-4,
        starts=time(9, 0),
        headline="Många små steg räcker långt tillsammans",
        lead="Ingen löser allt på en gång. Men den som tar ett litet steg gör det lättare för nästa person att ta sitt.",
        body="""\
Jag får ofta frågan vad en innovation är. Många tänker på något med sladd. Jag tänker oftare på en kanna kaffe, en lånad sal och någon som vågade fråga.

I vårt arbete möter vi bostadsföretag som vill att människor ska trivas ihop. De börjar nästan aldrig stort. De börjar så här:

- en lokal som ändå stod tom får bli öppen en kväll i veckan,
- en affisch i trapphuset får text på flera språk,
- en hyresgäst som sjunger i kör tar med sig sin granne.

Vart och ett av stegen är litet. Tillsammans blir de en väg som andra kan gå på.

## Det som är litet går att göra om

Ett litet steg har en fördel till. Blev det fel så backar man och provar igen. Ingen behöver skämmas, och nästa försök blir bättre.

Vilket är ditt nästa steg? Det får gärna vara litet.
""",
        byline_name="Anna Kanervo",
        byline_role="projektledare, Allmännyttans innovationslabb",
        drawing="pots_on_steps",
        picture_alt="Fyra tecknade grytor i olika färger står på var sitt trappsteg. Den minsta står längst ner.",
        picture_caption="Varje steg är litet. Trappan blir lång ändå.",
        tags=("goda exempel",),
    ),
    PostText(
        key="shared_knowledge",
        days=-8,
        starts=time(9, 0),
        headline="Det nya är att kunskapen delas",
        lead=(
            "Under två år har jag följt arbetet i fyra städer. Efter många intervjuer är en sak tydlig: "
            "det viktigaste som har uppstått är sättet att lära av varandra."
        ),
        body="""\
En följeforskare är ungefär som en gäst som stannar länge. Jag har fått sitta med, lyssna och fråga. Jag har intervjuat många: boende, föreningar, tjänstemän och chefer. Resultatet samlas i en rapport.

## Idéerna är sällan helt nya

Att sjunga ihop är inte nytt. Att låna ut en lokal är inte nytt. Ändå har något hänt som jag vill kalla innovation. Det nya ligger i hur kunskapen flyttar sig.

Den som har provat något i en stad berättar för den som ska prova i nästa. Hon berättar också om det som gick fel. Då slipper nästa stad börja från början.

## Det som krävs är tid

Kunskap delas inte av sig själv. Någon måste ha tid att ringa. Någon måste våga säga att det inte gick som planerat. När projekt räknas är det den tiden som först stryks, och det är den som är dyrast att vara utan.

Rapporten är skriven för den som vill börja. Läs den med en penna i handen.
""",
        byline_name="Martin Grander",
        byline_role="följeforskare, Malmö universitet",
        drawing="shared_report",
        picture_alt="Tecknad uppslagen rapport på ett bord. Från boken går streckade linjer till fyra små stadssiluetter.",
        picture_caption="Fyra städer, två år och många samtal. Rapporten är till för den som vill börja.",
        tags=("forskning",),
    ),
    PostText(
        key="more_can_do_more",
        days=-10,
        starts=time(9, 0),
        headline="Fler kan göra mer",
        lead="Ett bostadsområde utvecklas av dem som bor där. Vår uppgift är att öppna dörrar och sedan hjälpa till att bära.",
        body="""\
Jag arbetar med utveckling av bostadsområden. Det låter som om någon utvecklar och någon annan blir utvecklad. Så går det inte till.

Det som fungerar är när flera gör det de är bra på. Hyresgästerna vet vad som saknas på gården. Föreningen vet hur man samlar folk. Bostadsföretaget har nycklar, lokaler och en vaktmästare som känner alla.

## En kör är ett bra exempel

En kör behöver ett rum, en ledare och någon som sätter på kaffet. Inget av det är svårt för sig. Det svåra är att någon måste säga: vi tar det tillsammans.

När kören sjunger i kvarteret händer det något i trapphuset också. Människor som har sjungit bredvid varandra hälsar när de möts i tvättstugan.

## Till dig som undrar om ni är för små

Det är ni inte. Har ni ett rum som står tomt en kväll i veckan har ni redan det som är svårast att hitta.
""",
        byline_name="Tomas Lindquist",
        byline_role="områdesutveckling, Hyresbostäder i Norrköping",
        drawing="courtyard",
        picture_alt="Tecknad gård mellan tre hyreshus i skymning. Många fönster lyser, och på en balkong står en gryta.",
        picture_caption="När kören har sjungit på gården hälsar fler på varandra i trappan.",
        choirs=("Norrköping",),
        tags=("bostad", "goda exempel"),
    ),
    PostText(
        key="first_evening",
        days=-16,
        starts=time(17, 0),
        headline="Så går en kväll till",
        lead="Är du nyfiken men lite nervös? Så här är det att komma till kören för första gången.",
        body="""\
**Du kommer.** Någon hälsar på dig vid dörren. Du säger ditt namn om du vill. Du behöver inte anmäla dig.

**Vi värmer upp.** Vi sträcker på oss och gör konstiga ljud. Alla låter konstigt. Det är meningen.

**Vi sjunger.** Du får texten på papper. Körledaren sjunger först, sedan sjunger alla. Du kan inte göra fel.

**Vi fikar.** Det finns kaffe, te och något gott. Det kostar ingenting. Här pratar vi med varandra, på svenska och med händerna.

**Vi sjunger en gång till.** Den sista sången är alltid en som alla kan.

Sedan går vi hem. Nästa vecka ses vi igen.

[Här ser du när och var vi sjunger](/korer)
""",
        byline_name="Jenny Ekdahl",
        byline_role="körledare i Linköping",
        drawing="rehearsal_room",
        picture_alt="Tecknad repetitionslokal med stolar i en halvcirkel, ett piano, ett notställ och kvällsljus i fönstret.",
        picture_caption="En stol är din. Välj vilken du vill.",
        tags=("börja sjunga",),
        versions=(
            VersionText(
                language="sv-simple",
                headline="Din första kväll i kören",
                lead="Du är välkommen till kören. Du behöver inte kunna sjunga. Det är gratis.",
                body="""\
Du kommer till huset. Någon säger hej till dig.

Först värmer vi upp rösten.

Sedan sjunger vi. Du får ett papper med orden.

Mitt i kvällen fikar vi. Du får kaffe eller te. Fikat är gratis.

Till sist sjunger vi en sång till.

[Här ser du när och var vi sjunger](/korer)
""",
                picture_alt="En teckning av ett rum med stolar och ett piano.",
                picture_caption="Här sjunger vi. Välj en stol.",
            ),
            VersionText(
                language="en",
                headline="An evening with the choir",
                lead="Are you curious but a little nervous? This is what your first evening with us is like.",
                body="""\
**You arrive.** Somebody says hello at the door. You tell us your name if you like. You do not need to sign up.

**We warm up.** We stretch and make strange noises. Everybody sounds strange. That is the point.

**We sing.** You get the words on paper. The leader sings first, then we all do. You cannot do it wrong.

**We have coffee.** There is coffee, tea and something sweet. It costs nothing. Here we talk to each other, in Swedish and with our hands.

**We sing once more.** The last song is always one that everybody knows.

Then we go home. Next week we meet again.

[See when and where we sing](/en/korer)
""",
                picture_alt="A drawing of a rehearsal room with chairs in a half circle, a piano, a music stand and evening light.",
                picture_caption="One chair is yours. Choose the one you like.",
            ),
            VersionText(
                language="ar",
                headline="أمسية مع الكورال",
                lead="هل أنت فضولي لكنك متوتر قليلاً؟ هكذا تكون أمسيتك الأولى معنا.",
                body="""\
**تصل.** يستقبلك شخص عند الباب. لا حاجة إلى التسجيل.

**نغني.** تحصل على الكلمات على ورقة. تغني القائدة أولاً، ثم نغني جميعاً.

**نشرب القهوة.** القهوة والشاي مجانيان. هنا نتحدث معاً.

ثم نعود إلى بيوتنا. ونلتقي في الأسبوع القادم.
""",
                picture_alt="رسم لغرفة التدريب: كراسي في نصف دائرة وبيانو.",
                picture_caption="أحد الكراسي لك. اختر ما تشاء.",
            ),
        ),
    ),
    PostText(
        key="words_on_the_wall",
        days=-23,
        starts=time(12, 0),
        headline="Först orden, sedan sången",
        lead="I Östersund ritar vi sångerna innan vi sjunger dem. Då lär sig alla något, även de som kan svenska.",
        body="""\
Vad är en brygga? Är det en bro eller något vid vattnet? Frågan kom mitt i en visa, och det blev tyst en stund.

Nu börjar vi varje ny sång på samma sätt. Vi läser texten högt. Den som undrar över ett ord frågar. Någon går fram och ritar ordet på en lapp. Lappen får sitta på väggen.

Efter några veckor är väggen full: *brygga, vilse, gryning, längta, båt.*

Det visar sig att många som är födda här inte heller vet vad alla ord betyder. Vi skrattar åt det tillsammans. Sedan sjunger vi, och då sitter orden.

Kom på onsdag. Ta med ett ord som du tycker om.
""",
        byline_name="Mikael Fors",
        byline_role="körledare i Östersund",
        drawing="words_on_wall",
        picture_alt="Tecknad vägg med lappar i fyra färger. På lapparna finns enkla bilder: en båt, en sol, ett hus, en bro, ett hjärta och en nyckel.",
        picture_caption="Varje ord får en lapp och varje lapp en bild.",
        choirs=("Östersund",),
        tags=("språk",),
    ),
    PostText(
        key="early_coffee",
        days=-30,
        starts=time(12, 0),
        headline="Kom en kvart tidigare",
        lead="Det bästa på kvällen händer innan vi sjunger. I Boden är dörren öppen från kvart i sex.",
        body="""\
Förut började vi klockan 18, precis. Den som var ny kom in i ett rum fullt av människor som redan satt. Det är inte lätt.

Så vi gjorde en enkel sak. Vi öppnar 17.45 och sätter på kaffet. Den som är ny får en kopp i handen och någon att prata med. När vi börjar sjunga är ingen längre främmande.

En av våra sångare sa det så här: ”Första gången kom jag för kaffet. Andra gången kom jag för sången. Nu kommer jag för er.”

Lokalen ligger i källaren i Folkets hus. Gå in på baksidan och ner för trappan. Hör du sång är du rätt.
""",
        byline_name="Elin Norlund",
        byline_role="körledare i Boden",
        drawing="pots_and_steam",
        picture_alt="Fyra tecknade grytor i gult, rosa, grönt och blått på en rad, från liten till stor. Det ångar ur dem.",
        picture_caption="Fyra grytor, fyra stämmor. Alla behövs.",
        choirs=("Boden",),
        tags=("fika", "börja sjunga"),
    ),
    PostText(
        key="childrens_room",
        days=-41,
        starts=time(12, 0),
        headline="Barnen fick ett eget rum",
        lead="I Göteborg kan du sjunga medan barnen leker vägg i vägg. Det gör att fler kan komma.",
        body="""\
Flera sångare sa samma sak: jag vill, men vem är med barnen?

Nu har Grannföreningen ordnat ett rum intill. Där finns kritor, klossar och alltid en vuxen som har koll. Dörren står på glänt. Barnen hör sången, och vi hör barnen.

Ibland kommer de in och sjunger med. Det är inget problem. De kan ofta texten bättre än vi.

Så här gör du: säg till i dörren att du har barn med dig. Det är allt.
""",
        byline_name="Daniel Tesfay",
        byline_role="körledare i Göteborg",
        drawing="harbour_town",
        picture_alt="Tecknad hamn i kvällsljus: en bro, en lyftkran och höga hus speglar sig i vattnet. Ett fönster på fjärde våningen lyser gult.",
        picture_caption="Från fjärde våningen ser man älven. Det gula fönstret är vårt.",
        choirs=("Göteborg",),
        tags=("barn",),
    ),
    PostText(
        key="singing_in_the_yard",
        days=-52,
        starts=time(12, 0),
        headline="Vi sjöng på gården och fönstren öppnades",
        lead="En kväll flyttade kören i Norrköping ut. Grannarna hörde oss innan de såg oss.",
        body="""\
Det var varmt i lokalen. Någon sa: kan vi inte gå ut? Så vi bar ut stolarna.

Först var vi lite blyga. Det är en sak att sjunga för varandra och en annan att sjunga för ett helt kvarter. Men efter andra sången öppnades ett fönster. Sedan ett till. En man på tredje våningen sjöng med i refrängen.

Efteråt kom tre grannar ner och frågade vad vi var för några. De är med i kören nu.

Vi gör om det. Du ser på körens sida när vi sjunger ute nästa gång.
""",
        byline_name="Samira Haddad",
        byline_role="körledare i Norrköping",
        drawing="chairs_outside",
        picture_alt="Tecknade stolar i en båge på en gräsmatta under ett träd. Bakom dem står ett hus med öppna fönster.",
        picture_caption="Vi bar ut stolarna. Resten gjorde kvällen.",
        choirs=("Norrköping",),
        tags=("konsert", "grannar"),
    ),
    PostText(
        key="a_place_to_hang_your_coat",
        days=-66,
        starts=time(12, 0),
        headline="En krok för varje jacka",
        lead="En liten sak i hallen gjorde att folk stannade kvar. Den kostade nästan ingenting.",
        body="""\
Vi undrade varför några alltid gick före fikat. Svaret hängde i hallen, eller rättare sagt: det hängde inte där.

Det fanns åtta krokar. Vi var över trettio. Många satt med jackan på hela kvällen, redo att gå.

En av sångarna är snickare. Han tog med en bräda och skruvade upp fyrtio krokar. En annan målade dem i fyra färger, en för varje stämma. Nu hänger jackorna i hallen, och alla stannar.

Har du något litet som skaver i din kör? Fråga kören. Svaret sitter ofta på stolen bredvid.
""",
        byline_name="Jenny Ekdahl",
        byline_role="körledare i Linköping",
        drawing="coat_hooks",
        picture_alt="Tecknad hall med en lång bräda med krokar i fyra färger. På krokarna hänger jackor, halsdukar och en väska.",
        picture_caption="Gult, rosa, grönt och blått. Ta den krok som är ledig.",
        choirs=("Linköping",),
        tags=("goda exempel",),
    ),
    PostText(
        key="next_town",
        days=None,
        starts=time(12, 0),
        headline="Vi letar efter ett rum i Sundsvall",
        lead="Flera i Sundsvall har frågat om de kan få en kör. Nu letar vi efter ett rum och en körledare.",
        body="""\
Vi behöver ett rum för ungefär trettio personer, en kväll i veckan. Det ska gå att komma in med barnvagn. Ett piano är bra, men vi klarar oss utan.

Vi behöver också en körledare som tycker om människor. Det andra kan man lära sig.

Vet du något? Berätta för oss.
""",
        byline_name="Jonas Hagström",
        byline_role="projektledare, The Rockin' Pots",
        drawing="northern_town",
        picture_alt="Tecknad stad vid vattnet med berg bakom. Husen är små, granarna höga och en liten båt ligger vid en brygga.",
        picture_caption="Snart hörs det kanske sång här också.",
        tags=("nya orter",),
        towns=("Sundsvall",),
    ),
)
"""The funding meeting and the four posts beside it, six from the choirs' own evenings, and a draft."""


_NAMES: tuple[tuple[str, int, str, str], ...] = (
    (
        "sv",
        14,
        (
            "Anna-Karin Birgitta Inger Lars Gunilla Göran Margareta Åsa Björn Eva Håkan Kerstin Leif Marie Nils Siv Ulla "
            "Örjan Maja Oskar Lovisa Emil Tova Arvid Britt Stig Ylva Rune Märta Signe"
        ),
        (
            "Sandberg Sjödin Lundström Åkerman Hedlund Norén Wikström Öberg Dahlin Fransson Grahn Ivarsson Kjellberg Lindqvist "
            "Molander Nyström Palm Rosén Svedberg Törnqvist"
        ),
    ),
    (
        "ar",
        5,
        "Amina Fatima Ahmad Layla Youssef Rania Omar Hanan Khaled Mona Samir Nour Tarek Salma Bassam Dima Hadi Reem",
        "Hassan Al-Khalil Haddad Mansour Nasser Saleh Darwish Khoury Al-Masri Barakat Jaber Suleiman",
    ),
    (
        "so",
        4,
        "Hodan Abdi Ayaan Farah Ifrah Mohamed Sahra Yusuf Nimo Liban Hamdi Ismail Deqa Warsan",
        "Warsame Abdullahi Jama Nur Osman Hersi Farole Duale Elmi Guled",
    ),
    (
        "fa",
        4,
        "Mariam Reza Zahra Farid Parwana Hamid Shirin Nasim Habib Laleh Mirwais Fereshta Navid Soraya",
        "Haidari Rahimi Ahmadi Noori Karimi Sadat Yousufi Azizi Hosseini Rezai",
    ),
    (
        "ti",
        3,
        "Rahel Samuel Selam Yonas Feven Dawit Luwam Tesfalem Winta Haben Merhawi Saba",
        "Ghebre Tekle Haile Berhane Kidane Mehari Woldu Habtom Yohannes Araya",
    ),
    (
        "uk",
        3,
        "Olena Taras Iryna Andrij Oksana Mykola Svitlana Bohdan Halyna Yulija Petro Nadija",
        "Bondar Shevchuk Kovalenko Melnyk Savchenko Tkachuk Marchenko Lysenko Hnatiuk Rudenko",
    ),
    (
        "kmr",
        2,
        "Leyla Azad Berivan Rojin Serhat Dilan Baran Hêvî Zelal Şivan Evîn Jiyan",
        "Demir Barzan Aksoy Kaya Botan Sindi Zaxoyî Güneş",
    ),
    (
        "fi",
        2,
        "Aino Pekka Päivi Eero Tuula Jorma Sirkka Väinö Raija Matti",
        "Korhonen Mäkelä Nieminen Järvinen Lehtonen Hämäläinen Koskela Väisänen",
    ),
    (
        "en",
        1,
        "Grace Emmanuel Patience Joseph Blessing Kofi Achieng Precious",
        "Mensah Okafor Otieno Boateng Adeyemi",
    ),
    ("es", 1, "Rosa Diego Lucía Andrés Beatriz Álvaro", "Delgado Peña Vargas Ibáñez"),
    ("pl", 1, "Łukasz Zofia Małgorzata Piotr Jadwiga", "Wójcik Zając Pawlak Górski"),
    ("th", 1, "Malee Somchai Ploy Anong Niran", "Srisai Chaiyo Boonmee"),
)
"""Language to read in, how often, first names, surnames."""


def singer_names(count: int = 240, *, seed: int = NAMES_SEED) -> tuple[SingerName, ...]:
    """Invented singers, each name once, the same ones for the same seed; about every eighth has no surname."""
    chance = Random(seed)  # nosec B311
    names: dict[tuple[str, str | None], SingerName] = {}
    wheel = [row for row in _NAMES for _time in range(row[1])]
    while len(names) < count:
        reads, _often, first_names, surnames = _one_of(wheel, chance)
        first = _one_of(first_names.split(), chance)
        last = None if chance.random() < 0.125 else _one_of(surnames.split(), chance)
        names.setdefault((first, last), SingerName(first, last, reads))
    return tuple(names.values())


def phone_numbers() -> Iterator[str]:
    """The numbers kept free for fiction that nobody else in the demo network has."""
    taken = {choir.phone for choir in CHOIRS} | {
        contact.phone for partner in PARTNERS for contact in partner.contacts if contact.phone
    }
    for last in range(5, 100):
        number = f"070-174 06 {last:02}"
        if number not in taken:
            yield number


def _one_of(things: Sequence[Thing], chance: Random) -> Thing:
    """Drawn by `random()` alone, whose numbers no version of Python changes."""
    return things[int(chance.random() * len(things))]


STUDY_ASSOCIATION = "ABF"

TIP = "I vår tvättstuga hänger en lapp: sjung med oss på torsdag. Nu har sju grannar lärt känna varandra. Kom och skriv om det!"
TIP_WHERE = "Gällivare"


@dataclass(frozen=True)
class OutcomeText:
    """One good thing that happened because of a choir, as a leader wrote it down."""

    choir: str
    outcome: str
    words: str
    may_be_told: bool = True


OUTCOMES: tuple[OutcomeText, ...] = (
    OutcomeText("Boden", "language", "En sångare ringde vårdcentralen själv, på svenska, för första gången."),
    OutcomeText("Boden", "friendship", "Två altar åker skidor ihop på söndagarna."),
    OutcomeText("Östersund", "internship", "En bas har fått praktik på biblioteket."),
    OutcomeText("Göteborg", "job", "En sopran har fått jobb i en skolmatsal."),
    OutcomeText("Norrköping", "housing", "En familj i kören har fått egen lägenhet.", may_be_told=False),
)

"""The parts that pages are built of, drawn with the fields of the house."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask, render_template
from flask_wtf.csrf import CSRFProtect
from jinja2 import FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict

from choir_app.foundation import assets, chart, forms, language
from tests.visitor import inspect

HERE = Path(__file__).parent
WAYS = [
    SimpleNamespace(label="Läget", short="Läget", url="/laget", icon="gauge", is_current=True),
    SimpleNamespace(label="Mer", short="Mer", url="/mer", icon="more", is_current=False),
]
YEAR = chart.month_scale(date(2026, 1, 1), date(2026, 12, 1), left=136, right=814)


LED_TO_BY_THE_FRAME = (
    "overview.contact",
    "accounts.my_account",
    "accounts.sign_out",
    "accounts.sign_out_everywhere",
    "accounts.sign_in",
    "rehearsals.hand_over",
    "rehearsals.signed_out_shell",
)


class EveryField(forms.HouseForm):
    """One of each kind."""

    name = forms.TextLine("Namn", missing="Skriv ditt namn.", description="Det du brukar kallas.")
    email = forms.EmailLine("Mejladress")
    phone = forms.PhoneLine("Mobilnummer")
    password = forms.PasswordLine("Lösenord", missing="Skriv ditt lösenord.")
    amount = forms.Kronor("Belopp i kronor", missing="Skriv hur mycket, i kronor.")
    starts_on = forms.Day("Första dagen", missing="Skriv den första dagen.")
    hour = forms.Hour("Klockan", missing="Skriv klockslaget.")
    times = forms.WholeNumber("Antal gånger", least=1, most=9)
    choir = forms.Choice("Kör", choices=[("", "Välj"), ("b", "Boden")], missing="Välj en kör.")
    role = forms.Buttons(
        "Vad ska personen göra?",
        choices=[("lead", "Leda en kör", {"hint": "Tar närvaro."}), ("write", "Skriva nyheter")],
        missing="Välj vad personen ska göra.",
    )
    towns = forms.Choices("Vilka orter?", choices=[("1", "Boden"), ("2", "Göteborg")])
    agreed = forms.Tick("Personen säger ja", description="Utan namn.")
    note = forms.TextArea("Vad hände?")
    picture = forms.Upload("Bild")
    secret = forms.Hidden()


@pytest.fixture
def house(tmp_path: Path) -> Flask:
    """The frame and the parts, without rooms."""
    app = Flask("parts", static_folder=None)
    app.secret_key = "only for this test, long enough"
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    CSRFProtect(app)
    app.jinja_env.loader = FileSystemLoader([HERE, HERE.parents[1] / "templates"])
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    assets.install(app, Path("nowhere"))
    language.speak(app, default="sv", folder=tmp_path)
    for endpoint in LED_TO_BY_THE_FRAME:
        app.add_url_rule(f"/{endpoint}", endpoint, lambda: "")
    return app


def page(house: Flask, form: forms.HouseForm, *, signed_in: bool = False, **more: Any) -> str:
    """The page of all parts as somebody sees it."""
    links = [SimpleNamespace(label="Körer", url="/korer", icon="pin", is_current=False)]
    frame: dict[str, Any] = {
        "viewer": SimpleNamespace(id=1, is_authenticated=signed_in, name="Karin", manages=signed_in),
        "keeps_rolls": lambda: signed_in,
        "network": SimpleNamespace(name="The Rockin' Pots", owner="Sveriges Körförbund"),
        "navigation": WAYS if signed_in else [],
        "tab_bar": WAYS if signed_in else [],
        "visitor_links": links,
        "footer_links": links,
        "is_demo": True,
        "theme": "",
        "is_large_text": False,
        "notices": lambda: [("ok", "Närvaron är sparad.")],
        "request_id": "",
    }
    paid = [chart.Paid("Bodenbo", date(2026, 1, 1), date(2026, 8, 31), 0.4, "striped")]
    drawn = {
        "chart": chart,
        "lanes": chart.lanes([("Boden", paid)], YEAR, width=952, end=date(2026, 11, 22)),
        "fund": chart.fund([("agreed", [(date(2026, 1, 1), 9.0)], date(2026, 11, 22))], YEAR, width=952),
        "moment": datetime(2026, 6, 16, 16, 0, tzinfo=UTC),
    }
    return render_template("parts.html", form=form, **(frame | drawn | more))


def sent(house: Flask, **typed: str) -> Any:
    """A request that posts what was typed."""
    return house.test_request_context("/", method="POST", data=MultiDict(typed))


def found(html: str, **wanted: str) -> Element:
    """The one element with these attributes."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    names = {name.replace("_", "-"): value for name, value in wanted.items()}
    hits = [one for one in tree.iter() if all(one.get(name) == value for name, value in names.items())]
    assert len(hits) == 1, f"{len(hits)} elements with {names}"
    return hits[0]


class TestAllParts:
    @pytest.mark.parametrize("signed_in", [False, True], ids=["visitor", "manager"])
    def test_make_a_sound_page(self, house: Flask, signed_in: bool) -> None:
        with house.test_request_context("/"):
            inspect(page(house, EveryField(), signed_in=signed_in))

    def test_escape_what_people_typed(self, house: Flask) -> None:
        with house.test_request_context("/"):
            assert "Åsa &lt;b&gt;" in page(house, EveryField())

    def test_the_bar_is_for_those_who_signed_in(self, house: Flask) -> None:
        with house.test_request_context("/"):
            assert 'class="tab-bar"' not in page(house, EveryField())
            assert 'class="tab-bar"' in page(house, EveryField(), signed_in=True)

    def test_a_bare_page_has_no_bars_and_one_heading(self, house: Flask) -> None:
        with house.test_request_context("/"):
            html = page(house, EveryField(), signed_in=True, chrome="bare")
        inspect(html)
        assert "site-header" not in html
        assert "site-footer" not in html
        assert 'class="tab-bar"' not in html

    def test_the_theme_a_person_chose(self, house: Flask) -> None:
        with house.test_request_context("/"):
            assert 'data-theme="dark"' in page(house, EveryField(), theme="dark")
            assert "data-theme" not in page(house, EveryField())


class TestAField:
    def test_says_when_it_may_be_left_empty(self, house: Flask) -> None:
        with house.test_request_context("/"):
            html = page(house, EveryField())
        assert "Mobilnummer <span" in html
        assert html.count("(frivilligt)") == 5, "mejladress, mobilnummer, antal, vad hände, bild"

    def test_never_lets_the_browser_judge(self, house: Flask) -> None:
        with house.test_request_context("/"):
            html = page(house, EveryField())
        assert found(html, novalidate="").tag == "form"
        assert " required" not in html
        assert "maxlength" not in html

    def test_is_tied_to_its_hint_and_its_error(self, house: Flask) -> None:
        with sent(house):
            form = EveryField()
            assert not form.is_sent_and_sound
            form.form_errors = []
            html = page(house, form)
        field = found(html, id="name")
        assert field.get("aria-describedby") == "name-hint name-error"
        assert field.get("aria-invalid") == "true"
        assert "Skriv ditt namn." in "".join(found(html, id="name-error").itertext())
        inspect(html)

    def test_a_form_with_a_file_is_sent_in_parts(self, house: Flask) -> None:
        with house.test_request_context("/"):
            assert found(page(house, EveryField()), enctype="multipart/form-data").tag == "form"

    def test_keeps_a_day_that_nobody_can_read(self, house: Flask) -> None:
        with sent(house, starts_on="nästa fredag", hour="18.00"):
            form = EveryField()
            form.validate()
            html = page(house, form)
        day, hour = found(html, id="starts_on"), found(html, id="hour")
        assert (day.get("type"), day.get("value")) == ("text", "nästa fredag")
        assert hour.get("type") == "time"

    def test_never_draws_a_password_again(self, house: Flask) -> None:
        with sent(house, password="hemlig gryta"):
            form = EveryField()
            form.validate()
            assert "hemlig gryta" not in page(house, form)


class TestTheSummary:
    def test_counts_what_to_mend_and_leads_there(self, house: Flask) -> None:
        with sent(
            house,
            name="Hodan",
            password="x",
            amount="mycket",
            starts_on="2026-06-16",
            hour="18.00",
            choir="b",
        ):
            form = EveryField()
            form.validate()
            html = page(house, form)
        assert "Rätta 2 saker" in html
        assert "".join(found(html, href="#amount").itertext()).startswith("Skriv beloppet")
        assert found(html, href="#role-0").tag == "a"
        assert "<title>Fel: " in html

    @pytest.mark.parametrize(
        ("typed", "help_"),
        [
            ("1.250", "1.250 kan betyda 1\u00a0250\u00a0kr eller 1,25\u00a0kr. Skriv på ett av de sätten."),
            ("1.234", "Menar du 1\u00a0234\u00a0kr? Skriv det utan punkt och komma."),
            ("mycket", "Skriv beloppet med siffror, till exempel 12 500,50 eller 250 tkr."),
        ],
    )
    def test_a_sum_that_cannot_be_read_says_what_to_write(self, house: Flask, typed: str, help_: str) -> None:
        with sent(house, amount=typed):
            form = EveryField()
            form.validate()
            assert form.amount.errors == [help_]
            assert form.amount._value() == typed

    def test_a_refusal_of_the_whole_has_no_field(self, house: Flask) -> None:
        typed = {
            "name": "Hodan",
            "password": "x",
            "amount": "5 000",
            "starts_on": "2026-06-16",
            "hour": "18.00",
        }
        with sent(house, **typed, choir="b", role="lead"):
            form = EveryField()
            form.validate()
            form.form_errors = ["Sidan var öppen för länge. Tryck på knappen igen."]
            html = page(house, form)
        assert "<li>Sidan var öppen för länge. Tryck på knappen igen.</li>" in html
        assert "#csrf_token" not in html
        assert "error-summary" in html

    def test_is_absent_from_a_form_just_opened(self, house: Flask) -> None:
        with house.test_request_context("/"):
            assert "error-summary" not in page(house, EveryField())

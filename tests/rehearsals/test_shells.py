"""What a phone keeps of the pages themselves: the worker, the shells, the app's start and the manifest."""

import json
from typing import Any

import pytest
from flask import Flask

from tests import makers
from tests.visitor import Visitor

SHELLS = (
    "/ikvall/skal",
    "/narvaro/skal",
    "/narvaro/klar-skal",
    "/utloggad",
    "/utan-kontakt",
    "/narvaro/lamna-over",
)


def told_to_worker(visitor: Visitor) -> dict[str, Any]:
    """What the house writes above the worker."""
    first = visitor.opens("/sw.js").html.splitlines()[0]
    return json.loads(first.removeprefix("const KEPT = "))


class TestShells:
    @pytest.mark.parametrize("path", SHELLS)
    def test_hold_nothing_of_anybody(self, visitor: Visitor, path: str) -> None:
        """No session begins, no token is given, and what is in the database makes no difference."""
        before = visitor.opens(path).html
        assert visitor.answer
        assert "Set-Cookie" not in visitor.answer.headers
        assert "csrf_token" not in before
        choir = makers.a_choir("Zarifa", town="Göteborg")
        makers.a_rehearsal(choir)
        makers.a_leader(choir, "Ylva Kvist")
        assert visitor.opens(path).html == before

    @pytest.mark.parametrize("path", SHELLS)
    def test_speak_english_too(self, visitor: Visitor, path: str) -> None:
        assert 'lang="en"' in visitor.opens(f"/en{path}").html

    def test_say_nothing_of_whoever_is_signed_in(self, visitor: Visitor) -> None:
        choir = makers.a_choir("Zarifa")
        visitor.signs_in(makers.a_leader(choir, "Ylva Kvist"))
        for path in SHELLS:
            visitor.opens(path).misses("Ylva", "Zarifa")


class TestTheWorker:
    def test_knows_every_file_and_shell_that_it_keeps(self, visitor: Visitor) -> None:
        told = told_to_worker(visitor)
        assert [path for path in told["files"] if "/js/roll-call.js" in path]
        assert [path for path in told["files"] if path.endswith("/css/work.css")]
        for path in told["files"]:
            visitor.opens(path)
        for shells in told["shells"].values():
            for path in shells.values():
                visitor.leaves().opens(path)  # the worker asks as nobody

    def test_is_asked_for_anew_and_speaks_for_the_whole_house(self, visitor: Visitor) -> None:
        visitor.opens("/sw.js")
        assert visitor.answer
        assert visitor.answer.headers["Cache-Control"] == "no-cache"
        assert visitor.answer.headers["Service-Worker-Allowed"] == "/"
        assert visitor.answer.mimetype == "text/javascript"
        etag = visitor.answer.headers["ETag"]
        visitor.opens("/sw.js", 304, headers={"If-None-Match": etag})

    def test_is_the_same_in_every_language(self, visitor: Visitor) -> None:
        """A browser takes no worker that it is led to from somewhere else."""
        swedish = visitor.opens("/sw.js").html
        visitor.opens("/en/korer")  # the language is remembered in a cookie
        assert visitor.opens("/sw.js").html == swedish

    def test_is_another_one_when_a_template_changes(self, app: Flask, visitor: Visitor) -> None:
        before = told_to_worker(visitor)["version"]
        app.extensions.pop("version_of_the_shells")
        assert told_to_worker(visitor)["version"] == before
        app.extensions.pop("version_of_the_shells")
        assets = app.extensions["assets"]
        known, assets.version = assets.version, "0123456789"
        try:
            assert told_to_worker(visitor)["version"] != before
        finally:
            assets.version = known
            app.extensions.pop("version_of_the_shells")


class TestWhoGetsIt:
    def test_a_leaders_pages_keep_rolls_and_a_members_do_not(self, visitor: Visitor) -> None:
        choir = makers.a_choir()
        visitor.signs_in(makers.a_leader(choir)).opens("/konto")
        assert '"leads": true' in visitor.html
        visitor.signs_in(makers.an_account("Semhar Tesfay")).opens("/konto")
        assert '"leads": false' in visitor.html
        visitor.leaves().opens("/")
        assert "phone.js" not in visitor.html


class TestTheApp:
    def test_begins_where_ones_role_begins(self, visitor: Visitor) -> None:
        visitor.opens("/app", 303)
        assert visitor.answer
        assert visitor.answer.location == "/logga-in"
        visitor.signs_in(makers.a_leader(makers.a_choir())).opens("/app", 303)
        assert visitor.answer.location != "/logga-in"

    def test_can_be_put_on_the_home_screen(self, app: Flask, visitor: Visitor) -> None:
        manifest = visitor.opens(app.extensions["assets"].url("site.webmanifest")).answer.get_json(force=True)  # type: ignore[union-attr]
        assert manifest["start_url"] == "/app"
        assert manifest["display"] == "standalone"
        assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


class TestSigningOutByPhone:
    def post(self, visitor: Visitor, **more: Any) -> Any:
        how = {"data": "{}", "content_type": "application/json", **more}
        return visitor.client.post("/api/v1/sign-out", **how)

    def test_ends_the_sign_in_and_lets_the_browser_forget(self, visitor: Visitor) -> None:
        visitor.signs_in(makers.a_leader(makers.a_choir())).opens("/konto")
        answer = self.post(visitor)
        assert answer.get_json() == {"signed_out": True}
        assert answer.headers["Clear-Site-Data"] == '"cache"'
        visitor.opens("/konto", 303)

    def test_is_answered_whoever_asks(self, visitor: Visitor) -> None:
        assert self.post(visitor).status_code == 200

    def test_is_not_for_forms_and_not_for_other_sites(self, visitor: Visitor) -> None:
        """No page of somebody else's can sign us out: JSON is only sent after asking, and the origin is looked at."""
        visitor.signs_in(makers.a_leader(makers.a_choir()))
        assert self.post(visitor, content_type="text/plain").status_code == 415
        assert self.post(visitor, headers={"Origin": "https://example.org"}).status_code == 403
        visitor.opens("/konto")

"""«Större text»: by an address without a cookie, or kept on the device when somebody asks for that."""

from choir_app.accounts.models import Account
from tests.news.made import a_post
from tests.visitor import Visitor

IS_LARGE = 'data-text="large"'


class TestLargerText:
    def test_an_article_offers_it_by_an_address(self, visitor: Visitor, editor: Account) -> None:
        post = a_post(editor)
        visitor.opens(f"/nyheter/2026/{post.slug}").sees("Större text").misses(IS_LARGE)
        visitor.opens(f"/nyheter/2026/{post.slug}?text=stor").sees("Vanlig text")
        assert IS_LARGE in visitor.html
        assert visitor.answer is not None
        assert "Set-Cookie" not in visitor.answer.headers
        assert f'<link rel="canonical" href="http://127.0.0.1:8000/nyheter/2026/{post.slug}">' in visitor.html

    def test_is_kept_on_the_device_when_one_asks_for_that(self, visitor: Visitor, editor: Account) -> None:
        post = a_post(editor)
        visitor.opens("/utseende").sends("/utseende", utseende="auto", text="stor")
        assert IS_LARGE in visitor.opens("/nyheter").html
        visitor.opens(f"/nyheter/2026/{post.slug}?text=vanlig").misses(IS_LARGE)
        visitor.opens("/utseende").sends("/utseende", utseende="auto", text="vanlig")
        visitor.opens("/nyheter").misses(IS_LARGE)

    def test_anything_else_is_plain_text(self, visitor: Visitor) -> None:
        visitor.opens('/nyheter?text="><script>').misses(IS_LARGE, "<script>")
        visitor.opens("/utseende").sends("/utseende", utseende="dark", text="enorm")
        visitor.opens("/nyheter").misses(IS_LARGE)
        assert 'data-theme="dark"' in visitor.html

"""Who may write, change and publish news; the sign for the door of the writing desk."""

from typing import Any

from choir_app.choirs.models import Choir
from choir_app.choirs.permissions import leads_any_choir
from choir_app.foundation.audience import door
from choir_app.news.models import KeptPicture, Post


def may_write_news(who: Any) -> bool:
    """Editors write about everything; a choir leader writes drafts about the own choir."""
    return who.edits or leads_any_choir(who)


for_writers = door("writers", may_write_news)


def may_write_about(who: Any, choir: Choir) -> bool:
    """Whether this person may write about the choir."""
    return who.edits or choir.is_led_by(who)


def may_change_post(who: Any, post: Post) -> bool:
    """Editors change every post; a leader changes the own draft as long as it is one."""
    return who.edits or (post.is_draft and post.created_by_id == who.id and leads_any_choir(who))


def may_look_behind(who: Any, post: Post) -> bool:
    """Editors see every text and every save of all posts; a leader those of the own ones, whatever became of them."""
    return who.edits or (post.created_by_id == who.id and leads_any_choir(who))


def may_publish_news(who: Any) -> bool:
    """Whether this person decides what readers see."""
    return who.edits


def may_tend_tips(who: Any) -> bool:
    """Whether this person sees what people outside tell us, and decides what becomes of it."""
    return who.edits


def may_see_reach(who: Any) -> bool:
    """Whether this person sees how often what we write is read."""
    return who.edits


def may_show_drafts_to_others(who: Any, post: Post) -> bool:
    """Whether this person may give somebody without an account a link to a post that is not published."""
    return may_change_post(who, post)


def may_see_people_in_pictures(who: Any) -> bool:
    """Whether this person sees the names of those who can be recognised in pictures."""
    return who.edits


def may_say_who_is_in(who: Any, picture: KeptPicture) -> bool:
    """Whether this person answers for who is in a picture: editors, and whoever took in the picture for a draft."""
    return who.edits or (picture.taken_in_by_id == who.id and leads_any_choir(who))

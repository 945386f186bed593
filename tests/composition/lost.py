"""An issue whose pictures are lost, as an import leaves them: captions and credits without files."""

from __future__ import annotations

from functools import cache

from composition.issues import article, composed, figure, issue_of, paragraphs, quick
from issue_publisher.composition.model import ComposedIssue
from issue_publisher.issue.model import Article, Figure, Issue, PictureItem, Weight, text

TWO_PEOPLE = text("图为老登记员沈禾（左）与徒弟在盐雾箱前。")


def lost(number: int = 1, **more: object) -> Figure:
    return figure(number, missing=True, alt=None, **more)


def with_lost(identity: str, characters: int, seed: int, *figures: Figure, **more: object) -> Article:
    first, *rest = paragraphs(characters, seed)
    return article(identity, characters, seed, body=(first, *figures, *rest), **more)  # type: ignore[arg-type]


def lost_issue() -> Issue:
    """Lost pictures of every kind: two in one article, of two people, in picture stories."""
    places = tuple(lost(number, credit=None) for number in (5, 6, 7))
    return issue_of(
        [
            with_lost("two", 1700, 1, lost(1), lost(2), weight=Weight.LEAD),
            with_lost("people", 900, 2, lost(3, caption=TWO_PEOPLE, credit=None)),
            with_lost("one", 1500, 3, lost(4, columns=2), weight=Weight.MAJOR),
            article("plain", 900, 4),
            PictureItem("story", places, line=50),
            PictureItem("single", (lost(8, caption=text("图为渡口的老灯塔。")),), line=60),
        ],
    )


@cache
def lost_issue_made_up() -> ComposedIssue:
    """Made up once for all tests. No size is known of any picture: none is asked for."""
    return composed(lost_issue(), made_for=quick(beam_width=30, tries=10), sizes={})

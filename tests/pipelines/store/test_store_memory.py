"""What recurs in an outlet's articles, through the store step, in a real database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from newsdesk import Newsdesk, entry, reading

from pipelines.article import Paragraph, Reason, Removed
from pipelines.memory import ARTICLES, SPAN
from pipelines.outcome import Outcome
from pipelines.store import Store, Stored, StoreError, Submission
from pipelines.store.noting import STORIES_OF_BLOCK
from pipelines.store.stories import ArticleRow

PROMOTION = "Sign up to the morning letter and have the news of the day by seven."
SUPPORT = "Readers pay for this paper: give what you can, from two euros a month."
QUOTE = "“Nobody believed in it, least of all the engine,” said the captain."
BACKGROUND = (
    "The Aurora, the only ferry to Grey Island, lost its engine in a January storm."
)

#: Things that have nothing to do with each other, for stories that have not either.
TOPICS = (
    "ferry",
    "council",
    "bakery",
    "wolf",
    "museum",
    "library",
    "bridge",
    "choir",
    "dairy",
    "lighthouse",
    "market",
    "school",
    "orchard",
    "tunnel",
    "theatre",
    "brewery",
    "harbour",
    "clinic",
    "railway",
    "castle",
    "meadow",
    "quarry",
    "beehive",
    "stadium",
    "windmill",
    "glacier",
    "vineyard",
    "carnival",
    "foundry",
    "canal",
)


def body(topic: str) -> tuple[str, ...]:
    """A story in three paragraphs that is about its topic alone."""
    return (
        f"The {topic}keeper has closed the {topic} for the {topic}month.",
        f"Many {topic}lovers came by {topic}bus to see what a {topic}master does.",
        f"Nothing like {topic}work was ever seen; {topic}lovers praise the {topic}.",
    )


@dataclass
class Outlet:
    """A desk that publishes articles block by block."""

    store: Store
    key: str = "ferry"
    desk: Newsdesk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = Newsdesk(self.store)

    def publish(
        self, slug: str, blocks: Sequence[str], *, title: str | None = None
    ) -> Stored:
        """Fetch and submit an article, an hour after the one before."""
        self.desk.later(hours=1)
        submission = self.submission(slug, blocks, title or f"About the {slug}")
        return self.store.articles.submit(submission, self.desk.now)

    def submission(self, slug: str, blocks: Sequence[str], title: str) -> Submission:
        """A page of those blocks; something was removed between first and second."""
        url = f"https://{self.key}.example/{slug}"
        fetched = self.desk.fetch(url, self.key)
        page = self.desk.waiting(fetched.url_id)
        at = [0, *range(2, len(blocks) + 1)]
        paragraphs = tuple(map(Paragraph, blocks, at))
        share = Removed("Share", Reason.SHARE, 1, "share bar")
        read = reading("", title)
        cleaned = replace(read.cleaned, paragraphs=paragraphs, removed=(share,))
        return Submission(
            url_id=fetched.url_id,
            page_id=page.page_id,
            outlet=self.key,
            url=url,
            alias=False,
            reading=replace(read, cleaned=cleaned),
            fetched_at=self.desk.now,
        )

    def teach(self, *blocks: str, topics: Sequence[str] = TOPICS[:3]) -> None:
        """Have these blocks stand in three articles, and go from a fourth."""
        for topic in topics:
            self.publish(topic, [*body(topic), *blocks])

    def text(self, slug: str) -> list[str]:
        """The stored text, block by block."""
        return self.article(slug).text.splitlines()

    def article(self, slug: str) -> ArticleRow:
        """The stored article."""
        (found,) = self.store.articles.by_url(f"https://{self.key}.example/{slug}")
        return found

    def removed(self, slug: str) -> Sequence[Removed]:
        """What was removed from it."""
        article = self.article(slug)
        return self.store.articles.removed(article.id, article.revision)

    def remembered(self) -> list[str]:
        """The texts of the blocks that are known to recur."""
        return [each.text for each in self.store.memory.list(self.key, self.desk.now)]


@pytest.fixture
def outlet(store: Store) -> Outlet:
    return Outlet(store)


def test_a_promotion_in_30_pages_is_gone_from_the_fourth_on(path: Path) -> None:
    """It stands at another place each time, and the program is restarted each time."""
    with_promotion, with_quote = [], []
    for number, topic in enumerate(TOPICS):
        blocks = list(body(topic))
        blocks.insert(number % 4, PROMOTION)
        if number in (8, 20):
            blocks.insert(2, QUOTE)
        with Store.open(path, create=True) as store:
            outlet = Outlet(store)
            outlet.desk.now += timedelta(hours=number)
            assert outlet.publish(topic, blocks).outcome is Outcome.NEW
            text = outlet.text(topic)
        assert [block for block in text if block not in (PROMOTION, QUOTE)] == [
            *body(topic)
        ]
        with_promotion += [number] * (PROMOTION in text)
        with_quote += [number] * (QUOTE in text)
    assert with_promotion == [0, 1, 2]
    assert with_quote == [8, 20]


def test_promotions_that_take_turns_are_each_learnt(outlet: Outlet) -> None:
    kept = []
    for number, topic in enumerate(TOPICS[:12]):
        promotion = (PROMOTION, SUPPORT)[number % 2]
        outlet.publish(topic, [*body(topic), promotion])
        kept += [number] * (promotion in outlet.text(topic))
    assert kept == [0, 1, 2, 3, 4, 5]


def test_it_is_in_the_ledger_and_not_in_the_message(outlet: Outlet) -> None:
    outlet.teach(PROMOTION)
    stored = outlet.publish("wolf", [body("wolf")[0], PROMOTION, *body("wolf")[1:]])
    share, promotion = outlet.removed("wolf")
    assert share.text == "Share"
    assert promotion == Removed(
        PROMOTION,
        Reason.REPEATED,
        2,
        "stands in 3 articles of different stories since 2026-11-23",
    )
    message = next(m for m in outlet.desk.lease() if m.id == stored.msg_id)
    assert message.article["text"] == "\n".join(body("wolf"))


def test_every_outlet_has_its_own_memory(store: Store, outlet: Outlet) -> None:
    outlet.teach(PROMOTION)
    other = Outlet(store, "hills")
    other.publish("wolf", [*body("wolf"), PROMOTION])
    assert PROMOTION in other.text("wolf")


# What stays


def test_background_of_a_running_story_stays(outlet: Outlet) -> None:
    told = (
        ("Ferry Aurora stays in the yard", "yard", "engine"),
        ("Islanders march for the ferry Aurora", "march", "protest"),
        ("Minister promises a second ferry to Grey Island", "minister", "budget"),
        ("Aurora: the engine of the ferry arrives", "engine", "crane"),
        ("Ferry Aurora sails again to Grey Island", "voyage", "captain"),
        ("Who pays for the ferry Aurora?", "insurer", "court"),
    )
    for number, (title, one, other) in enumerate(told):
        blocks = [
            f"The ferry Aurora and its {one} moved Grey Island on day {number}.",
            BACKGROUND,
            f"Of the {other} the island heard from the ferry office, the {one} aside.",
            f"On day {number} the {other} was all that Grey Island talked of.",
        ]
        outlet.publish(f"aurora-{number}", blocks, title=title)
        assert BACKGROUND in outlet.text(f"aurora-{number}")
    assert outlet.remembered() == []


def test_revisions_and_copies_of_one_story_count_once(outlet: Outlet) -> None:
    for number in range(6):
        outlet.publish("ferry", [*body("ferry"), PROMOTION, f"Update {number}"])
        outlet.publish(
            f"copy-{number}", [*body("ferry"), PROMOTION, f"Update {number}"]
        )
    assert outlet.article("ferry").revision == 6
    outlet.publish("wolf", [*body("wolf"), PROMOTION])
    assert PROMOTION in outlet.text("wolf")
    assert outlet.remembered() == []


def test_a_brief_is_not_emptied(outlet: Outlet) -> None:
    outlet.teach(PROMOTION)
    outlet.publish("wolf", [body("wolf")[0], PROMOTION])
    assert PROMOTION in outlet.text("wolf")


# Stable texts


def test_a_page_read_again_after_it_was_learnt_is_unchanged(outlet: Outlet) -> None:
    outlet.teach(PROMOTION)
    outlet.publish("wolf", [*body("wolf"), PROMOTION])
    for slug in (TOPICS[0], "wolf"):
        again = outlet.publish(slug, [*body(slug), PROMOTION])
        assert again.outcome is Outcome.UNCHANGED


def test_a_page_read_again_after_it_was_forgotten_is_unchanged(outlet: Outlet) -> None:
    outlet.teach(PROMOTION)
    outlet.publish("wolf", [*body("wolf"), PROMOTION])
    outlet.desk.later(days=SPAN.days + 1)
    outlet.publish("museum", [*body("museum"), PROMOTION])
    assert PROMOTION in outlet.text("museum")
    again = outlet.publish("wolf", [*body("wolf"), PROMOTION])
    assert again.outcome is Outcome.UNCHANGED


def test_a_real_revision_is_cleaned_by_what_is_known_then(outlet: Outlet) -> None:
    outlet.teach(PROMOTION)
    outlet.publish("wolf", [*body("wolf"), PROMOTION])
    revised = outlet.publish(
        TOPICS[0], [*body(TOPICS[0]), "It will open again in May.", PROMOTION]
    )
    assert revised.outcome is Outcome.REVISION
    assert PROMOTION not in outlet.text(TOPICS[0])


def test_a_copy_of_what_was_stored_before_is_a_copy(outlet: Outlet) -> None:
    outlet.teach(PROMOTION)
    outlet.publish("wolf", [*body("wolf"), PROMOTION])
    title = f"About the {TOPICS[0]}"
    copy = outlet.publish("copy", [*body(TOPICS[0]), PROMOTION], title=title)
    assert copy.outcome is Outcome.DUPLICATE


# Forgetting


@pytest.mark.parametrize(
    ("others", "days", "remembered"),
    [
        pytest.param(0, SPAN.days - 1, True, id="before long"),
        pytest.param(0, SPAN.days + 1, False, id="after long"),
        pytest.param(ARTICLES, 0, True, id="after some articles"),
        pytest.param(ARTICLES + 1, 0, False, id="after many articles"),
    ],
)
def test_what_stops_recurring_is_forgotten(
    outlet: Outlet, others: int, days: int, remembered: bool
) -> None:
    outlet.teach(PROMOTION)
    for number in range(others):
        outlet.desk.now -= timedelta(minutes=59)
        outlet.publish(f"other-{number}", body(f"topic{number}x"))
    outlet.desk.later(days=days)
    outlet.publish("wolf", [*body("wolf"), PROMOTION])
    assert (PROMOTION not in outlet.text("wolf")) is remembered


def test_the_tables_stay_small(store: Store, outlet: Outlet) -> None:
    for number in range(ARTICLES + 10):
        outlet.publish(f"a{number}", [*body(f"topic{number}x"), PROMOTION])
    blocks = store.session.value("SELECT count(*) FROM block_seen")
    assert blocks <= 3 * (ARTICLES + 2) + 1
    of_promotion = (
        "SELECT count(*) FROM block_story s JOIN block_seen b ON b.id = s.block_id"
        " WHERE b.learnt_at IS NOT NULL"
    )
    assert store.session.value(of_promotion) == STORIES_OF_BLOCK
    (promotion,) = store.memory.list("ferry", outlet.desk.now)
    assert (promotion.stories, promotion.removals) == (ARTICLES + 10, ARTICLES + 7)


def test_what_is_not_boilerplate_is_kept_as_a_hash_only(
    store: Store, outlet: Outlet
) -> None:
    outlet.teach(PROMOTION)
    outlet.publish("wolf", [*body("wolf"), PROMOTION])
    kept = store.session.rows("SELECT text FROM block_seen WHERE text IS NOT NULL")
    assert [row["text"] for row in kept] == [PROMOTION]


# The operator


def test_the_operator_keeps_a_block(store: Store, outlet: Outlet) -> None:
    outlet.teach(PROMOTION)
    outlet.publish("wolf", [*body("wolf"), PROMOTION])
    (block,) = store.memory.list("ferry", outlet.desk.now)
    assert (block.text, block.stories, block.removals) == (PROMOTION, 4, 1)
    store.memory.revoke("ferry", block.id, outlet.desk.now)
    outlet.desk.later(days=SPAN.days + 1)  # it is not forgotten what he said
    outlet.publish("museum", [*body("museum"), PROMOTION])
    assert PROMOTION in outlet.text("museum")
    store.memory.restore("ferry", block.id)
    outlet.publish("library", [*body("library"), PROMOTION])
    assert PROMOTION not in outlet.text("library")


def test_what_is_not_there_cannot_be_revoked(store: Store, outlet: Outlet) -> None:
    outlet.teach(PROMOTION)
    for block_id in (1, 999):
        with pytest.raises(StoreError, match="outlets memory ferry"):
            store.memory.revoke("ferry", block_id, outlet.desk.now)


def test_a_stored_page_is_read_again_by_what_is_known_today(
    store: Store, outlet: Outlet
) -> None:
    outlet.teach(PROMOTION)
    outlet.publish("wolf", [*body("wolf"), PROMOTION])
    first = outlet.submission(TOPICS[0], [*body(TOPICS[0]), PROMOTION], "About it")
    read = store.memory.reread(first, outlet.desk.now)
    assert read.cleaned.text.splitlines() == [*body(TOPICS[0])]
    (block,) = store.memory.list("ferry", outlet.desk.now)
    store.memory.revoke("ferry", block.id, outlet.desk.now)
    wolf = outlet.submission("wolf", [*body("wolf"), PROMOTION], "About it")
    read = store.memory.reread(wolf, outlet.desk.now)
    assert PROMOTION in read.cleaned.text


# Headlines

HEADLINE = "Council raises the price of parking"


def test_the_headline_of_an_earlier_article_is_a_teaser(outlet: Outlet) -> None:
    outlet.publish("council", body("council"), title=HEADLINE)
    outlet.publish("wolf", [body("wolf")[0], HEADLINE, *body("wolf")[1:]])
    assert outlet.text("wolf") == [*body("wolf")]
    teaser = outlet.removed("wolf")[1]
    assert (teaser.reason, teaser.evidence) == (
        Reason.TEASER,
        "the headline of https://ferry.example/council",
    )


def test_so_is_a_headline_that_a_feed_has_listed(outlet: Outlet) -> None:
    outlet.desk.poll([entry("https://ferry.example/listed", title=HEADLINE)])
    outlet.publish("wolf", [body("wolf")[0], HEADLINE, *body("wolf")[1:]])
    assert outlet.removed("wolf")[1].evidence.endswith("ferry.example/listed")


def test_its_own_headline_is_none(outlet: Outlet) -> None:
    outlet.desk.poll([entry("https://ferry.example/wolf", title=HEADLINE)])
    outlet.publish("wolf", [HEADLINE, *body("wolf")], title="Another headline")
    assert HEADLINE in outlet.text("wolf")
    outlet.publish("council", [HEADLINE, *body("council")], title=HEADLINE)
    assert HEADLINE in outlet.text("council")


@pytest.mark.parametrize("table", ["url", "revision"])
def test_headlines_are_found_by_an_index(store: Store, table: str) -> None:
    from pipelines.store.recalling import HEADLINES

    plan = store.session.rows(f"EXPLAIN QUERY PLAN {HEADLINES}", ["o", "t", b"k", 1])
    assert any(f"{table}_title" in row["detail"] for row in plan)

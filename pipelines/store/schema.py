"""The schema, as SQL to be read, and the migrations that lead to it.

Times are integer microseconds since 1970 in UTC. Keys and hashes are BLAKE2b-128.
Only what is here runs DDL; migrations are appended, never changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


#: In the file header, so that another program's file is refused ("PrWa").
APPLICATION_ID = 0x50725761

SOURCES = """
-- What operators listed. A source that left the config stays, inactive.
CREATE TABLE source (
    id            INTEGER PRIMARY KEY,
    outlet        TEXT NOT NULL,
    kind          TEXT NOT NULL,
    url           TEXT NOT NULL,
    host          TEXT NOT NULL,
    active        INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    added_at      INTEGER NOT NULL,
    next_at       INTEGER NOT NULL,
    failures      REAL NOT NULL DEFAULT 0,
    -- Validators imply that every URL of the body they came with is in `url`.
    etag          TEXT,
    last_modified TEXT,
    body_hash     BLOB,
    last_polled   INTEGER,
    first_ok      INTEGER,
    last_ok       INTEGER,
    last_new      INTEGER,
    last_error    TEXT,
    -- The last answer with a body; when the same body was last confirmed (304).
    listed_at     INTEGER,
    confirmed_at  INTEGER,
    UNIQUE (outlet, kind, url)
) STRICT;
CREATE INDEX source_due ON source (next_at) WHERE active = 1;

-- The latest polls of each source.
CREATE TABLE poll (
    id        INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    at        INTEGER NOT NULL,
    outcome   TEXT NOT NULL,
    status    INTEGER,
    listed    INTEGER NOT NULL,
    new       INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    error     TEXT
) STRICT;
CREATE INDEX poll_source ON poll (source_id, id);
"""

URLS = """
-- Every URL an outlet ever listed: the durable frontier, and the memory of it.
CREATE TABLE url (
    id             INTEGER PRIMARY KEY,
    outlet         TEXT NOT NULL,
    key            BLOB NOT NULL,
    url            TEXT NOT NULL,
    host           TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('due', 'waiting', 'done')),
    outcome        TEXT,
    detail         TEXT,
    standing       INTEGER NOT NULL DEFAULT 0 CHECK (standing IN (0, 1)),
    attempts       INTEGER NOT NULL DEFAULT 0,
    failures       INTEGER NOT NULL DEFAULT 0,
    unchanged      INTEGER NOT NULL DEFAULT 0,
    discovered_at  INTEGER NOT NULL,
    last_listed_at INTEGER NOT NULL,
    next_at        INTEGER,
    fetched_at     INTEGER,
    processed_at   INTEGER,
    page_id        INTEGER REFERENCES page (id) ON DELETE SET NULL,
    article_id     INTEGER REFERENCES article (id) ON DELETE SET NULL,
    source_id      INTEGER REFERENCES source (id),
    listed_by      INTEGER REFERENCES source (id),
    listed_updated INTEGER,
    hints          TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(hints)),
    UNIQUE (outlet, key)
) STRICT;
CREATE INDEX url_due ON url (host, next_at, id)
    WHERE next_at IS NOT NULL AND state <> 'waiting';
CREATE INDEX url_next ON url (next_at, host)
    WHERE next_at IS NOT NULL AND state <> 'waiting';
CREATE INDEX url_waiting ON url (page_id) WHERE state = 'waiting';
CREATE INDEX url_article ON url (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX url_key ON url (key);

-- How the latest attempts at a URL ended.
CREATE TABLE attempt (
    id      INTEGER PRIMARY KEY,
    url_id  INTEGER NOT NULL REFERENCES url (id) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    detail  TEXT,
    status  INTEGER
) STRICT;
CREATE INDEX attempt_url ON attempt (url_id, id);

-- A page as fetched. Its body is in `file`, beside the database.
CREATE TABLE page (
    id            INTEGER PRIMARY KEY,
    url_id        INTEGER NOT NULL REFERENCES url (id) ON DELETE CASCADE,
    at            INTEGER NOT NULL,
    requested_url TEXT NOT NULL,
    final_url     TEXT NOT NULL,
    status        INTEGER NOT NULL,
    content_type  TEXT,
    headers       TEXT NOT NULL CHECK (json_valid(headers)),
    file          TEXT NOT NULL,
    body_key      BLOB NOT NULL,
    size          INTEGER NOT NULL,
    tries         INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX page_url ON page (url_id);
"""

ARTICLES = """
-- One article of one outlet: what its own URL says. `story` is the article that
-- told the same text first; NULL when it is this one.
CREATE TABLE article (
    id         INTEGER PRIMARY KEY,
    outlet     TEXT NOT NULL,
    key        BLOB NOT NULL,
    url        TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    revisions  INTEGER NOT NULL DEFAULT 0,
    story      INTEGER REFERENCES article (id) ON DELETE SET NULL,
    UNIQUE (outlet, key)
) STRICT;
CREATE INDEX article_key ON article (key);
CREATE INDEX article_story ON article (story) WHERE story IS NOT NULL;

CREATE TABLE revision (
    id              INTEGER PRIMARY KEY,
    article_id      INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    n               INTEGER NOT NULL,
    content_hash    BLOB NOT NULL,
    text_hash       BLOB,
    title           TEXT,
    authors         TEXT NOT NULL CHECK (json_valid(authors)),
    published       INTEGER,
    updated         INTEGER,
    language        TEXT NOT NULL,
    section         TEXT,
    text            TEXT NOT NULL,
    metadata        TEXT NOT NULL CHECK (json_valid(metadata)),
    relation        TEXT NOT NULL,
    relation_of     INTEGER REFERENCES article (id) ON DELETE SET NULL,
    coverage        REAL,
    cleaner_version TEXT NOT NULL,
    page_id         INTEGER REFERENCES page (id) ON DELETE SET NULL,
    url_id          INTEGER REFERENCES url (id) ON DELETE SET NULL,
    fetched_at      INTEGER NOT NULL,
    stored_at       INTEGER NOT NULL,
    expired_at      INTEGER, -- when its text was taken out
    UNIQUE (article_id, n)
) STRICT;
CREATE INDEX revision_stored ON revision (stored_at, id);
CREATE INDEX revision_kept ON revision (stored_at) WHERE expired_at IS NULL;
CREATE INDEX revision_text ON revision (text_hash) WHERE text_hash IS NOT NULL;
CREATE INDEX revision_page ON revision (page_id) WHERE page_id IS NOT NULL;

-- The ledger: what was taken out of a page to make the revision.
CREATE TABLE removal (
    revision_id INTEGER NOT NULL REFERENCES revision (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    text        TEXT NOT NULL,
    reason      TEXT NOT NULL,
    evidence    TEXT NOT NULL,
    PRIMARY KEY (revision_id, ordinal)
) STRICT, WITHOUT ROWID;

-- The latest page of a URL that gave no article, and what was seen in it.
CREATE TABLE rejection (
    url_id  INTEGER PRIMARY KEY REFERENCES url (id) ON DELETE CASCADE,
    page_id INTEGER REFERENCES page (id) ON DELETE SET NULL,
    at      INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    detail  TEXT,
    title   TEXT,
    text    TEXT,
    removed TEXT NOT NULL CHECK (json_valid(removed))
) STRICT;

-- Which article first carried a text. Outlives the text itself.
CREATE TABLE text_seen (
    text_hash  BLOB PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    first_at   INTEGER NOT NULL,
    n          INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX text_seen_article ON text_seen (article_id);
"""

QUEUE = """
CREATE TABLE subscription (
    name     TEXT PRIMARY KEY,
    paused   INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A text to hand on. `body` is frozen when it is queued.
CREATE TABLE message (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    msg_id     TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL CHECK (kind IN ('new', 'revision', 'withdrawal', 'copy')),
    article_id INTEGER REFERENCES article (id) ON DELETE SET NULL,
    revision   INTEGER NOT NULL,
    supersedes TEXT,
    made_at    INTEGER NOT NULL,
    priority   INTEGER NOT NULL DEFAULT 0,
    text_hash  BLOB,
    body       TEXT NOT NULL CHECK (json_valid(body))
) STRICT;
CREATE INDEX message_article ON message (article_id, seq);

-- Where a message stands with a subscription. A `delayed` one failed and waits for
-- `available_at`. `token` is of the latest lease, `done_token` of the one that ended.
CREATE TABLE delivery (
    subscription TEXT NOT NULL REFERENCES subscription (name) ON DELETE CASCADE,
    seq          INTEGER NOT NULL REFERENCES message (seq) ON DELETE CASCADE,
    state        TEXT NOT NULL
        CHECK (state IN ('ready', 'delayed', 'leased', 'done', 'dead')),
    priority     INTEGER NOT NULL DEFAULT 0,
    available_at INTEGER NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    token        TEXT,
    lease_until  INTEGER,
    done_token   TEXT,
    done_at      INTEGER,
    last_error   TEXT,
    PRIMARY KEY (subscription, seq)
) STRICT, WITHOUT ROWID;
-- Partial, so that a lease costs the same however much is done already.
CREATE INDEX delivery_ready ON delivery (subscription, priority DESC, seq)
    WHERE state = 'ready';
CREATE INDEX delivery_delayed ON delivery (subscription, available_at)
    WHERE state = 'delayed';
CREATE INDEX delivery_leased ON delivery (subscription, lease_until)
    WHERE state = 'leased';
CREATE INDEX delivery_dead ON delivery (subscription, seq) WHERE state = 'dead';
CREATE INDEX delivery_seq ON delivery (seq);

INSERT INTO subscription (name, added_at) VALUES ('default', 0);
"""

SERVICE = """
-- What operators should know. At most one open row a key.
CREATE TABLE alert (
    id        INTEGER PRIMARY KEY,
    key       TEXT NOT NULL,
    text      TEXT NOT NULL,
    evidence  TEXT NOT NULL,
    command   TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    closed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX alert_open ON alert (key) WHERE closed_at IS NULL;

-- When a host may be asked again, and how it has been failing.
CREATE TABLE host (
    host     TEXT PRIMARY KEY,
    next_at  INTEGER NOT NULL,
    reason   TEXT NOT NULL,
    failures REAL NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE robots (
    origin     TEXT PRIMARY KEY,
    status     INTEGER,
    body       BLOB NOT NULL,
    fetched_at INTEGER NOT NULL
) STRICT;

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

MEMORY = """
-- What recurs in an outlet's articles. Each story that is new to the outlet makes a
-- turn; `subject` is a set of hashes of words, as 32-bit integers.
CREATE TABLE outlet_story (
    outlet  TEXT NOT NULL,
    story   INTEGER NOT NULL,
    turn    INTEGER NOT NULL,
    subject BLOB NOT NULL,
    PRIMARY KEY (outlet, story)
) STRICT, WITHOUT ROWID;
CREATE INDEX outlet_story_turn ON outlet_story (outlet, turn);

-- A block, under the hash of its wording. `text` from `learnt_at` on, when it was
-- found to be no part of the articles; `revoked_at` if the operator says it is.
CREATE TABLE block_seen (
    id         INTEGER PRIMARY KEY,
    outlet     TEXT NOT NULL,
    key        BLOB NOT NULL,
    stories    INTEGER NOT NULL,
    removals   INTEGER NOT NULL DEFAULT 0,
    first_at   INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    first_turn INTEGER NOT NULL,
    last_turn  INTEGER NOT NULL,
    text       TEXT,
    learnt_at  INTEGER,
    revoked_at INTEGER,
    UNIQUE (outlet, key)
) STRICT;
CREATE INDEX block_seen_turn ON block_seen (outlet, last_turn, last_at)
    WHERE revoked_at IS NULL;

-- The latest stories in which a block stood.
CREATE TABLE block_story (
    block_id INTEGER NOT NULL REFERENCES block_seen (id) ON DELETE CASCADE,
    story    INTEGER NOT NULL,
    turn     INTEGER NOT NULL,
    PRIMARY KEY (block_id, story)
) STRICT, WITHOUT ROWID;

-- Whose headline is this line?
CREATE INDEX url_title ON url (outlet, json_extract(hints, '$.title'))
    WHERE json_extract(hints, '$.title') IS NOT NULL;
CREATE INDEX revision_title ON revision (title) WHERE title IS NOT NULL;
"""

SUBSCRIPTIONS = """
-- What a subscription wants, as JSON (`pipelines.filters`).
ALTER TABLE subscription ADD COLUMN filter TEXT NOT NULL DEFAULT '{}'
    CHECK (json_valid(filter));
-- The messages after `fill_from` up to `fill_to`, made at `fill_since` or later, are
-- yet to be offered to it; `fill_to` is NULL when none is.
ALTER TABLE subscription ADD COLUMN fill_from INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN fill_to INTEGER;
ALTER TABLE subscription ADD COLUMN fill_since INTEGER;
-- When it left the config; when somebody last leased; an expression of its filter
-- that took too long.
ALTER TABLE subscription ADD COLUMN retired_at INTEGER;
ALTER TABLE subscription ADD COLUMN read_at INTEGER;
ALTER TABLE subscription ADD COLUMN strained TEXT;
-- How many deliveries it has, and how many of them are done: kept by the triggers, so
-- that nobody counts millions of rows.
ALTER TABLE subscription ADD COLUMN queued INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN done INTEGER NOT NULL DEFAULT 0;
UPDATE subscription SET
    queued = (SELECT count(*) FROM delivery WHERE subscription = name),
    done = (SELECT count(*) FROM delivery WHERE subscription = name
            AND state = 'done');
CREATE TRIGGER delivery_added AFTER INSERT ON delivery BEGIN
    UPDATE subscription SET queued = queued + 1, done = done + (new.state = 'done')
        WHERE name = new.subscription;
END;
CREATE TRIGGER delivery_settled AFTER UPDATE OF state ON delivery
WHEN (new.state = 'done') <> (old.state = 'done') BEGIN
    UPDATE subscription
        SET done = done + (new.state = 'done') - (old.state = 'done')
        WHERE name = new.subscription;
END;
CREATE TRIGGER delivery_removed AFTER DELETE ON delivery BEGIN
    UPDATE subscription SET queued = queued - 1, done = done - (old.state = 'done')
        WHERE name = old.subscription;
END;

-- When the latest lease began, and how the ones before ended: NULL while none failed.
ALTER TABLE delivery ADD COLUMN leased_at INTEGER;
ALTER TABLE delivery ADD COLUMN history TEXT
    CHECK (history IS NULL OR json_valid(history));
"""

WORDINGS = """
-- What is kept of each revision's words, under its id; see `postings.py`. `story` is
-- the first revision of the article that told the story first, `url_key` the article.
CREATE TABLE teller (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE sketch (
    id      INTEGER PRIMARY KEY,
    story   INTEGER NOT NULL,
    teller  INTEGER NOT NULL,
    url_key INTEGER,
    exact   INTEGER NOT NULL,
    words   INTEGER NOT NULL,
    seen_at INTEGER
) STRICT;
CREATE INDEX sketch_story ON sketch (story) WHERE story <> id;
CREATE INDEX sketch_url ON sketch (url_key) WHERE url_key IS NOT NULL;
CREATE TABLE posting (
    print  INTEGER NOT NULL,
    sketch INTEGER NOT NULL,
    PRIMARY KEY (print, sketch)
) STRICT, WITHOUT ROWID;
CREATE TABLE outlet_line (
    key     INTEGER PRIMARY KEY,
    stories INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    story   INTEGER NOT NULL
) STRICT;
"""

HABITS = """
-- Why the next check of a source is when it is, in words.
ALTER TABLE source ADD COLUMN why TEXT;

-- What a source's polls have taught: see pipelines/store/habits.py.
CREATE TABLE habit (
    source_id  INTEGER PRIMARY KEY REFERENCES source (id) ON DELETE CASCADE,
    since      INTEGER NOT NULL,
    entries    BLOB NOT NULL,
    shown      INTEGER NOT NULL,
    fresh      REAL NOT NULL,
    gap_at     INTEGER,
    asked_ttl  INTEGER, -- seconds
    asked_http INTEGER, -- seconds
    audited_at INTEGER,
    distrust   INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Items that were new to a source, by hours since 1970.
CREATE TABLE habit_hour (
    source_id INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    hour      INTEGER NOT NULL,
    items     REAL NOT NULL,
    PRIMARY KEY (source_id, hour)
) STRICT, WITHOUT ROWID;

-- URLs that were new to an outlet and none of its rules turned away.
CREATE TABLE outlet_hour (
    outlet TEXT NOT NULL,
    hour   INTEGER NOT NULL,
    items  REAL NOT NULL,
    PRIMARY KEY (outlet, hour)
) STRICT, WITHOUT ROWID;
"""

FORGETTING = """
-- When an operator had it taken out. What is left is there to keep it out.
ALTER TABLE article ADD COLUMN forgotten_at INTEGER;
ALTER TABLE url ADD COLUMN forgotten_at INTEGER;
CREATE TRIGGER url_forgotten AFTER UPDATE ON url
WHEN new.forgotten_at IS NOT NULL
    AND (new.next_at IS NOT NULL OR new.state <> 'done' OR new.hints <> '{}')
BEGIN
    UPDATE url SET state = 'done', next_at = NULL, hints = '{}' WHERE id = new.id;
END;
"""

REQUESTS = """
-- What was asked of every host: each request, for a while.
CREATE TABLE request (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    host    TEXT NOT NULL,
    purpose TEXT NOT NULL,
    url     TEXT NOT NULL,
    status  INTEGER,
    bytes   INTEGER NOT NULL,
    outlet  TEXT
) STRICT;
CREATE INDEX request_at ON request (at);
CREATE INDEX request_host ON request (host, at);

-- The sums of it, for good. `day` is a date in UTC.
CREATE TABLE request_sum (
    day      TEXT NOT NULL,
    host     TEXT NOT NULL,
    purpose  TEXT NOT NULL,
    requests INTEGER NOT NULL,
    bytes    INTEGER NOT NULL,
    PRIMARY KEY (day, host, purpose)
) STRICT, WITHOUT ROWID;

-- How a host has been failing: how often its breaker opened in a row, since when.
-- `pace` is by how much the gap between two requests is stretched.
ALTER TABLE host ADD COLUMN opened INTEGER NOT NULL DEFAULT 0;
ALTER TABLE host ADD COLUMN failing_since INTEGER;
ALTER TABLE host ADD COLUMN pace REAL NOT NULL DEFAULT 1;

-- Where a source answers from, if it has moved for good: told by so many good polls
-- in a row, the first of them at `moved_since`.
ALTER TABLE source ADD COLUMN moved_to TEXT;
ALTER TABLE source ADD COLUMN moved_polls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN moved_since INTEGER;

-- Which of its outlet's sources listed a URL: bit n stands for the n-th by id.
ALTER TABLE url ADD COLUMN seen_in INTEGER NOT NULL DEFAULT 0;
"""

TOMBSTONES = """
-- A tombstone is there for good.
CREATE TRIGGER url_forgotten_stays BEFORE DELETE ON url
WHEN old.forgotten_at IS NOT NULL BEGIN SELECT RAISE(IGNORE); END;

-- Two addresses of one page, by what makes them differ: how often they gave the same
-- text, and how often another one.
CREATE TABLE url_shape (
    outlet    TEXT NOT NULL,
    shape     TEXT NOT NULL,
    same      INTEGER NOT NULL DEFAULT 0,
    different INTEGER NOT NULL DEFAULT 0,
    example   TEXT NOT NULL,
    PRIMARY KEY (outlet, shape)
) STRICT, WITHOUT ROWID;
"""

FRESH_POSTINGS = """
-- The postings of the latest texts, until they are moved; see `postings.py`.
CREATE TABLE fresh_posting (
    print  INTEGER NOT NULL,
    sketch INTEGER NOT NULL,
    PRIMARY KEY (print, sketch)
) STRICT, WITHOUT ROWID;
"""

Migration = Callable[["Database"], object]


def version_1(db: Database) -> None:
    """The first schema."""
    for part in (SOURCES, URLS, ARTICLES, QUEUE, SERVICE):
        db.executescript(part)


def version_2(db: Database) -> None:
    """What made each text, and which revisions only this program made."""
    # `made_by` is NULL for texts of before. A cosmetic revision is the same page,
    # cleaned anew; the outlet has changed nothing.
    db.conn.execute("ALTER TABLE revision ADD COLUMN made_by TEXT")
    db.conn.execute(
        "ALTER TABLE revision ADD COLUMN cosmetic INTEGER NOT NULL DEFAULT 0"
        " CHECK (cosmetic IN (0, 1))"
    )


def version_3(db: Database) -> None:
    """The outlets' memory."""
    db.executescript(MEMORY)


def version_4(db: Database) -> None:
    """What subscriptions want, and how deliveries fared."""
    db.executescript(SUBSCRIPTIONS)


def version_5(db: Database) -> None:
    """Copies that are no more than nearly the same."""
    db.executescript(WORDINGS)
    # The share of the related text that is found in this one; where this one has what
    # both share, from and to in characters; the agency that the text names.
    db.conn.execute("ALTER TABLE revision ADD COLUMN coverage_of REAL")
    db.conn.execute("ALTER TABLE revision ADD COLUMN credit TEXT")
    db.conn.execute(
        "ALTER TABLE revision ADD COLUMN passages TEXT CHECK (json_valid(passages))"
    )


def version_6(db: Database) -> None:
    """What the very first program left out of its schema 1."""
    columns = {row[1] for row in db.conn.execute("PRAGMA table_info(revision)")}
    if "expired_at" not in columns:
        db.conn.execute("ALTER TABLE revision ADD COLUMN expired_at INTEGER")
        db.conn.execute(
            "CREATE INDEX revision_kept ON revision (stored_at)"
            " WHERE expired_at IS NULL"
        )


def version_7(db: Database) -> None:
    """The habits of sources and outlets."""
    db.executescript(HABITS)


def version_8(db: Database) -> None:
    """What is forgotten stays forgotten; what a revision changed."""
    db.executescript(FORGETTING)
    # `change` is a class of `pipelines.revising`, `changes` what it was made of.
    db.conn.execute("ALTER TABLE revision ADD COLUMN change TEXT")
    db.conn.execute(
        "ALTER TABLE revision ADD COLUMN changes TEXT CHECK (json_valid(changes))"
    )


def version_9(db: Database) -> None:
    """The ledger of requests; hosts that fail, sources that move, who lists what."""
    db.executescript(REQUESTS)


def version_10(db: Database) -> None:
    """Tombstones stay; which spellings of an outlet's addresses lead to one page."""
    db.executescript(TOMBSTONES)


def version_11(db: Database) -> None:
    """Texts that come back for several articles."""
    # Of a rejected page's text, so that it is known when it comes again.
    db.conn.execute("ALTER TABLE rejection ADD COLUMN text_hash BLOB")
    db.conn.execute(
        "CREATE INDEX rejection_text ON rejection (text_hash)"
        " WHERE text_hash IS NOT NULL"
    )


def version_12(db: Database) -> None:
    """A small table for the postings of the latest texts."""
    db.executescript(FRESH_POSTINGS)


#: `MIGRATIONS[n]` leads from schema n to n + 1.
MIGRATIONS: tuple[Migration, ...] = (
    version_1,
    version_2,
    version_3,
    version_4,
    version_5,
    version_6,
    version_7,
    version_8,
    version_9,
    version_10,
    version_11,
    version_12,
)

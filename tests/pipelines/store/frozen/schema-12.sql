-- Schema 12 as the program of df3ab55 made it.
PRAGMA application_id = 1349670753;
PRAGMA user_version = 12;
BEGIN TRANSACTION;
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
INSERT INTO "alert" VALUES(1,'queue:default','nobody reads','3 ready','presswatch queue stats',1795422600000000,1795422600000000,NULL);
CREATE TABLE article (
    id         INTEGER PRIMARY KEY,
    outlet     TEXT NOT NULL,
    key        BLOB NOT NULL,
    url        TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    revisions  INTEGER NOT NULL DEFAULT 0,
    story      INTEGER REFERENCES article (id) ON DELETE SET NULL, forgotten_at INTEGER,
    UNIQUE (outlet, key)
) STRICT;
INSERT INTO "article" VALUES(1,'ferry',X'636F3E4815EE89E98E540E5103EF23FD','https://ferry.example/a',1795419000000000,2,NULL,NULL);
INSERT INTO "article" VALUES(2,'ferry',X'C3D8BE8852DA714C9C7C97581AFBDC72','https://ferry.example/b',1795419000000000,1,NULL,NULL);
INSERT INTO "article" VALUES(3,'hills',X'4D13E61656BAB67C683A2EFE984DD3EF','https://hills.example/copy',1795422600000000,1,2,NULL);
CREATE TABLE attempt (
    id      INTEGER PRIMARY KEY,
    url_id  INTEGER NOT NULL REFERENCES url (id) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    detail  TEXT,
    status  INTEGER
) STRICT;
INSERT INTO "attempt" VALUES(1,1,1795419000000000,'new',NULL,200);
INSERT INTO "attempt" VALUES(2,2,1795419000000000,'new',NULL,200);
INSERT INTO "attempt" VALUES(3,1,1795422600000000,'revision',NULL,200);
INSERT INTO "attempt" VALUES(4,7,1795422600000000,'duplicate','carries the text of ferry https://ferry.example/b',200);
INSERT INTO "attempt" VALUES(5,4,1795422600000000,'gone','in words',404);
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
INSERT INTO "block_seen" VALUES(1,'ferry',X'1CD849BD9909947C5FF97F84E7AFA037',1,0,1795419000000000,1795419000000000,1,1,NULL,NULL,NULL);
INSERT INTO "block_seen" VALUES(2,'ferry',X'66142808FBD16F340FA1CB2449BB514B',1,0,1795419000000000,1795419000000000,2,2,NULL,NULL,NULL);
INSERT INTO "block_seen" VALUES(3,'ferry',X'0BA5BD5459013BD60F93C66CEF1AF001',1,0,1795422600000000,1795422600000000,2,2,NULL,NULL,NULL);
INSERT INTO "block_seen" VALUES(4,'hills',X'66142808FBD16F340FA1CB2449BB514B',1,0,1795422600000000,1795422600000000,1,1,NULL,NULL,NULL);
CREATE TABLE block_story (
    block_id INTEGER NOT NULL REFERENCES block_seen (id) ON DELETE CASCADE,
    story    INTEGER NOT NULL,
    turn     INTEGER NOT NULL,
    PRIMARY KEY (block_id, story)
) STRICT, WITHOUT ROWID;
INSERT INTO "block_story" VALUES(1,1,1);
INSERT INTO "block_story" VALUES(2,2,2);
INSERT INTO "block_story" VALUES(3,1,2);
INSERT INTO "block_story" VALUES(4,2,1);
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
    last_error   TEXT, leased_at INTEGER, history TEXT
    CHECK (history IS NULL OR json_valid(history)),
    PRIMARY KEY (subscription, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO "delivery" VALUES('default',1,'done',0,1795419000000000,1,NULL,NULL,'2c7db512721d051a9f63a373ad00b416',1795422600000000,NULL,1795422600000000,NULL);
INSERT INTO "delivery" VALUES('default',2,'delayed',0,1795422664373588,1,NULL,NULL,NULL,NULL,'no model',1795422600000000,'[{"attempt":1,"leased_at":1795422600000000,"ended_at":1795422600000000,"how":"failed","reason":"no model"}]');
INSERT INTO "delivery" VALUES('default',3,'ready',0,1795422600000000,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE fresh_posting (
    print  INTEGER NOT NULL,
    sketch INTEGER NOT NULL,
    PRIMARY KEY (print, sketch)
) STRICT, WITHOUT ROWID;
INSERT INTO "fresh_posting" VALUES(6272848,2);
INSERT INTO "fresh_posting" VALUES(15190099,3);
INSERT INTO "fresh_posting" VALUES(35790575,2);
INSERT INTO "fresh_posting" VALUES(38889831,3);
INSERT INTO "fresh_posting" VALUES(52455815,3);
INSERT INTO "fresh_posting" VALUES(54999205,2);
INSERT INTO "fresh_posting" VALUES(62538288,2);
INSERT INTO "fresh_posting" VALUES(78363797,3);
INSERT INTO "fresh_posting" VALUES(79619808,1);
INSERT INTO "fresh_posting" VALUES(91035665,3);
INSERT INTO "fresh_posting" VALUES(105532741,3);
INSERT INTO "fresh_posting" VALUES(135832477,3);
INSERT INTO "fresh_posting" VALUES(146471083,2);
INSERT INTO "fresh_posting" VALUES(147549009,3);
INSERT INTO "fresh_posting" VALUES(156854004,3);
INSERT INTO "fresh_posting" VALUES(188911947,2);
INSERT INTO "fresh_posting" VALUES(191580246,1);
INSERT INTO "fresh_posting" VALUES(209282963,1);
INSERT INTO "fresh_posting" VALUES(216248852,2);
INSERT INTO "fresh_posting" VALUES(224055590,1);
INSERT INTO "fresh_posting" VALUES(254381238,3);
INSERT INTO "fresh_posting" VALUES(269391374,1);
INSERT INTO "fresh_posting" VALUES(274612076,2);
INSERT INTO "fresh_posting" VALUES(288906097,1);
INSERT INTO "fresh_posting" VALUES(327247136,1);
INSERT INTO "fresh_posting" VALUES(360731122,2);
INSERT INTO "fresh_posting" VALUES(374698783,2);
INSERT INTO "fresh_posting" VALUES(451763310,3);
INSERT INTO "fresh_posting" VALUES(497619074,1);
INSERT INTO "fresh_posting" VALUES(544227142,3);
INSERT INTO "fresh_posting" VALUES(606516700,2);
INSERT INTO "fresh_posting" VALUES(716696362,3);
INSERT INTO "fresh_posting" VALUES(740229735,2);
INSERT INTO "fresh_posting" VALUES(887089494,1);
INSERT INTO "fresh_posting" VALUES(890863718,2);
INSERT INTO "fresh_posting" VALUES(1076970987,1);
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
CREATE TABLE habit_hour (
    source_id INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    hour      INTEGER NOT NULL,
    items     REAL NOT NULL,
    PRIMARY KEY (source_id, hour)
) STRICT, WITHOUT ROWID;
CREATE TABLE host (
    host     TEXT PRIMARY KEY,
    next_at  INTEGER NOT NULL,
    reason   TEXT NOT NULL,
    failures REAL NOT NULL DEFAULT 0
, opened INTEGER NOT NULL DEFAULT 0, failing_since INTEGER, pace REAL NOT NULL DEFAULT 1) STRICT, WITHOUT ROWID;
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
INSERT INTO "message" VALUES(1,'146a8e6387903144a133b93f1c97b8e4','new',1,1,NULL,1795419000000000,0,X'2CD18F386F985EFF844E8A82F90B738A','{"url":"https://ferry.example/a","outlet":"ferry","title":"Ferry runs again","authors":["Ada Nord"],"published":"2026-11-23T05:30:00+00:00","language":"en","text":"ferry: ferry sentence 0. ferry sentence 1. ferry sentence 2. ferry sentence 3. ferry sentence 4. ferry sentence 5. ferry sentence 6. ferry sentence 7. ferry sentence 8. ferry sentence 9. ferry sentence 10. ferry sentence 11. ferry sentence 12. ferry sentence 13. ferry sentence 14. ferry sentence 15. ferry sentence 16. ferry sentence 17. ferry sentence 18. ferry sentence 19. ferry sentence 20. ferry sentence 21. ferry sentence 22. ferry sentence 23. ferry sentence 24. ferry sentence 25. ferry sentence 26. ferry sentence 27. ferry sentence 28. ferry sentence 29. ferry sentence 30. ferry sentence 31. ferry sentence 32. ferry sentence 33. ferry sentence 34. ferry sentence 35. ferry sentence 36. ferry sentence 37. ferry sentence 38. ferry sentence 39.","partial":false,"text_from":"page","revision":1}');
INSERT INTO "message" VALUES(2,'efa3bacf8fbfe8ad32b8d06e2293ff02','new',2,1,NULL,1795419000000000,0,X'CD0F3BCF7DE224661C6F10A4748506E8','{"url":"https://ferry.example/b","outlet":"ferry","title":"Harbour closed","authors":["Ada Nord"],"published":"2026-11-23T05:30:00+00:00","language":"en","text":"harbour: harbour sentence 0. harbour sentence 1. harbour sentence 2. harbour sentence 3. harbour sentence 4. harbour sentence 5. harbour sentence 6. harbour sentence 7. harbour sentence 8. harbour sentence 9. harbour sentence 10. harbour sentence 11. harbour sentence 12. harbour sentence 13. harbour sentence 14. harbour sentence 15. harbour sentence 16. harbour sentence 17. harbour sentence 18. harbour sentence 19. harbour sentence 20. harbour sentence 21. harbour sentence 22. harbour sentence 23. harbour sentence 24. harbour sentence 25. harbour sentence 26. harbour sentence 27. harbour sentence 28. harbour sentence 29. harbour sentence 30. harbour sentence 31. harbour sentence 32. harbour sentence 33. harbour sentence 34. harbour sentence 35. harbour sentence 36. harbour sentence 37. harbour sentence 38. harbour sentence 39.","partial":false,"text_from":"page","revision":1}');
INSERT INTO "message" VALUES(3,'fef34575d7658666c19e8327ddf7a3f5','revision',1,2,'146a8e6387903144a133b93f1c97b8e4',1795422600000000,0,X'0A40B5B99CFEB12E169F81FDF6642C98','{"url":"https://ferry.example/a","outlet":"ferry","title":"Ferry runs again","authors":["Ada Nord"],"published":"2026-11-23T05:30:00+00:00","language":"en","text":"ferry, later: ferrylater sentence 0. ferrylater sentence 1. ferrylater sentence 2. ferrylater sentence 3. ferrylater sentence 4. ferrylater sentence 5. ferrylater sentence 6. ferrylater sentence 7. ferrylater sentence 8. ferrylater sentence 9. ferrylater sentence 10. ferrylater sentence 11. ferrylater sentence 12. ferrylater sentence 13. ferrylater sentence 14. ferrylater sentence 15. ferrylater sentence 16. ferrylater sentence 17. ferrylater sentence 18. ferrylater sentence 19. ferrylater sentence 20. ferrylater sentence 21. ferrylater sentence 22. ferrylater sentence 23. ferrylater sentence 24. ferrylater sentence 25. ferrylater sentence 26. ferrylater sentence 27. ferrylater sentence 28. ferrylater sentence 29. ferrylater sentence 30. ferrylater sentence 31. ferrylater sentence 32. ferrylater sentence 33. ferrylater sentence 34. ferrylater sentence 35. ferrylater sentence 36. ferrylater sentence 37. ferrylater sentence 38. ferrylater sentence 39.","partial":false,"text_from":"page","revision":2,"changes":{"class":"material","kept":0,"moved":[],"added":[],"removed":[],"edited":[{"before":"ferry: ferry sentence 0. ferry sentence 1. ferry sentence 2. ferry sentence 3. ferry sentence 4. ferry sentence 5. ferry sentence 6. ferry sentence 7. ferry sentence 8. ferry sentence 9. ferry sentence 10. ferry sentence 11. ferry sentence 12. ferry sentence 13. ferry sentence 14. ferry sentence 15. ferry sentence 16. ferry sentence 17. ferry sentence 18. ferry sentence 19. ferry sentence 20. ferry sentence 21. ferry sentence 22. ferry sentence 23. ferry sentence 24. ferry sentence 25. ferry sentence 26. ferry sentence 27. ferry sentence 28. ferry sentence 29. ferry sentence 30. ferry sentence 31. ferry sentence 32. ferry sentence 33. ferry sentence 34. ferry sentence 35. ferry sentence 36. ferry sentence 37. ferry sentence 38. ferry sentence 39.","after":"ferry, later: ferrylater sentence 0. ferrylater sentence 1. ferrylater sentence 2. ferrylater sentence 3. ferrylater sentence 4. ferrylater sentence 5. ferrylater sentence 6. ferrylater sentence 7. ferrylater sentence 8. ferrylater sentence 9. ferrylater sentence 10. ferrylater sentence 11. ferrylater sentence 12. ferrylater sentence 13. ferrylater sentence 14. ferrylater sentence 15. ferrylater sentence 16. ferrylater sentence 17. ferrylater sentence 18. ferrylater sentence 19. ferrylater sentence 20. ferrylater sentence 21. ferrylater sentence 22. ferrylater sentence 23. ferrylater sentence 24. ferrylater sentence 25. ferrylater sentence 26. ferrylater sentence 27. ferrylater sentence 28. ferrylater sentence 29. ferrylater sentence 30. ferrylater sentence 31. ferrylater sentence 32. ferrylater sentence 33. ferrylater sentence 34. ferrylater sentence 35. ferrylater sentence 36. ferrylater sentence 37. ferrylater sentence 38. ferrylater sentence 39."}],"title":null,"notice":null}}');
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "meta" VALUES('heartbeat','2026-11-23T08:30:00+00:00');
CREATE TABLE outlet_hour (
    outlet TEXT NOT NULL,
    hour   INTEGER NOT NULL,
    items  REAL NOT NULL,
    PRIMARY KEY (outlet, hour)
) STRICT, WITHOUT ROWID;
CREATE TABLE outlet_line (
    key     INTEGER PRIMARY KEY,
    stories INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    story   INTEGER NOT NULL
) STRICT;
INSERT INTO "outlet_line" VALUES(80109124115465,1,20780,2);
INSERT INTO "outlet_line" VALUES(192028117406230,1,20780,1);
INSERT INTO "outlet_line" VALUES(204179353040449,1,20780,1);
INSERT INTO "outlet_line" VALUES(233334011435306,1,20780,2);
CREATE TABLE outlet_story (
    outlet  TEXT NOT NULL,
    story   INTEGER NOT NULL,
    turn    INTEGER NOT NULL,
    subject BLOB NOT NULL,
    PRIMARY KEY (outlet, story)
) STRICT, WITHOUT ROWID;
INSERT INTO "outlet_story" VALUES('ferry',1,1,X'1F7B3A80FC5BA193131C0DBF');
INSERT INTO "outlet_story" VALUES('ferry',2,2,X'E44DC7049A9C685B');
INSERT INTO "outlet_story" VALUES('hills',2,1,X'1F7B3A80FC5BA193131C0DBF');
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
INSERT INTO "page" VALUES(1,1,1795419000000000,'https://ferry.example/a','https://ferry.example/a',200,'text/html','{"Server":"x"}','pages-202648.db',X'976F59508D5C2050A69335306C39D638',11,0);
INSERT INTO "page" VALUES(2,2,1795419000000000,'https://ferry.example/b','https://ferry.example/b',200,'text/html','{"Server":"x"}','pages-202648.db',X'976F59508D5C2050A69335306C39D638',11,0);
INSERT INTO "page" VALUES(3,1,1795422600000000,'https://ferry.example/a','https://ferry.example/a',200,'text/html','{"Server":"x"}','pages-202648.db',X'976F59508D5C2050A69335306C39D638',11,0);
INSERT INTO "page" VALUES(4,7,1795422600000000,'https://hills.example/copy','https://hills.example/copy',200,'text/html','{"Server":"x"}','pages-202648.db',X'976F59508D5C2050A69335306C39D638',11,0);
INSERT INTO "page" VALUES(5,3,1795422600000000,'https://ferry.example/c','https://ferry.example/c',200,'text/html','{"Server":"x"}','pages-202648.db',X'976F59508D5C2050A69335306C39D638',11,0);
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
INSERT INTO "poll" VALUES(1,1,1795419000000000,'ok',200,6,6,0,NULL);
CREATE TABLE posting (
    print  INTEGER NOT NULL,
    sketch INTEGER NOT NULL,
    PRIMARY KEY (print, sketch)
) STRICT, WITHOUT ROWID;
CREATE TABLE rejection (
    url_id  INTEGER PRIMARY KEY REFERENCES url (id) ON DELETE CASCADE,
    page_id INTEGER REFERENCES page (id) ON DELETE SET NULL,
    at      INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    detail  TEXT,
    title   TEXT,
    text    TEXT,
    removed TEXT NOT NULL CHECK (json_valid(removed))
, text_hash BLOB) STRICT;
CREATE TABLE removal (
    revision_id INTEGER NOT NULL REFERENCES revision (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    text        TEXT NOT NULL,
    reason      TEXT NOT NULL,
    evidence    TEXT NOT NULL,
    PRIMARY KEY (revision_id, ordinal)
) STRICT, WITHOUT ROWID;
INSERT INTO "removal" VALUES(1,0,7,'Read also','teaser','link list');
INSERT INTO "removal" VALUES(2,0,7,'Read also','teaser','link list');
INSERT INTO "removal" VALUES(3,0,7,'Read also','teaser','link list');
INSERT INTO "removal" VALUES(4,0,7,'Read also','teaser','link list');
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
CREATE TABLE request_sum (
    day      TEXT NOT NULL,
    host     TEXT NOT NULL,
    purpose  TEXT NOT NULL,
    requests INTEGER NOT NULL,
    bytes    INTEGER NOT NULL,
    PRIMARY KEY (day, host, purpose)
) STRICT, WITHOUT ROWID;
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
    expired_at      INTEGER, made_by TEXT, cosmetic INTEGER NOT NULL DEFAULT 0 CHECK (cosmetic IN (0, 1)), coverage_of REAL, credit TEXT, passages TEXT CHECK (json_valid(passages)), change TEXT, changes TEXT CHECK (json_valid(changes)), -- when its text was taken out
    UNIQUE (article_id, n)
) STRICT;
INSERT INTO "revision" VALUES(1,1,1,X'FFC7394D614A584A97F019418E507210',X'2CD18F386F985EFF844E8A82F90B738A','Ferry runs again','["Ada Nord"]',1795411800000000,NULL,'en','Coast','ferry: ferry sentence 0. ferry sentence 1. ferry sentence 2. ferry sentence 3. ferry sentence 4. ferry sentence 5. ferry sentence 6. ferry sentence 7. ferry sentence 8. ferry sentence 9. ferry sentence 10. ferry sentence 11. ferry sentence 12. ferry sentence 13. ferry sentence 14. ferry sentence 15. ferry sentence 16. ferry sentence 17. ferry sentence 18. ferry sentence 19. ferry sentence 20. ferry sentence 21. ferry sentence 22. ferry sentence 23. ferry sentence 24. ferry sentence 25. ferry sentence 26. ferry sentence 27. ferry sentence 28. ferry sentence 29. ferry sentence 30. ferry sentence 31. ferry sentence 32. ferry sentence 33. ferry sentence 34. ferry sentence 35. ferry sentence 36. ferry sentence 37. ferry sentence 38. ferry sentence 39.','{"title":"Ferry runs again","authors":["Ada Nord"],"published":["2026-11-23T05:30:00+00:00","json-ld","second"],"updated":null,"canonical":null,"section":"Coast","description":null,"site_name":null,"declared_language":null,"free":null,"reserved":{},"sources":{"title":"og:title"}}','new',NULL,NULL,'1',1,1,1795419000000000,1795419000000000,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "revision" VALUES(2,2,1,X'50210E6378B6B636E7BE56610799E8CD',X'CD0F3BCF7DE224661C6F10A4748506E8','Harbour closed','["Ada Nord"]',1795411800000000,NULL,'en','Coast','harbour: harbour sentence 0. harbour sentence 1. harbour sentence 2. harbour sentence 3. harbour sentence 4. harbour sentence 5. harbour sentence 6. harbour sentence 7. harbour sentence 8. harbour sentence 9. harbour sentence 10. harbour sentence 11. harbour sentence 12. harbour sentence 13. harbour sentence 14. harbour sentence 15. harbour sentence 16. harbour sentence 17. harbour sentence 18. harbour sentence 19. harbour sentence 20. harbour sentence 21. harbour sentence 22. harbour sentence 23. harbour sentence 24. harbour sentence 25. harbour sentence 26. harbour sentence 27. harbour sentence 28. harbour sentence 29. harbour sentence 30. harbour sentence 31. harbour sentence 32. harbour sentence 33. harbour sentence 34. harbour sentence 35. harbour sentence 36. harbour sentence 37. harbour sentence 38. harbour sentence 39.','{"title":"Harbour closed","authors":["Ada Nord"],"published":["2026-11-23T05:30:00+00:00","json-ld","second"],"updated":null,"canonical":null,"section":"Coast","description":null,"site_name":null,"declared_language":null,"free":null,"reserved":{},"sources":{"title":"og:title"}}','new',NULL,NULL,'1',2,2,1795419000000000,1795419000000000,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "revision" VALUES(3,1,2,X'B891C2D692382ED133142F24A327F758',X'0A40B5B99CFEB12E169F81FDF6642C98','Ferry runs again','["Ada Nord"]',1795411800000000,NULL,'en','Coast','ferry, later: ferrylater sentence 0. ferrylater sentence 1. ferrylater sentence 2. ferrylater sentence 3. ferrylater sentence 4. ferrylater sentence 5. ferrylater sentence 6. ferrylater sentence 7. ferrylater sentence 8. ferrylater sentence 9. ferrylater sentence 10. ferrylater sentence 11. ferrylater sentence 12. ferrylater sentence 13. ferrylater sentence 14. ferrylater sentence 15. ferrylater sentence 16. ferrylater sentence 17. ferrylater sentence 18. ferrylater sentence 19. ferrylater sentence 20. ferrylater sentence 21. ferrylater sentence 22. ferrylater sentence 23. ferrylater sentence 24. ferrylater sentence 25. ferrylater sentence 26. ferrylater sentence 27. ferrylater sentence 28. ferrylater sentence 29. ferrylater sentence 30. ferrylater sentence 31. ferrylater sentence 32. ferrylater sentence 33. ferrylater sentence 34. ferrylater sentence 35. ferrylater sentence 36. ferrylater sentence 37. ferrylater sentence 38. ferrylater sentence 39.','{"title":"Ferry runs again","authors":["Ada Nord"],"published":["2026-11-23T05:30:00+00:00","json-ld","second"],"updated":null,"canonical":null,"section":"Coast","description":null,"site_name":null,"declared_language":null,"free":null,"reserved":{},"sources":{"title":"og:title"}}','revision',1,NULL,'1',3,1,1795422600000000,1795422600000000,NULL,NULL,0,NULL,NULL,NULL,'material','{"class":"material","kept":0,"moved":[],"added":[],"removed":[],"edited":[{"before":"ferry: ferry sentence 0. ferry sentence 1. ferry sentence 2. ferry sentence 3. ferry sentence 4. ferry sentence 5. ferry sentence 6. ferry sentence 7. ferry sentence 8. ferry sentence 9. ferry sentence 10. ferry sentence 11. ferry sentence 12. ferry sentence 13. ferry sentence 14. ferry sentence 15. ferry sentence 16. ferry sentence 17. ferry sentence 18. ferry sentence 19. ferry sentence 20. ferry sentence 21. ferry sentence 22. ferry sentence 23. ferry sentence 24. ferry sentence 25. ferry sentence 26. ferry sentence 27. ferry sentence 28. ferry sentence 29. ferry sentence 30. ferry sentence 31. ferry sentence 32. ferry sentence 33. ferry sentence 34. ferry sentence 35. ferry sentence 36. ferry sentence 37. ferry sentence 38. ferry sentence 39.","after":"ferry, later: ferrylater sentence 0. ferrylater sentence 1. ferrylater sentence 2. ferrylater sentence 3. ferrylater sentence 4. ferrylater sentence 5. ferrylater sentence 6. ferrylater sentence 7. ferrylater sentence 8. ferrylater sentence 9. ferrylater sentence 10. ferrylater sentence 11. ferrylater sentence 12. ferrylater sentence 13. ferrylater sentence 14. ferrylater sentence 15. ferrylater sentence 16. ferrylater sentence 17. ferrylater sentence 18. ferrylater sentence 19. ferrylater sentence 20. ferrylater sentence 21. ferrylater sentence 22. ferrylater sentence 23. ferrylater sentence 24. ferrylater sentence 25. ferrylater sentence 26. ferrylater sentence 27. ferrylater sentence 28. ferrylater sentence 29. ferrylater sentence 30. ferrylater sentence 31. ferrylater sentence 32. ferrylater sentence 33. ferrylater sentence 34. ferrylater sentence 35. ferrylater sentence 36. ferrylater sentence 37. ferrylater sentence 38. ferrylater sentence 39."}],"title":null,"notice":null}');
INSERT INTO "revision" VALUES(4,3,1,X'1191622EDF7FA358C9AD53E65B421F28',X'CD0F3BCF7DE224661C6F10A4748506E8','Ferry runs again','["Ada Nord"]',1795411800000000,NULL,'en','Coast','harbour: harbour sentence 0. harbour sentence 1. harbour sentence 2. harbour sentence 3. harbour sentence 4. harbour sentence 5. harbour sentence 6. harbour sentence 7. harbour sentence 8. harbour sentence 9. harbour sentence 10. harbour sentence 11. harbour sentence 12. harbour sentence 13. harbour sentence 14. harbour sentence 15. harbour sentence 16. harbour sentence 17. harbour sentence 18. harbour sentence 19. harbour sentence 20. harbour sentence 21. harbour sentence 22. harbour sentence 23. harbour sentence 24. harbour sentence 25. harbour sentence 26. harbour sentence 27. harbour sentence 28. harbour sentence 29. harbour sentence 30. harbour sentence 31. harbour sentence 32. harbour sentence 33. harbour sentence 34. harbour sentence 35. harbour sentence 36. harbour sentence 37. harbour sentence 38. harbour sentence 39.','{"title":"Ferry runs again","authors":["Ada Nord"],"published":["2026-11-23T05:30:00+00:00","json-ld","second"],"updated":null,"canonical":null,"section":"Coast","description":null,"site_name":null,"declared_language":null,"free":null,"reserved":{},"sources":{"title":"og:title"}}','same',2,1.0,'1',4,7,1795422600000000,1795422600000000,NULL,NULL,0,1.0,NULL,NULL,NULL,NULL);
CREATE TABLE robots (
    origin     TEXT PRIMARY KEY,
    status     INTEGER,
    body       BLOB NOT NULL,
    fetched_at INTEGER NOT NULL
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
INSERT INTO "sketch" VALUES(1,1,1,1,6983501651146810179,121,1795419000000000);
INSERT INTO "sketch" VALUES(2,2,1,2,2917968389732928565,121,1795419000000000);
INSERT INTO "sketch" VALUES(3,1,1,1,6585329961884735741,122,1795422600000000);
INSERT INTO "sketch" VALUES(4,2,2,3,2917968389732928565,121,1795422600000000);
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
    confirmed_at  INTEGER, why TEXT, moved_to TEXT, moved_polls INTEGER NOT NULL DEFAULT 0, moved_since INTEGER,
    UNIQUE (outlet, kind, url)
) STRICT;
INSERT INTO "source" VALUES(1,'ferry','feed','https://ferry.example/feed','ferry.example',1,1795419000000000,1795419900000000,0.0,'"v1"',NULL,X'68686868686868686868686868686868',1795419000000000,1795419000000000,1795419000000000,1795419000000000,NULL,1795419000000000,1795419000000000,NULL,NULL,0,NULL);
CREATE TABLE subscription (
    name     TEXT PRIMARY KEY,
    paused   INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    added_at INTEGER NOT NULL
, filter TEXT NOT NULL DEFAULT '{}'
    CHECK (json_valid(filter)), fill_from INTEGER NOT NULL DEFAULT 0, fill_to INTEGER, fill_since INTEGER, retired_at INTEGER, read_at INTEGER, strained TEXT, queued INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
INSERT INTO "subscription" VALUES('default',0,0,'{}',0,NULL,NULL,NULL,1795422600000000,NULL,3,1);
CREATE TABLE teller (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO "teller" VALUES(1,'ferry');
INSERT INTO "teller" VALUES(2,'hills');
CREATE TABLE text_seen (
    text_hash  BLOB PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    first_at   INTEGER NOT NULL,
    n          INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "text_seen" VALUES(X'0A40B5B99CFEB12E169F81FDF6642C98',1,1795422600000000,1,1795422600000000);
INSERT INTO "text_seen" VALUES(X'2CD18F386F985EFF844E8A82F90B738A',1,1795419000000000,1,1795419000000000);
INSERT INTO "text_seen" VALUES(X'CD0F3BCF7DE224661C6F10A4748506E8',2,1795419000000000,2,1795422600000000);
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
    hints          TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(hints)), forgotten_at INTEGER, seen_in INTEGER NOT NULL DEFAULT 0,
    UNIQUE (outlet, key)
) STRICT;
INSERT INTO "url" VALUES(1,'ferry',X'636F3E4815EE89E98E540E5103EF23FD','https://ferry.example/a','ferry.example','done','revision',NULL,0,2,0,0,1795419000000000,1795419000000000,NULL,1795422600000000,1795422600000000,3,1,1,1,NULL,'{"title":"Listed a"}',NULL,1);
INSERT INTO "url" VALUES(2,'ferry',X'C3D8BE8852DA714C9C7C97581AFBDC72','https://ferry.example/b','ferry.example','done','new',NULL,0,1,0,0,1795419000000000,1795419000000000,NULL,1795419000000000,1795419000000000,2,2,1,1,NULL,'{"title":"Listed b"}',NULL,1);
INSERT INTO "url" VALUES(3,'ferry',X'C791D9B88483C70EB4C7CCC235B73B6F','https://ferry.example/c','ferry.example','waiting',NULL,NULL,0,0,0,0,1795419000000000,1795419000000000,NULL,1795422600000000,NULL,5,NULL,1,1,NULL,'{"title":"Listed c"}',NULL,1);
INSERT INTO "url" VALUES(4,'ferry',X'AAD6C9AE44FA9935F39EF57962EE8C5A','https://ferry.example/d','ferry.example','done','gone','in words',0,1,1,0,1795419000000000,1795419000000000,NULL,NULL,1795422600000000,NULL,NULL,1,1,NULL,'{"title":"Listed d"}',NULL,1);
INSERT INTO "url" VALUES(5,'ferry',X'0F5B5539B72101B7F225CBB08ACBED63','https://ferry.example/e','ferry.example','due',NULL,NULL,0,0,0,0,1795419000000000,1795419000000000,1795419000000000,NULL,NULL,NULL,NULL,1,1,NULL,'{"title":"Listed e"}',NULL,1);
INSERT INTO "url" VALUES(6,'ferry',X'44CD3A2B7042CE8952A658C89D560F2D','https://ferry.example/f','ferry.example','due',NULL,NULL,0,0,0,0,1795419000000000,1795419000000000,1795419000000000,NULL,NULL,NULL,NULL,1,1,NULL,'{"title":"Listed f"}',NULL,1);
INSERT INTO "url" VALUES(7,'hills',X'4D13E61656BAB67C683A2EFE984DD3EF','https://hills.example/copy','ferry.example','done','duplicate','carries the text of ferry https://ferry.example/b',0,1,0,0,1795422600000000,1795422600000000,NULL,1795422600000000,1795422600000000,4,3,NULL,NULL,NULL,'{}',NULL,0);
CREATE TABLE url_shape (
    outlet    TEXT NOT NULL,
    shape     TEXT NOT NULL,
    same      INTEGER NOT NULL DEFAULT 0,
    different INTEGER NOT NULL DEFAULT 0,
    example   TEXT NOT NULL,
    PRIMARY KEY (outlet, shape)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_due ON source (next_at) WHERE active = 1;
CREATE INDEX poll_source ON poll (source_id, id);
CREATE INDEX url_due ON url (host, next_at, id)
    WHERE next_at IS NOT NULL AND state <> 'waiting';
CREATE INDEX url_next ON url (next_at, host)
    WHERE next_at IS NOT NULL AND state <> 'waiting';
CREATE INDEX url_waiting ON url (page_id) WHERE state = 'waiting';
CREATE INDEX url_article ON url (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX url_key ON url (key);
CREATE INDEX attempt_url ON attempt (url_id, id);
CREATE INDEX page_url ON page (url_id);
CREATE INDEX article_key ON article (key);
CREATE INDEX article_story ON article (story) WHERE story IS NOT NULL;
CREATE INDEX revision_stored ON revision (stored_at, id);
CREATE INDEX revision_kept ON revision (stored_at) WHERE expired_at IS NULL;
CREATE INDEX revision_text ON revision (text_hash) WHERE text_hash IS NOT NULL;
CREATE INDEX revision_page ON revision (page_id) WHERE page_id IS NOT NULL;
CREATE INDEX text_seen_article ON text_seen (article_id);
CREATE INDEX message_article ON message (article_id, seq);
CREATE INDEX delivery_ready ON delivery (subscription, priority DESC, seq)
    WHERE state = 'ready';
CREATE INDEX delivery_delayed ON delivery (subscription, available_at)
    WHERE state = 'delayed';
CREATE INDEX delivery_leased ON delivery (subscription, lease_until)
    WHERE state = 'leased';
CREATE INDEX delivery_dead ON delivery (subscription, seq) WHERE state = 'dead';
CREATE INDEX delivery_seq ON delivery (seq);
CREATE UNIQUE INDEX alert_open ON alert (key) WHERE closed_at IS NULL;
CREATE INDEX outlet_story_turn ON outlet_story (outlet, turn);
CREATE INDEX block_seen_turn ON block_seen (outlet, last_turn, last_at)
    WHERE revoked_at IS NULL;
CREATE INDEX url_title ON url (outlet, json_extract(hints, '$.title'))
    WHERE json_extract(hints, '$.title') IS NOT NULL;
CREATE INDEX revision_title ON revision (title) WHERE title IS NOT NULL;
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
CREATE INDEX sketch_story ON sketch (story) WHERE story <> id;
CREATE INDEX sketch_url ON sketch (url_key) WHERE url_key IS NOT NULL;
CREATE TRIGGER url_forgotten AFTER UPDATE ON url
WHEN new.forgotten_at IS NOT NULL
    AND (new.next_at IS NOT NULL OR new.state <> 'done' OR new.hints <> '{}')
BEGIN
    UPDATE url SET state = 'done', next_at = NULL, hints = '{}' WHERE id = new.id;
END;
CREATE INDEX request_at ON request (at);
CREATE INDEX request_host ON request (host, at);
CREATE TRIGGER url_forgotten_stays BEFORE DELETE ON url
WHEN old.forgotten_at IS NOT NULL BEGIN SELECT RAISE(IGNORE); END;
CREATE INDEX rejection_text ON rejection (text_hash) WHERE text_hash IS NOT NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('message',3);
COMMIT;

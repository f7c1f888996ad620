"""By what a document is recognised as unchanged: HTTP's validators, and its hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from crawlers.fetch import Answer
from pipelines.store import SourceWork


@dataclass(frozen=True, slots=True)
class Validators:
    """What came with a body; all None: it is asked for unconditionally.

    `read_at`: when that body was read, where that is kept.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes | None = None
    read_at: datetime | None = None

    @classmethod
    def of(cls, answer: Answer) -> Validators:
        return cls(
            answer.headers.get("etag"),
            answer.headers.get("last-modified"),
            hashlib.blake2b(answer.body, digest_size=16).digest(),
        )

    @classmethod
    def stored(cls, work: SourceWork) -> Validators:
        return cls(work.etag, work.last_modified, work.body_hash, work.listed_at)

    @property
    def conditional(self) -> bool:
        """Whether a server can answer to them with 304."""
        return self.etag is not None or self.last_modified is not None

    def dumped(self) -> str:
        digest = self.body_hash.hex() if self.body_hash else None
        read_at = self.read_at and self.read_at.isoformat()
        return json.dumps([self.etag, self.last_modified, digest, read_at])

    @classmethod
    def loaded(cls, text: str | None) -> Validators:
        if text is None:
            return cls()
        etag, last_modified, digest, *rest = json.loads(text)
        body_hash = bytes.fromhex(digest) if digest else None
        read_at = datetime.fromisoformat(rest[0]) if rest and rest[0] else None
        return cls(etag, last_modified, body_hash, read_at)

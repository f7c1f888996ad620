"""Other ways to find near-duplicates, behind one face; those that are installed.

python -m pip install datasketch simhash    # in an environment beside the project
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Protocol

from pipelines.fingerprint import RUN, text_hash, tokens


class Peer(Protocol):
    """An index of texts by number."""

    def add(self, at: int, text: str) -> None:
        """Put a text into the index."""

    def nearest(self, text: str) -> int | None:
        """The text in the index that it takes for the same, if any."""


class Exact:
    """The same words in the same order."""

    def __init__(self) -> None:
        self._first: dict[bytes, int] = {}

    def add(self, at: int, text: str) -> None:
        key = text_hash(text)
        if key is not None:
            self._first.setdefault(key, at)

    def nearest(self, text: str) -> int | None:
        key = text_hash(text)
        return None if key is None else self._first.get(key)


class MinHash:
    """datasketch: MinHash of 128 permutations over runs of five words, in an LSH."""

    def __init__(self, threshold: float) -> None:
        import datasketch

        self._threshold = threshold
        self._library: Any = datasketch
        self._lsh = datasketch.MinHashLSH(threshold=threshold, num_perm=128)
        self._kept: dict[int, Any] = {}
        self._latest: tuple[str, Any] = ("", None)

    def fill(self, count: int) -> None:
        """Have it hold so many texts: signatures as unlike texts have them."""
        import numpy as np

        rng, empty = np.random.default_rng(3), self._library.MinHash(num_perm=128)
        for at in range(-count, 0):
            hashed = empty.copy()
            hashed.hashvalues = rng.integers(0, 1 << 32, 128, empty.hashvalues.dtype)
            self._keep(at, hashed)

    def add(self, at: int, text: str) -> None:
        self._keep(at, self._hashed(text))

    def _keep(self, at: int, hashed: Any) -> None:
        self._lsh.insert(at, hashed)
        self._kept[at] = hashed

    def nearest(self, text: str) -> int | None:
        hashed = self._hashed(text)
        found = [(hashed.jaccard(self._kept[at]), at) for at in self._lsh.query(hashed)]
        share, at = max(found, default=(0.0, None))
        return at if share >= self._threshold else None

    def _hashed(self, text: str) -> Any:
        if self._latest[0] != text:
            words = tokens(text)
            hashed = self._library.MinHash(num_perm=128)
            runs = (words[n : n + RUN] for n in range(max(1, len(words) - RUN + 1)))
            hashed.update_batch([" ".join(run).encode() for run in runs])
            self._latest = (text, hashed)
        return self._latest[1]


class SimHash:
    """The simhash package: 64 bits over runs of three words, of which three differ."""

    def __init__(self) -> None:
        import simhash

        self._library: Any = simhash
        self._index = simhash.SimhashIndex([], k=3)

    def add(self, at: int, text: str) -> None:
        self._index.add(str(at), self._hashed(text))

    def nearest(self, text: str) -> int | None:
        found = self._index.get_near_dups(self._hashed(text))
        return min(map(int, found), default=None)

    def _hashed(self, text: str) -> Any:
        words = tokens(text)
        runs = [" ".join(words[n : n + 3]) for n in range(max(1, len(words) - 2))]
        return self._library.Simhash(runs)


class Trafilatura:
    """trafilatura's own fingerprint: a 64-bit SimHash of long words, 0.95 alike."""

    def __init__(self) -> None:
        from trafilatura.deduplication import Simhash

        self._hash: Any = Simhash
        self._kept: list[tuple[int, Any]] = []

    def add(self, at: int, text: str) -> None:
        self._kept.append((at, self._hash(text)))

    def nearest(self, text: str) -> int | None:
        hashed = self._hash(text)
        found = ((hashed.similarity(other), -at) for at, other in self._kept)
        likeness, at = max(found, default=(0.0, 0))
        return -at if likeness >= 0.95 else None


def peers() -> dict[str, Callable[[], Peer]]:
    """Name -> an empty index, of the peers that can be imported."""
    found: dict[str, Callable[[], Peer]] = {"exact hash": Exact}
    if find_spec("simhash") is not None:
        found["SimHash"] = SimHash
    if find_spec("datasketch") is not None:
        found["MinHash LSH 0.5"] = lambda: MinHash(0.5)
        found["MinHash LSH 0.8"] = lambda: MinHash(0.8)
    if find_spec("trafilatura") is not None:
        found["trafilatura"] = Trafilatura
    return found

"""How long an answer holds by its headers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawlers.lifetime import cached_for

DATE = "Wed, 04 Mar 2026 12:00:00 GMT"
LATER = "Wed, 04 Mar 2026 12:10:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({}, None, id="nothing said"),
        pytest.param({"cache-control": "public, max-age=300"}, 300, id="max-age"),
        pytest.param({"cache-control": "s-maxage=300"}, None, id="for proxies only"),
        pytest.param({"cache-control": "max-age=300, no-cache"}, None, id="no-cache"),
        pytest.param({"cache-control": "No-Store"}, None, id="no-store"),
        pytest.param({"cache-control": 'max-age="60"'}, 60, id="quoted"),
        pytest.param({"cache-control": "max-age=soon"}, None, id="no number"),
        pytest.param({"cache-control": "max-age=300", "age": "100"}, 200, id="aged"),
        pytest.param({"cache-control": "max-age=300", "age": "400"}, None, id="over"),
        pytest.param({"expires": LATER, "date": DATE}, 600, id="Expires"),
        pytest.param({"expires": DATE, "date": LATER}, None, id="expired"),
        pytest.param({"expires": "0", "date": DATE}, None, id="Expires: 0"),
        pytest.param({"expires": LATER}, None, id="without the server's clock"),
        pytest.param(
            {"expires": LATER, "date": DATE, "cache-control": "max-age=5"},
            5,
            id="max-age wins",
        ),
    ],
)
def test_lifetime(headers: dict[str, str], seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert cached_for(headers) == expected

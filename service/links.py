"""Links as people type and paste them. Pure."""

from __future__ import annotations

from pipelines import urls


def typed(link: str) -> str:
    """The canonical URL of a link; one without a scheme is taken for https.

    Raises `urls.UrlError`.
    """
    return urls.canonical(link if "://" in link else f"https://{link.strip()}")


def spellings(link: str) -> tuple[str, ...]:
    """The canonical URL of a link, then what else may have been meant by it.

    Canonical URLs keep the scheme and a trailing slash, since only the server knows
    whether they matter; who pastes a link may have lost either. Raises
    `urls.UrlError`.
    """
    url = typed(link)
    slashed = _other_slash(url)
    both = (url, slashed, _other_scheme(url), _other_scheme(slashed))
    return tuple(dict.fromkeys(both))


def _other_slash(url: str) -> str:
    if "?" in url:
        return url
    return url.removesuffix("/") if url.endswith("/") else f"{url}/"


def _other_scheme(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{'http' if scheme == 'https' else 'https'}://{rest}"

"""What programs import from Presswatch."""

from __future__ import annotations

from pipelines.article import Cleaned, Reason, Removed
from pipelines.outcome import Outcome

__all__ = ["Cleaned", "Outcome", "Reason", "Removed"]

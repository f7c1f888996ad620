"""Only the article: pages and flattened texts, with a ledger of what went."""

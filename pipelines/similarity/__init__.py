"""How texts relate: copies, revisions, overlaps, round-ups, forms. Pure.

`wording` turns a text into hashes, `matching` compares two of them word by word,
`judging` says what the comparison means, `relating` does so for a stream of texts
against a memory of what came before (`pipelines.store.sketches`).
"""

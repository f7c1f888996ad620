"""How texts relate: copies, revisions, overlaps, round-ups, forms. Pure.

`wording` turns a text into hashes, `candidates` names those worth a comparison,
`matching` compares two word by word, `judging` says what that means, `relating` does so
for a stream of texts against a memory of what came before (`pipelines.store.sketches`).
"""

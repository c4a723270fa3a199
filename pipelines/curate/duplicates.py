"""Which entries are the same: `find_duplicates`, the linkage step as one function over a frame.

What belongs here: features, blocking and rules put together. What does not: clusters, ids, merging of values.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipelines.curate.blocking import candidates
from pipelines.curate.features import Features, common_words, make_features
from pipelines.curate.rules import Match, judge


def find_duplicates(entries: pd.DataFrame) -> pd.DataFrame:
    """Pairs of rows that show the same entry.

    `entries` has the columns of `refined_entries`, of which only `title` is required; without `source`, rows count as
    from different sources. Rows may come in any order.

    Returns columns `left`, `right` (row labels of `entries`, left before right), `probability` (0..1, a judged and not
    a fitted figure) and `reason`: same item key; same text; same title with date, city or enough telling words; the
    same event under another title. Surest first. Blocking is described in `pipelines.curate.blocking`; in a group of
    more than 60 rows with one key, near neighbours are paired and not all with all.
    """
    features = make_features(entries)
    rows = sorted((-match.probability, left, right, match.reason) for left, right, match in matching_pairs(features))
    labels = [feature.label for feature in features]
    return pd.DataFrame(
        {
            "left": pd.Series([labels[left] for _, left, _, _ in rows], dtype=object),
            "right": pd.Series([labels[right] for _, _, right, _ in rows], dtype=object),
            "probability": pd.Series([-score for score, _, _, _ in rows], dtype=float),
            "reason": pd.Series([reason for *_, reason in rows], dtype=object),
        }
    )


def matching_pairs(features: Sequence[Features]) -> list[tuple[int, int, Match]]:
    """Positions of two features that match, and the match."""
    common = common_words(features)
    judged = ((left, right, judge(features[left], features[right], common)) for left, right in candidates(features))
    return [(left, right, match) for left, right, match in judged if match is not None]

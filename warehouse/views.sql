-- The views of a release: entries by kind, with the columns that matter there.
-- Each statement stands by itself; the comment on a view says what a row is.

CREATE VIEW practices AS
SELECT
    entry_id, title, subtitle, summary, sections, url, language,
    date_raw, start_date, end_date, date_precision, date_inferred, is_ongoing,
    place_raw, venue, cities, city_ids, countries,
    topics, relevance, first_seen_at, last_seen_at, source_count
FROM entries
WHERE kind = 'practice';

COMMENT ON VIEW practices IS 'Entries of kind practice: something a city does or did, told as an example.';

CREATE VIEW events AS
SELECT
    entry_id, title, subtitle, summary, status, url, language,
    date_raw, start_date, end_date, start_time, end_time, timezone, timezone_raw, start_at, date_precision, date_inferred, is_ongoing,
    place_raw, venue, cities, city_ids, countries, is_online,
    topics, relevance, first_seen_at, last_seen_at, source_count
FROM entries
WHERE kind = 'event';

COMMENT ON VIEW events IS 'Entries of kind event: something that happens at a time.';

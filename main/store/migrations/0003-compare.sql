-- What differs inside the footage that the two items of a match share: the last comparison that ended well.
CREATE TABLE comparison (
  match_id   TEXT PRIMARY KEY REFERENCES footage_match (id) ON DELETE CASCADE,
  -- SHA-256 of the canonical segments that were compared: tells whether they were found anew since.
  segments   TEXT NOT NULL CHECK (length(segments) = 64),
  -- The contract's Comparison.
  body       TEXT NOT NULL CHECK (json_valid(body)),
  made_at    TEXT NOT NULL
) STRICT;
CREATE INDEX job_subject ON job (subject_id, created_at);

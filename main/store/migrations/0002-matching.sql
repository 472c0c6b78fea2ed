-- Known footage: fingerprints, matches between items, hash lists of others.

-- Jobs that compare two items pixel by pixel. SQLite cannot change a CHECK: the table is made anew, with what refers to it.
CREATE TABLE job_next (
  id          TEXT PRIMARY KEY,
  kind        TEXT NOT NULL CHECK (kind IN ('triage', 'proxy', 'compare')),
  evidence_id TEXT NOT NULL REFERENCES evidence (id),
  state       TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  attempts    INTEGER NOT NULL DEFAULT 0,
  error       TEXT CHECK (error IS NULL OR json_valid(error)),
  created_at  TEXT NOT NULL,
  started_at  TEXT,
  ended_at    TEXT,
  -- What the job is about beside the item: for 'compare' the match.
  subject_id  TEXT
) STRICT;
INSERT INTO job_next (rowid, id, kind, evidence_id, state, attempts, error, created_at, started_at, ended_at)
  SELECT rowid, id, kind, evidence_id, state, attempts, error, created_at, started_at, ended_at FROM job;
CREATE TABLE job_step_next (
  job_id   TEXT NOT NULL REFERENCES job_next (id),
  name     TEXT NOT NULL,
  ended_at TEXT NOT NULL,
  PRIMARY KEY (job_id, name)
) STRICT;
INSERT INTO job_step_next (rowid, job_id, name, ended_at) SELECT rowid, job_id, name, ended_at FROM job_step;
DROP TABLE job_step;
DROP TABLE job;
ALTER TABLE job_next RENAME TO job;
ALTER TABLE job_step_next RENAME TO job_step;
CREATE INDEX job_state ON job (state, created_at);
CREATE INDEX job_evidence ON job (evidence_id, created_at);

-- What an item is known again by, as written by matching/prints-bytes.ts: one blob a video, since a row a frame would be
-- 16 times slower. Rebuildable by running the triage again.
CREATE TABLE fingerprint (
  evidence_id TEXT PRIMARY KEY REFERENCES evidence (id),
  -- Of the body, so that damage is noticed and an index on disk can be held against it.
  sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
  -- Seconds.
  duration    REAL NOT NULL CHECK (duration >= 0),
  hashes      INTEGER NOT NULL CHECK (hashes >= 0),
  body        BLOB NOT NULL,
  made_at     TEXT NOT NULL
) STRICT;

-- What an item was last held against. Where this is missing or differs from what there is now, it is still to be matched.
CREATE TABLE matched (
  evidence_id TEXT PRIMARY KEY REFERENCES evidence (id),
  -- The fingerprint that was looked up, and by which version of the matching.
  fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
  version     TEXT NOT NULL,
  -- Hash lists that it was held against: JSON array of ids, sorted.
  lists       TEXT NOT NULL CHECK (json_valid(lists)),
  -- Items that it was held against, and SHA-256 of all their fingerprints together.
  videos      INTEGER NOT NULL,
  library     TEXT NOT NULL CHECK (length(library) = 64),
  -- Its frames that show enough to be told apart.
  usable      INTEGER NOT NULL,
  at          TEXT NOT NULL
) STRICT;

-- Two items that share footage, once for each pair; `fresh` came into the library later.
CREATE TABLE footage_match (
  id          TEXT PRIMARY KEY,
  fresh_id    TEXT NOT NULL REFERENCES evidence (id),
  known_id    TEXT NOT NULL REFERENCES evidence (id),
  -- JSON {kind, mirrored, strength, seconds, segments, words}.
  body        TEXT NOT NULL CHECK (json_valid(body)),
  state       TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'rejected')),
  reason      TEXT NOT NULL DEFAULT '',
  decided_at  TEXT,
  actor       TEXT NOT NULL DEFAULT '',
  relation_id TEXT REFERENCES relation (id),
  -- False where it was decided upon and a later look-up did not find it again.
  current     INTEGER NOT NULL DEFAULT 1 CHECK (current IN (0, 1)),
  found_at    TEXT NOT NULL,
  UNIQUE (fresh_id, known_id),
  CHECK (fresh_id <> known_id)
) STRICT;
CREATE INDEX footage_match_known ON footage_match (known_id);

CREATE TABLE hash_list (
  id          TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
  entries     INTEGER NOT NULL,
  -- JSON {leftOut, reasons, first}.
  report      TEXT NOT NULL CHECK (json_valid(report)),
  imported_at TEXT NOT NULL
) STRICT;
-- Entries of a list, a thousand a row. A list whose row in `hash_list` is missing was not finished, and is removed.
CREATE TABLE hash_list_part (
  list_id TEXT NOT NULL,
  part    INTEGER NOT NULL,
  -- 32 bytes an entry.
  hashes  BLOB NOT NULL,
  -- JSON array, one of {id, tags} for each entry.
  details TEXT NOT NULL CHECK (json_valid(details)),
  PRIMARY KEY (list_id, part)
) STRICT;
-- What an item shows of a list: JSON array of the contract's ListMatch without the list.
CREATE TABLE hash_list_match (
  evidence_id TEXT NOT NULL REFERENCES evidence (id),
  list_id     TEXT NOT NULL REFERENCES hash_list (id),
  body        TEXT NOT NULL CHECK (json_valid(body)),
  PRIMARY KEY (evidence_id, list_id)
) STRICT;

-- Fingerprints that were written to exports/, so that the doors can serve them.
CREATE TABLE exported_fingerprints (
  id     TEXT PRIMARY KEY,
  format TEXT NOT NULL,
  file   TEXT NOT NULL,
  bytes  INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  at     TEXT NOT NULL
) STRICT;

-- The first schema: evidence and custody, jobs, findings, cases, audit chain.
-- Times are ISO 8601 UTC text; documents are canonical JSON text, parsed by their contract schema when read.

CREATE TABLE audit (
  seq      INTEGER PRIMARY KEY,
  at       TEXT NOT NULL,
  actor    TEXT NOT NULL,
  action   TEXT NOT NULL,
  subject  TEXT NOT NULL,
  -- Canonical JSON of what changed.
  body     TEXT NOT NULL CHECK (json_valid(body)),
  previous TEXT NOT NULL CHECK (length(previous) = 64),
  hash     TEXT NOT NULL UNIQUE CHECK (length(hash) = 64)
) STRICT;
CREATE INDEX audit_subject ON audit (subject, seq);
CREATE TRIGGER audit_append_only_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;
CREATE TRIGGER audit_append_only_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;

CREATE TABLE evidence (
  id        TEXT PRIMARY KEY,
  sha256    TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
  blake3    TEXT NOT NULL CHECK (length(blake3) = 64),
  size      INTEGER NOT NULL CHECK (size > 0),
  container TEXT NOT NULL,
  storage   TEXT NOT NULL CHECK (storage IN ('copied', 'reflinked', 'linked', 'referenced')),
  -- For 'referenced': JSON {path, dev, ino, size, mtimeNs}. The path is kept exactly as the system gave it.
  reference TEXT CHECK (reference IS NULL OR json_valid(reference)),
  added_at  TEXT NOT NULL,
  CHECK ((storage = 'referenced') = (reference IS NOT NULL))
) STRICT;

CREATE TABLE acquisition (
  id          TEXT PRIMARY KEY,
  evidence_id TEXT NOT NULL REFERENCES evidence (id),
  name        TEXT NOT NULL,
  path        TEXT NOT NULL,
  storage     TEXT NOT NULL,
  acquired_at TEXT NOT NULL,
  modified_at TEXT,
  details     TEXT NOT NULL CHECK (json_valid(details))
) STRICT;
CREATE INDEX acquisition_evidence ON acquisition (evidence_id, acquired_at);

CREATE TABLE custody (
  id          INTEGER PRIMARY KEY,
  evidence_id TEXT NOT NULL REFERENCES evidence (id),
  at          TEXT NOT NULL,
  actor       TEXT NOT NULL,
  action      TEXT NOT NULL,
  detail      TEXT NOT NULL
) STRICT;
CREATE INDEX custody_evidence ON custody (evidence_id, id);

-- Every file offered, refused ones included, so that nothing that was dropped goes missing without a word.
CREATE TABLE intake (
  id          TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  path        TEXT NOT NULL,
  size        INTEGER,
  state       TEXT NOT NULL CHECK (state IN ('waiting', 'reading', 'admitted', 'duplicate', 'refused')),
  evidence_id TEXT REFERENCES evidence (id),
  error       TEXT CHECK (error IS NULL OR json_valid(error)),
  -- What is needed to take it up again after the host was killed: the contract's file, storage, details and case.
  request     TEXT NOT NULL CHECK (json_valid(request)),
  at          TEXT NOT NULL
) STRICT;
CREATE INDEX intake_at ON intake (at);

CREATE TABLE job (
  id          TEXT PRIMARY KEY,
  kind        TEXT NOT NULL CHECK (kind IN ('triage', 'proxy')),
  evidence_id TEXT NOT NULL REFERENCES evidence (id),
  state       TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  attempts    INTEGER NOT NULL DEFAULT 0,
  error       TEXT CHECK (error IS NULL OR json_valid(error)),
  created_at  TEXT NOT NULL,
  started_at  TEXT,
  ended_at    TEXT
) STRICT;
CREATE INDEX job_state ON job (state, created_at);
CREATE INDEX job_evidence ON job (evidence_id, created_at);

-- A finished step. Its rows elsewhere are written in the same transaction, so resuming means skipping these.
CREATE TABLE job_step (
  job_id   TEXT NOT NULL REFERENCES job (id),
  name     TEXT NOT NULL,
  ended_at TEXT NOT NULL,
  PRIMARY KEY (job_id, name)
) STRICT;

CREATE TABLE media (
  evidence_id TEXT PRIMARY KEY REFERENCES evidence (id),
  facts       TEXT NOT NULL CHECK (json_valid(facts)),
  -- Packet table of the main video stream, as written by media/packets.ts (one blob: rows would be 16 times slower).
  packets     BLOB NOT NULL,
  -- JSON {bucketSeconds, peaks}; null without sound.
  waveform    TEXT CHECK (waveform IS NULL OR json_valid(waveform)),
  -- JSON {sha256, tiles, tileWidth, tileHeight, times}; null without picture.
  filmstrip   TEXT CHECK (filmstrip IS NULL OR json_valid(filmstrip))
) STRICT;

-- Files under derived/, by content. Rebuildable; every one says what it was made from.
CREATE TABLE derivative (
  sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
  evidence_id TEXT NOT NULL REFERENCES evidence (id),
  -- 'filmstrip', 'exhibit', 'proxy'
  role        TEXT NOT NULL,
  mime        TEXT NOT NULL,
  bytes       INTEGER NOT NULL,
  made_at     TEXT NOT NULL,
  PRIMARY KEY (sha256, evidence_id, role)
) STRICT;
CREATE INDEX derivative_evidence ON derivative (evidence_id, role);

CREATE TABLE finding (
  id          TEXT PRIMARY KEY,
  evidence_id TEXT NOT NULL REFERENCES evidence (id),
  signal      TEXT NOT NULL,
  -- Cache key: SHA-256 of evidence sha256, signal version, model sha256, parameters and ffmpeg build.
  cache_key   TEXT NOT NULL,
  output      TEXT NOT NULL CHECK (json_valid(output)),
  -- False for one that a later run replaced; kept, because judgements may cite it.
  current     INTEGER NOT NULL DEFAULT 1 CHECK (current IN (0, 1)),
  created_at  TEXT NOT NULL
) STRICT;
CREATE INDEX finding_evidence ON finding (evidence_id, current, signal);
CREATE INDEX finding_cache ON finding (cache_key);

CREATE TABLE case_record (
  id         TEXT PRIMARY KEY,
  fields     TEXT NOT NULL CHECK (json_valid(fields)),
  revision   INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE case_evidence (
  case_id     TEXT NOT NULL REFERENCES case_record (id),
  evidence_id TEXT NOT NULL REFERENCES evidence (id),
  filed_at    TEXT NOT NULL,
  note        TEXT NOT NULL,
  PRIMARY KEY (case_id, evidence_id)
) STRICT;
CREATE INDEX case_evidence_evidence ON case_evidence (evidence_id);

CREATE TABLE entity (
  id         TEXT PRIMARY KEY,
  kind       TEXT NOT NULL,
  name       TEXT NOT NULL,
  attributes TEXT NOT NULL CHECK (json_valid(attributes)),
  sourcing   TEXT NOT NULL CHECK (json_valid(sourcing)),
  tlp        TEXT NOT NULL,
  revision   INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX entity_kind ON entity (kind, name);

CREATE TABLE case_entity (
  case_id   TEXT NOT NULL REFERENCES case_record (id),
  entity_id TEXT NOT NULL REFERENCES entity (id),
  added_at  TEXT NOT NULL,
  PRIMARY KEY (case_id, entity_id)
) STRICT;
CREATE INDEX case_entity_entity ON case_entity (entity_id);

CREATE TABLE relation (
  id         TEXT PRIMARY KEY,
  type       TEXT NOT NULL,
  from_kind  TEXT NOT NULL,
  from_id    TEXT NOT NULL,
  to_kind    TEXT NOT NULL,
  to_id      TEXT NOT NULL,
  sourcing   TEXT NOT NULL CHECK (json_valid(sourcing)),
  disputed   INTEGER NOT NULL DEFAULT 0 CHECK (disputed IN (0, 1)),
  note       TEXT NOT NULL,
  created_at TEXT NOT NULL,
  -- Withdrawn relations stay, with their history.
  withdrawn_at TEXT
) STRICT;
CREATE INDEX relation_from ON relation (from_id, type);
CREATE INDEX relation_to ON relation (to_id, type);

CREATE TABLE judgement (
  id          TEXT PRIMARY KEY,
  evidence_id TEXT NOT NULL REFERENCES evidence (id),
  case_id     TEXT REFERENCES case_record (id),
  body        TEXT NOT NULL CHECK (json_valid(body)),
  at          TEXT NOT NULL
) STRICT;
CREATE INDEX judgement_evidence ON judgement (evidence_id, at);
CREATE INDEX judgement_case ON judgement (case_id, at);

CREATE TABLE exported_report (
  id      TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES case_record (id),
  format  TEXT NOT NULL,
  file    TEXT NOT NULL,
  bytes   INTEGER NOT NULL,
  sha256  TEXT NOT NULL,
  tlp     TEXT NOT NULL,
  at      TEXT NOT NULL
) STRICT;
CREATE INDEX exported_report_case ON exported_report (case_id, at);

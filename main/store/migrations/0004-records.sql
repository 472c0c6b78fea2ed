-- Sourced assertions: a record is identity, kind, name and handling mark; everything else is said by somebody.
-- Merging, removing, and undoing any step.

CREATE TABLE assertion (
  id           TEXT PRIMARY KEY,
  -- The record that carries it now; after a merge not the one of which it was said.
  entity_id    TEXT NOT NULL REFERENCES entity (id),
  stated_of    TEXT NOT NULL,
  field        TEXT NOT NULL,
  value        TEXT NOT NULL CHECK (json_valid(value)),
  sourcing     TEXT NOT NULL CHECK (json_valid(sourcing)),
  valid_from   TEXT CHECK (valid_from IS NULL OR json_valid(valid_from)),
  valid_until  TEXT CHECK (valid_until IS NULL OR json_valid(valid_until)),
  disputed     INTEGER NOT NULL DEFAULT 0 CHECK (disputed IN (0, 1)),
  note         TEXT NOT NULL DEFAULT '',
  -- Order among the values of a field as they were given.
  place        INTEGER NOT NULL DEFAULT 0,
  created_at   TEXT NOT NULL,
  -- Withdrawn and superseded assertions stay, with their history.
  withdrawn_at TEXT,
  superseded_by TEXT,
  source_id    TEXT GENERATED ALWAYS AS (json_extract(sourcing, '$.sourceId')) VIRTUAL,
  -- The record that a reference or a cell points at.
  ref_id       TEXT GENERATED ALWAYS AS (json_extract(value, '$.ref')) VIRTUAL,
  CHECK (superseded_by IS NULL OR withdrawn_at IS NOT NULL)
) STRICT;
CREATE INDEX assertion_entity ON assertion (entity_id, field);
CREATE INDEX assertion_stated ON assertion (stated_of) WHERE stated_of <> entity_id;
CREATE INDEX assertion_source ON assertion (source_id) WHERE source_id IS NOT NULL;
CREATE INDEX assertion_ref ON assertion (ref_id) WHERE ref_id IS NOT NULL;

-- Every attribute of a record so far becomes an assertion with that record's sourcing; every element of a list, one of its
-- own. Values stay as they were written; dates, aliases and counts in their older text form are understood when read.
INSERT INTO assertion (id, entity_id, stated_of, field, value, sourcing, place, created_at)
SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' ||
             substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
       e.id, e.id, a.key, json_quote(CASE WHEN a.type = 'array' THEN v.value ELSE a.value END), e.sourcing,
       CASE WHEN a.type = 'array' THEN v.key ELSE 0 END, e.updated_at
FROM entity e
JOIN json_each(e.attributes) a
LEFT JOIN json_each(CASE WHEN a.type = 'array' THEN a.value ELSE '[null]' END) v
WHERE a.type <> 'null' AND (a.type <> 'array' OR v.key IS NOT NULL);

ALTER TABLE entity DROP COLUMN attributes;
ALTER TABLE entity ADD COLUMN merged_into TEXT REFERENCES entity (id);
ALTER TABLE entity ADD COLUMN merged_at TEXT;
ALTER TABLE entity ADD COLUMN removed_at TEXT;
CREATE INDEX entity_merged ON entity (merged_into) WHERE merged_into IS NOT NULL;

ALTER TABLE relation ADD COLUMN valid_from TEXT CHECK (valid_from IS NULL OR json_valid(valid_from));
ALTER TABLE relation ADD COLUMN valid_until TEXT CHECK (valid_until IS NULL OR json_valid(valid_until));
ALTER TABLE relation ADD COLUMN segments TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(segments));
-- The records of which it was said, where a merge moved an end to another one.
ALTER TABLE relation ADD COLUMN stated_from TEXT;
ALTER TABLE relation ADD COLUMN stated_to TEXT;
ALTER TABLE relation ADD COLUMN source_id TEXT GENERATED ALWAYS AS (json_extract(sourcing, '$.sourceId')) VIRTUAL;
CREATE INDEX relation_source ON relation (source_id) WHERE source_id IS NOT NULL;
CREATE INDEX relation_stated_from ON relation (stated_from) WHERE stated_from IS NOT NULL;
CREATE INDEX relation_stated_to ON relation (stated_to) WHERE stated_to IS NOT NULL;
-- Walks over the graph read these two alone.
DROP INDEX relation_from;
DROP INDEX relation_to;
CREATE INDEX relation_from ON relation (from_id, type, to_id, withdrawn_at);
CREATE INDEX relation_to ON relation (to_id, type, from_id, withdrawn_at);

-- Set where the record is in the case only because a record merged into it is.
ALTER TABLE case_entity ADD COLUMN via TEXT;

CREATE TABLE case_task (
  id         TEXT PRIMARY KEY,
  case_id    TEXT NOT NULL REFERENCES case_record (id),
  fields     TEXT NOT NULL CHECK (json_valid(fields)),
  revision   INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX case_task_case ON case_task (case_id, created_at);

-- Which evidence and findings each statement points at, kept by the triggers below, so that “what rests on this?” is a look-up.
CREATE TABLE support (
  holder      TEXT NOT NULL,
  -- 'assertion', 'relation'
  kind        TEXT NOT NULL,
  evidence_id TEXT,
  finding_id  TEXT
) STRICT;
CREATE INDEX support_holder ON support (holder);
CREATE INDEX support_evidence ON support (evidence_id) WHERE evidence_id IS NOT NULL;
CREATE INDEX support_finding ON support (finding_id) WHERE finding_id IS NOT NULL;

INSERT INTO support (holder, kind, evidence_id, finding_id)
SELECT a.id, 'assertion', json_extract(s.value, '$.evidenceId'), json_extract(s.value, '$.findingId')
FROM assertion a, json_each(a.sourcing, '$.supports') s;
INSERT INTO support (holder, kind, evidence_id, finding_id)
SELECT r.id, 'relation', json_extract(s.value, '$.evidenceId'), json_extract(s.value, '$.findingId')
FROM relation r, json_each(r.sourcing, '$.supports') s;

CREATE TRIGGER assertion_supports AFTER INSERT ON assertion WHEN json_array_length(NEW.sourcing, '$.supports') > 0 BEGIN
  INSERT INTO support (holder, kind, evidence_id, finding_id)
  SELECT NEW.id, 'assertion', json_extract(s.value, '$.evidenceId'), json_extract(s.value, '$.findingId')
  FROM json_each(NEW.sourcing, '$.supports') s;
END;
CREATE TRIGGER assertion_supports_gone AFTER DELETE ON assertion BEGIN
  DELETE FROM support WHERE holder = OLD.id;
END;
CREATE TRIGGER relation_supports AFTER INSERT ON relation WHEN json_array_length(NEW.sourcing, '$.supports') > 0 BEGIN
  INSERT INTO support (holder, kind, evidence_id, finding_id)
  SELECT NEW.id, 'relation', json_extract(s.value, '$.evidenceId'), json_extract(s.value, '$.findingId')
  FROM json_each(NEW.sourcing, '$.supports') s;
END;
CREATE TRIGGER relation_supports_changed AFTER UPDATE OF sourcing ON relation WHEN OLD.sourcing <> NEW.sourcing BEGIN
  DELETE FROM support WHERE holder = OLD.id;
  INSERT INTO support (holder, kind, evidence_id, finding_id)
  SELECT NEW.id, 'relation', json_extract(s.value, '$.evidenceId'), json_extract(s.value, '$.findingId')
  FROM json_each(NEW.sourcing, '$.supports') s;
END;
CREATE TRIGGER relation_supports_gone AFTER DELETE ON relation BEGIN
  DELETE FROM support WHERE holder = OLD.id;
END;

-- One step that somebody took. While one is under way its id stands in `current_operation`, and the triggers below write
-- down every row as it was before: taking the step back means putting those rows back.
CREATE TABLE operation (
  id        TEXT PRIMARY KEY,
  at        TEXT NOT NULL,
  actor     TEXT NOT NULL,
  action    TEXT NOT NULL,
  title     TEXT NOT NULL,
  subject   TEXT NOT NULL,
  undoes    TEXT,
  undone_by TEXT
) STRICT;
CREATE INDEX operation_subject ON operation (subject);
CREATE TABLE current_operation (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL) STRICT;
CREATE TABLE change (
  seq          INTEGER PRIMARY KEY,
  operation_id TEXT NOT NULL,
  tbl          TEXT NOT NULL,
  key          TEXT NOT NULL,
  -- The row as it was, as a JSON object; null where there was none.
  before       TEXT
) STRICT;
CREATE INDEX change_operation ON change (operation_id, seq);
CREATE INDEX change_row ON change (key, tbl, seq);

-- Revision and time of the last change only count steps; they are no reason to keep a row.
CREATE TRIGGER entity_added AFTER INSERT ON entity WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key) SELECT id, 'entity', NEW.id FROM current_operation;
END;
CREATE TRIGGER entity_changed AFTER UPDATE ON entity
WHEN EXISTS (SELECT 1 FROM current_operation)
  AND (OLD.name <> NEW.name OR OLD.tlp <> NEW.tlp OR OLD.sourcing <> NEW.sourcing
       OR OLD.merged_into IS NOT NEW.merged_into OR OLD.removed_at IS NOT NEW.removed_at) BEGIN
  INSERT INTO change (operation_id, tbl, key, before)
  SELECT id, 'entity', OLD.id, json_object('id', OLD.id, 'kind', OLD.kind, 'name', OLD.name, 'sourcing', OLD.sourcing,
    'tlp', OLD.tlp, 'revision', OLD.revision, 'created_at', OLD.created_at, 'updated_at', OLD.updated_at,
    'merged_into', OLD.merged_into, 'merged_at', OLD.merged_at, 'removed_at', OLD.removed_at) FROM current_operation;
END;
CREATE TRIGGER entity_deleted AFTER DELETE ON entity WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key, before)
  SELECT id, 'entity', OLD.id, json_object('id', OLD.id, 'kind', OLD.kind, 'name', OLD.name, 'sourcing', OLD.sourcing,
    'tlp', OLD.tlp, 'revision', OLD.revision, 'created_at', OLD.created_at, 'updated_at', OLD.updated_at,
    'merged_into', OLD.merged_into, 'merged_at', OLD.merged_at, 'removed_at', OLD.removed_at) FROM current_operation;
END;

CREATE TRIGGER assertion_added AFTER INSERT ON assertion WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key) SELECT id, 'assertion', NEW.id FROM current_operation;
END;
CREATE TRIGGER assertion_changed AFTER UPDATE ON assertion WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key, before)
  SELECT id, 'assertion', OLD.id, json_object('id', OLD.id, 'entity_id', OLD.entity_id, 'stated_of', OLD.stated_of,
    'field', OLD.field, 'value', OLD.value, 'sourcing', OLD.sourcing, 'valid_from', OLD.valid_from,
    'valid_until', OLD.valid_until, 'disputed', OLD.disputed, 'note', OLD.note, 'place', OLD.place,
    'created_at', OLD.created_at, 'withdrawn_at', OLD.withdrawn_at, 'superseded_by', OLD.superseded_by)
  FROM current_operation;
END;
CREATE TRIGGER assertion_deleted AFTER DELETE ON assertion WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key, before)
  SELECT id, 'assertion', OLD.id, json_object('id', OLD.id, 'entity_id', OLD.entity_id, 'stated_of', OLD.stated_of,
    'field', OLD.field, 'value', OLD.value, 'sourcing', OLD.sourcing, 'valid_from', OLD.valid_from,
    'valid_until', OLD.valid_until, 'disputed', OLD.disputed, 'note', OLD.note, 'place', OLD.place,
    'created_at', OLD.created_at, 'withdrawn_at', OLD.withdrawn_at, 'superseded_by', OLD.superseded_by)
  FROM current_operation;
END;

CREATE TRIGGER relation_added AFTER INSERT ON relation WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key) SELECT id, 'relation', NEW.id FROM current_operation;
END;
CREATE TRIGGER relation_changed AFTER UPDATE ON relation WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key, before)
  SELECT id, 'relation', OLD.id, json_object('id', OLD.id, 'type', OLD.type, 'from_kind', OLD.from_kind,
    'from_id', OLD.from_id, 'to_kind', OLD.to_kind, 'to_id', OLD.to_id, 'sourcing', OLD.sourcing,
    'disputed', OLD.disputed, 'note', OLD.note, 'created_at', OLD.created_at, 'withdrawn_at', OLD.withdrawn_at,
    'valid_from', OLD.valid_from, 'valid_until', OLD.valid_until, 'segments', OLD.segments,
    'stated_from', OLD.stated_from, 'stated_to', OLD.stated_to) FROM current_operation;
END;
CREATE TRIGGER relation_deleted AFTER DELETE ON relation WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key, before)
  SELECT id, 'relation', OLD.id, json_object('id', OLD.id, 'type', OLD.type, 'from_kind', OLD.from_kind,
    'from_id', OLD.from_id, 'to_kind', OLD.to_kind, 'to_id', OLD.to_id, 'sourcing', OLD.sourcing,
    'disputed', OLD.disputed, 'note', OLD.note, 'created_at', OLD.created_at, 'withdrawn_at', OLD.withdrawn_at,
    'valid_from', OLD.valid_from, 'valid_until', OLD.valid_until, 'segments', OLD.segments,
    'stated_from', OLD.stated_from, 'stated_to', OLD.stated_to) FROM current_operation;
END;

CREATE TRIGGER case_record_added AFTER INSERT ON case_record WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key) SELECT id, 'case_record', NEW.id FROM current_operation;
END;
CREATE TRIGGER case_record_changed AFTER UPDATE ON case_record
WHEN EXISTS (SELECT 1 FROM current_operation) AND OLD.fields <> NEW.fields BEGIN
  INSERT INTO change (operation_id, tbl, key, before)
  SELECT id, 'case_record', OLD.id, json_object('id', OLD.id, 'fields', OLD.fields, 'revision', OLD.revision,
    'created_at', OLD.created_at, 'updated_at', OLD.updated_at) FROM current_operation;
END;
CREATE TRIGGER case_record_deleted AFTER DELETE ON case_record WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key, before)
  SELECT id, 'case_record', OLD.id, json_object('id', OLD.id, 'fields', OLD.fields, 'revision', OLD.revision,
    'created_at', OLD.created_at, 'updated_at', OLD.updated_at) FROM current_operation;
END;

CREATE TRIGGER case_entity_added AFTER INSERT ON case_entity WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key)
  SELECT id, 'case_entity', NEW.case_id || ' ' || NEW.entity_id FROM current_operation;
END;
CREATE TRIGGER case_entity_deleted AFTER DELETE ON case_entity WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key, before)
  SELECT id, 'case_entity', OLD.case_id || ' ' || OLD.entity_id, json_object('case_id', OLD.case_id,
    'entity_id', OLD.entity_id, 'added_at', OLD.added_at, 'via', OLD.via) FROM current_operation;
END;

CREATE TRIGGER case_evidence_added AFTER INSERT ON case_evidence WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key)
  SELECT id, 'case_evidence', NEW.case_id || ' ' || NEW.evidence_id FROM current_operation;
END;
CREATE TRIGGER case_evidence_changed AFTER UPDATE ON case_evidence
WHEN EXISTS (SELECT 1 FROM current_operation) AND OLD.note <> NEW.note BEGIN
  INSERT INTO change (operation_id, tbl, key, before)
  SELECT id, 'case_evidence', OLD.case_id || ' ' || OLD.evidence_id, json_object('case_id', OLD.case_id,
    'evidence_id', OLD.evidence_id, 'filed_at', OLD.filed_at, 'note', OLD.note) FROM current_operation;
END;
CREATE TRIGGER case_evidence_deleted AFTER DELETE ON case_evidence WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key, before)
  SELECT id, 'case_evidence', OLD.case_id || ' ' || OLD.evidence_id, json_object('case_id', OLD.case_id,
    'evidence_id', OLD.evidence_id, 'filed_at', OLD.filed_at, 'note', OLD.note) FROM current_operation;
END;

CREATE TRIGGER case_task_added AFTER INSERT ON case_task WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key) SELECT id, 'case_task', NEW.id FROM current_operation;
END;
CREATE TRIGGER case_task_changed AFTER UPDATE ON case_task
WHEN EXISTS (SELECT 1 FROM current_operation) AND OLD.fields <> NEW.fields BEGIN
  INSERT INTO change (operation_id, tbl, key, before)
  SELECT id, 'case_task', OLD.id, json_object('id', OLD.id, 'case_id', OLD.case_id, 'fields', OLD.fields,
    'revision', OLD.revision, 'created_at', OLD.created_at, 'updated_at', OLD.updated_at) FROM current_operation;
END;
CREATE TRIGGER case_task_deleted AFTER DELETE ON case_task WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key, before)
  SELECT id, 'case_task', OLD.id, json_object('id', OLD.id, 'case_id', OLD.case_id, 'fields', OLD.fields,
    'revision', OLD.revision, 'created_at', OLD.created_at, 'updated_at', OLD.updated_at) FROM current_operation;
END;

-- Search over everything, saved views, what was exported, and objects of others that are kept as they came.

-- What can be found: one row per record, with the key by which a result opens it.
CREATE TABLE search_entry (
  id   INTEGER PRIMARY KEY,
  -- A kind of record, or 'case', 'evidence', 'relation', 'judgement', 'finding', 'task'.
  kind TEXT NOT NULL,
  ref  TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX search_entry_kind ON search_entry (kind);

-- The words of each, folded by store/search/fold.ts; rowid is search_entry.id. The texts themselves stay where they are.
-- Names by themselves, because most questions end there and their lists are short; names and texts together.
CREATE VIRTUAL TABLE search_names USING fts5 (
  words, content = '', contentless_delete = 1, prefix = '1 2 3',
  tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M*'"
);
CREATE VIRTUAL TABLE search_texts USING fts5 (
  words, content = '', contentless_delete = 1, prefix = '1 2 3',
  tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M*'"
);

-- What changed since it was last indexed. Folding is not SQL: triggers note the row, and the same transaction
-- (`Library.change`) indexes it before it commits. `OR IGNORE` would not do: the conflict clause of the statement that fires a
-- trigger overrides it.
CREATE TABLE search_stale (
  source TEXT NOT NULL,
  ref    TEXT NOT NULL,
  PRIMARY KEY (source, ref)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER search_case_new AFTER INSERT ON case_record BEGIN INSERT INTO search_stale SELECT 'case', new.id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'case' AND ref = new.id); END;
CREATE TRIGGER search_case_changed AFTER UPDATE OF fields ON case_record BEGIN INSERT INTO search_stale SELECT 'case', new.id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'case' AND ref = new.id); END;
CREATE TRIGGER search_case_gone AFTER DELETE ON case_record BEGIN INSERT INTO search_stale SELECT 'case', old.id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'case' AND ref = old.id); END;
CREATE TRIGGER search_entity_new AFTER INSERT ON entity BEGIN INSERT INTO search_stale SELECT 'entity', new.id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'entity' AND ref = new.id); END;
CREATE TRIGGER search_entity_changed AFTER UPDATE OF name, merged_into, removed_at ON entity BEGIN INSERT INTO search_stale SELECT 'entity', new.id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'entity' AND ref = new.id); END;
CREATE TRIGGER search_entity_gone AFTER DELETE ON entity BEGIN INSERT INTO search_stale SELECT 'entity', old.id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'entity' AND ref = old.id); END;
CREATE TRIGGER search_assertion_new AFTER INSERT ON assertion BEGIN INSERT INTO search_stale SELECT 'entity', new.entity_id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'entity' AND ref = new.entity_id); END;
CREATE TRIGGER search_assertion_changed AFTER UPDATE ON assertion BEGIN
  INSERT INTO search_stale SELECT 'entity', new.entity_id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'entity' AND ref = new.entity_id);
  INSERT INTO search_stale SELECT 'entity', old.entity_id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'entity' AND ref = old.entity_id);
END;
CREATE TRIGGER search_assertion_gone AFTER DELETE ON assertion BEGIN INSERT INTO search_stale SELECT 'entity', old.entity_id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'entity' AND ref = old.entity_id); END;
CREATE TRIGGER search_relation_new AFTER INSERT ON relation WHEN new.note <> '' BEGIN INSERT INTO search_stale SELECT 'relation', new.id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'relation' AND ref = new.id); END;
CREATE TRIGGER search_relation_changed AFTER UPDATE ON relation WHEN new.note <> '' OR old.note <> '' BEGIN INSERT INTO search_stale SELECT 'relation', new.id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'relation' AND ref = new.id); END;
CREATE TRIGGER search_relation_gone AFTER DELETE ON relation BEGIN INSERT INTO search_stale SELECT 'relation', old.id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'relation' AND ref = old.id); END;
CREATE TRIGGER search_acquisition_new AFTER INSERT ON acquisition BEGIN INSERT INTO search_stale SELECT 'evidence', new.evidence_id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'evidence' AND ref = new.evidence_id); END;
CREATE TRIGGER search_acquisition_changed AFTER UPDATE ON acquisition BEGIN INSERT INTO search_stale SELECT 'evidence', new.evidence_id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'evidence' AND ref = new.evidence_id); END;
CREATE TRIGGER search_acquisition_gone AFTER DELETE ON acquisition BEGIN INSERT INTO search_stale SELECT 'evidence', old.evidence_id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'evidence' AND ref = old.evidence_id); END;
CREATE TRIGGER search_judgement_new AFTER INSERT ON judgement BEGIN INSERT INTO search_stale SELECT 'judgement', new.id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'judgement' AND ref = new.id); END;
CREATE TRIGGER search_judgement_changed AFTER UPDATE ON judgement BEGIN INSERT INTO search_stale SELECT 'judgement', new.id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'judgement' AND ref = new.id); END;
CREATE TRIGGER search_judgement_gone AFTER DELETE ON judgement BEGIN INSERT INTO search_stale SELECT 'judgement', old.id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'judgement' AND ref = old.id); END;
CREATE TRIGGER search_finding_new AFTER INSERT ON finding BEGIN INSERT INTO search_stale SELECT 'finding', new.id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'finding' AND ref = new.id); END;
CREATE TRIGGER search_finding_changed AFTER UPDATE ON finding BEGIN INSERT INTO search_stale SELECT 'finding', new.id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'finding' AND ref = new.id); END;
CREATE TRIGGER search_finding_gone AFTER DELETE ON finding BEGIN INSERT INTO search_stale SELECT 'finding', old.id WHERE NOT EXISTS (SELECT 1 FROM search_stale WHERE source = 'finding' AND ref = old.id); END;

-- Everything that was here before is indexed when the library is next opened.
INSERT INTO search_stale
  SELECT 'case', id FROM case_record
  UNION ALL SELECT 'entity', id FROM entity
  UNION ALL SELECT 'relation', id FROM relation WHERE note <> ''
  UNION ALL SELECT 'evidence', id FROM evidence
  UNION ALL SELECT 'judgement', id FROM judgement
  UNION ALL SELECT 'finding', id FROM finding WHERE current = 1;

-- A question that a desk asks again: a text, kinds and whatever else a screen filters by.
CREATE TABLE saved_view (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  screen     TEXT NOT NULL,
  query      TEXT NOT NULL CHECK (json_valid(query)),
  case_id    TEXT REFERENCES case_record (id),
  created_at TEXT NOT NULL,
  revision   INTEGER NOT NULL
) STRICT;
CREATE INDEX saved_view_name ON saved_view (name);

-- Objects of others' bundles that no record here can hold, and what a bundle says of media that are not in this library:
-- kept as they came, and exported again.
CREATE TABLE exchange_kept (
  -- The object's STIX id; for an item's place in a case, both ids with a space between.
  id     TEXT PRIMARY KEY,
  type   TEXT NOT NULL,
  object TEXT NOT NULL CHECK (json_valid(object))
) STRICT;
CREATE TRIGGER exchange_kept_added AFTER INSERT ON exchange_kept WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key) SELECT id, 'exchange_kept', NEW.id FROM current_operation;
END;
CREATE TRIGGER exchange_kept_changed AFTER UPDATE ON exchange_kept WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key, before)
  SELECT id, 'exchange_kept', OLD.id, json_object('id', OLD.id, 'type', OLD.type, 'object', OLD.object) FROM current_operation;
END;
CREATE TRIGGER exchange_kept_deleted AFTER DELETE ON exchange_kept WHEN EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key, before)
  SELECT id, 'exchange_kept', OLD.id, json_object('id', OLD.id, 'type', OLD.type, 'object', OLD.object) FROM current_operation;
END;

-- Judgements that an analyst makes here stay whatever is taken back; those that came with a bundle go with it.
CREATE TABLE current_import (one INTEGER PRIMARY KEY CHECK (one = 1)) STRICT;
CREATE TRIGGER judgement_imported AFTER INSERT ON judgement
WHEN EXISTS (SELECT 1 FROM current_import) AND EXISTS (SELECT 1 FROM current_operation) BEGIN
  INSERT INTO change (operation_id, tbl, key) SELECT id, 'judgement', NEW.id FROM current_operation;
END;

CREATE TABLE exchange_file (
  id     TEXT PRIMARY KEY,
  format TEXT NOT NULL,
  file   TEXT NOT NULL,
  bytes  INTEGER NOT NULL,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  tlp    TEXT NOT NULL,
  -- JSON list of case ids; empty for the whole library.
  cases  TEXT NOT NULL CHECK (json_valid(cases)),
  at     TEXT NOT NULL
) STRICT;
CREATE INDEX exchange_file_at ON exchange_file (at);

-- Keys that seal bundles. Only the one in use keeps its private half, encrypted under a passphrase (reports/keys.ts).

CREATE TABLE signing_key (
  -- SHA-256 of the public key.
  fingerprint TEXT PRIMARY KEY CHECK (length(fingerprint) = 64),
  -- The 32 bytes of RFC 8032.
  public_key  BLOB NOT NULL CHECK (length(public_key) = 32),
  -- JSON: scrypt parameters and AES-256-GCM box.
  private_key TEXT CHECK (private_key IS NULL OR json_valid(private_key)),
  created_at  TEXT NOT NULL,
  retired_at  TEXT,
  CHECK ((private_key IS NULL) = (retired_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX signing_key_in_use ON signing_key ((retired_at IS NULL)) WHERE retired_at IS NULL;

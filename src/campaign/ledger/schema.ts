/** Stands in the head of the file: says that it is a ledger. "STLM" in ASCII. */
export const applicationId = 0x53544c4d;
export const schemaVersion = 1;

/**
 * `target`: what is run: a scenario (with its mutant and epic), by code, by strategy. `run`: one row for each seed of a target.
 * `failure`: one row for each signature of a target. `mismatch`: two results of one seed that differ, both kept.
 * `session`: one row for each start of a campaign.
 */
export const schema = `
  CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL
  ) STRICT;
  CREATE TABLE target (
    id INTEGER PRIMARY KEY,
    scenario TEXT NOT NULL,
    variant TEXT NOT NULL,
    code TEXT NOT NULL,
    strategy TEXT NOT NULL,
    tally TEXT NOT NULL,
    wall_ms REAL NOT NULL DEFAULT 0,
    UNIQUE (scenario, variant, code, strategy)
  ) STRICT;
  CREATE TABLE run (
    target INTEGER NOT NULL REFERENCES target (id),
    seed INTEGER NOT NULL,
    end TEXT NOT NULL,
    failure INTEGER REFERENCES failure (id),
    history BLOB NOT NULL,
    timeline TEXT,
    strategy TEXT NOT NULL,
    steps INTEGER NOT NULL,
    PRIMARY KEY (target, seed)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE failure (
    id INTEGER PRIMARY KEY,
    target INTEGER NOT NULL REFERENCES target (id),
    signature TEXT NOT NULL,
    kind TEXT NOT NULL,
    invariant TEXT NOT NULL,
    message TEXT NOT NULL,
    strategy TEXT NOT NULL,
    steps INTEGER NOT NULL,
    first_seed INTEGER NOT NULL,
    last_seed INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    first_session INTEGER NOT NULL REFERENCES session (id),
    found_case TEXT,
    small_case TEXT,
    shrunk TEXT,
    UNIQUE (target, signature)
  ) STRICT;
  CREATE TABLE mismatch (
    target INTEGER NOT NULL REFERENCES target (id),
    seed INTEGER NOT NULL,
    recorded BLOB NOT NULL,
    other BLOB NOT NULL,
    PRIMARY KEY (target, seed, other)
  ) STRICT, WITHOUT ROWID;
`;

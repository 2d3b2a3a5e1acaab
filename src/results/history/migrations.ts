/**
 * The history's tables. Text that repeats is kept once: case ids by number, a firmware's footprint by its hash. The whole record of a
 * run stands beside its rows, compressed; the rows are what questions over many runs are asked of.
 */
const FIRST = `
CREATE TABLE runs (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('run', 'nightly')),
  started_at TEXT NOT NULL,
  wall_ms REAL NOT NULL,
  outcome TEXT NOT NULL,
  cause TEXT,
  summary TEXT NOT NULL,
  suite TEXT,
  suite_sha256 TEXT,
  command TEXT NOT NULL,
  git_commit TEXT,
  git_dirty INTEGER,
  model_sha256 TEXT,
  compiler_sha256 TEXT,
  sources_sha256 TEXT,
  harness TEXT NOT NULL,
  node TEXT NOT NULL,
  platform TEXT NOT NULL,
  tools TEXT NOT NULL,
  steps INTEGER NOT NULL,
  compared_ms REAL NOT NULL,
  record_version INTEGER NOT NULL,
  record BLOB NOT NULL
) STRICT;
CREATE INDEX runs_by_time ON runs (started_at);

CREATE TABLE footprints (
  firmware_sha256 TEXT PRIMARY KEY,
  flash INTEGER NOT NULL,
  ram INTEGER NOT NULL,
  symbols TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE benches (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  ran_on TEXT,
  state TEXT NOT NULL,
  board TEXT,
  uid TEXT,
  firmware TEXT,
  firmware_sha256 TEXT,
  elf TEXT,
  isa TEXT,
  attempts INTEGER NOT NULL,
  PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_names (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE cases (
  name INTEGER NOT NULL REFERENCES case_names,
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  outcome TEXT NOT NULL,
  cause TEXT,
  summary TEXT NOT NULL,
  mode TEXT NOT NULL,
  clock TEXT NOT NULL,
  ms REAL NOT NULL,
  attempts INTEGER NOT NULL,
  steps INTEGER NOT NULL,
  digest TEXT,
  PRIMARY KEY (name, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_by_run ON cases (run);

CREATE TABLE attempts (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  name INTEGER NOT NULL REFERENCES case_names,
  number INTEGER NOT NULL,
  bench TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ms REAL NOT NULL,
  outcome TEXT NOT NULL,
  cause TEXT,
  PRIMARY KEY (run, name, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE opcodes (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  name TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;
`;

/** What `bench vm` measured. `build` is which dispatch the VM was built with. */
const COSTS = `
CREATE TABLE measurements (
  key INTEGER PRIMARY KEY,
  measured_at TEXT NOT NULL,
  git_commit TEXT,
  sources_sha256 TEXT,
  machine TEXT NOT NULL,
  document TEXT NOT NULL,
  UNIQUE (measured_at, machine)
) STRICT;

CREATE TABLE opcode_costs (
  measurement INTEGER NOT NULL REFERENCES measurements ON DELETE CASCADE,
  build TEXT NOT NULL,
  name TEXT NOT NULL,
  instructions REAL NOT NULL,
  cycles REAL NOT NULL,
  PRIMARY KEY (measurement, build, name)
) STRICT, WITHOUT ROWID;
`;

/** Each leads from the version that is its index to the next. Never changed once released; a new one goes at the end. */
export const MIGRATIONS: readonly string[] = [FIRST, COSTS];

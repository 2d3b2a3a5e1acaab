/**
 * The direction of dependencies between the folders of src/: each may use what its row names and what those may use in
 * turn. `errors` and `process` are at the bottom, open to all; `cli` is at the top.
 */
const MAY_USE = {
  errors: [],
  process: [],
  isa: [],
  image: ['isa'],
  compiler: ['isa', 'image'],
  vm: ['isa', 'image'],
  fuzz: ['isa', 'image', 'vm'],
  wire: ['isa'],
  link: ['wire'],
  agent: ['wire', 'link'],
  probe: [],
  bench: ['agent', 'probe', 'link'],
  doctor: ['bench'],
  lockstep: ['vm', 'agent', 'wire'],
  suite: ['lockstep', 'bench', 'compiler', 'fuzz', 'results'],
  results: [],
  environment: ['results'],
  compare: ['results'],
  nightly: ['suite', 'bench', 'compiler', 'results'],
  validate: ['suite', 'bench', 'compiler', 'results', 'measure'],
  report: ['results', 'compare'],
  judge: ['compiler', 'vm', 'image', 'isa'],
  measure: ['vm', 'compiler', 'probe'],
};
const FOLDERS = [...Object.keys(MAY_USE), 'cli'];

/** Everything a folder may use, its own folder included. */
function reach(folder, seen = new Set([folder, 'errors', 'process'])) {
  for (const used of MAY_USE[folder]) {
    seen.add(used);
    reach(used, seen);
  }
  return [...seen];
}

const direction = Object.keys(MAY_USE).map((folder) => ({
  name: `direction-${folder}`,
  comment: `src/${folder} may use: ${reach(folder).slice(1).join(', ')}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(${reach(folder).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...direction,
    {
      name: 'known-folders',
      comment: 'A new folder of src/ needs a row in the table above.',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: `^src/(${FOLDERS.join('|')})/` },
    },
    {
      name: 'only-through-index',
      comment: "A folder's index.ts is its whole public face.",
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/index[.]ts$'] },
    },
    {
      name: 'subfolder-only-through-index',
      comment:
        "So is a subfolder's. The commands of cli are a list, not a part with a face of its own.",
      severity: 'error',
      from: { path: '^src/([^/]+)/[^/]+$', pathNot: '^src/cli/' },
      to: { path: '^src/$1/[^/]+/', pathNot: '^src/$1/[^/]+/index[.]ts$' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'not-to-test-or-scripts',
      comment: 'The product does not depend on its tests and tools.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'not-to-dev-dependency',
      comment: 'What src/ imports belongs under "dependencies".',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};

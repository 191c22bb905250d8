const { readdirSync } = require('node:fs')

/** Walls of the tree: the order of its stages, and one door to each library. Each message says where the code belongs. */
const door = (name, lib, allowed) => ({
  name, severity: 'error', comment: `${lib} has one door: ${allowed}`,
  from: { path: '^src', pathNot: [allowed, '\\.test\\.ts$'] }, to: { path: `node_modules/${lib}/` },
})

/** The stages in order: each may import only what stands before it. A picture’s way runs down the list. */
const STAGES = [
  // words and maths, which load in a browser
  'contract', 'domain',
  // what everything rests on
  'config', 'lexicon', 'places', 'storage', 'db', 'background', 'access', 'media', 'models',
  // the library and a picture’s way through it
  'document', 'library', 'ingest', 'edit', 'pipeline', 'group', 'search', 'describe', 'product', 'generate',
  // the care of it
  'verify', 'rebuild', 'backup', 'jobs',
  // the edges, and what ties all together
  'http', 'cli', 'compose', 'start-settings.ts', 'log.ts', 'app.ts', 'open-in-process.ts', 'serve.ts', 'program.ts', 'main.ts',
]
const unlisted = readdirSync(`${__dirname}/src`).filter((name) => !STAGES.includes(name))
if (unlisted.length > 0) throw new Error(`src/${unlisted.join(', src/')}: say in STAGES of .dependency-cruiser.cjs what it stands on`)

const order = STAGES.map((stage, i) => ({
  name: `order-${stage}`, severity: 'error',
  comment: `${stage} stands on ${STAGES.slice(0, i).join(', ') || 'nothing'}: move what both need below both, or pass it as an argument`,
  from: { path: `^src/${stage}(/|$)`, pathNot: '\\.test\\.ts$' }, to: { path: '^src/', pathNot: `^src/(${STAGES.slice(0, i + 1).join('|')})(/|$)` },
}))

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', comment: 'move what both need to a third file', from: {}, to: { circular: true } },
    { name: 'web-walls', severity: 'error', comment: 'the page imports only contract and domain', from: { path: '^web' }, to: { path: '^src/(?!contract|domain)' } },
    ...order,
    { name: 'ports', severity: 'error', comment: 'what models can do is said without the ways they do it', from: { path: '^src/models/ports/' }, to: { path: '^src/models/(?!ports/)' } },
    door('sharp-door', 'sharp', '^src/media'),
    door('fastify-door', '@?fastify', '^src/http'),
    door('onnx-door', 'onnxruntime-node', '^src/models/onnx/onnxruntime\\.ts$'),
    door('vladmandic-door', '@vladmandic', '^src/models'),
    door('eld-door', 'eld', '^src/lexicon/find-language\\.ts$'),
    {
      name: 'no-decode-in-the-library', severity: 'error', comment: 'a picture is decoded in a process that may end alone (ADR 60): send it there',
      from: { path: '^src/main\\.ts$' }, to: { path: '^src/media/decode\\.ts$', reachable: true },
    },
    { name: 'kysely-door', severity: 'error', comment: 'SQL lives in store.ts, ledger.ts, src/db, src/search/filters', from: { path: '^src', pathNot: ['^src/db', 'store\\.ts$', 'store-[a-z-]+\\.ts$', 'ledger\\.ts$', '^src/search/filters', '\\.test\\.ts$'] }, to: { path: 'node_modules/kysely/', dependencyTypesNot: ['type-only'] } },
  ],
  options: { exclude: { path: '^web/dist' }, doNotFollow: { path: 'node_modules' }, tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] } },
}

/** Walls of the tree (DESIGN §8). Each message says where the code belongs. */
const door = (name, lib, allowed) => ({
  name, severity: 'error', comment: `${lib} has one door: ${allowed}`,
  from: { path: '^src', pathNot: [allowed, '\\.test\\.ts$'] }, to: { path: `node_modules/${lib}/` },
})
const layer = (name, from, forbidden, comment) => ({
  name, severity: 'error', comment, from: { path: from, pathNot: '\\.test\\.ts$' }, to: { path: forbidden },
})
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', comment: 'move what both need to a third file', from: {}, to: { circular: true } },
    layer('domain-is-pure', '^src/domain', '^src/(?!domain|contract)', 'domain knows only words and maths'),
    layer('contract-is-outside', '^src/contract', '^src/(?!contract|domain)', 'the contract must load in a browser'),
    layer('background', '^src/background', '^src/(?!background|db|domain)', 'how work runs does not know what is done'),
    layer('foundations', '^src/(config|lexicon|places|media|models|db|storage)', '^src/(library|ingest|pipeline|search|group|edit|describe|product|generate|backup|verify|rebuild|jobs|http|cli|compose|app|main)', 'stages build on foundations, not the other way round'),
    layer('stages', '^src/(library|ingest|pipeline|search|group|edit|describe|product|generate|backup|verify|rebuild)', '^src/(jobs|http|cli|compose|app|main)', 'stages do not know the edges; pass what they need as an argument'),
    layer('edges', '^src/(jobs|http|cli)', '^src/(compose|app\\.ts|main\\.ts)', 'only main composes'),
    layer('web-walls', '^web', '^src/(?!contract|domain)', 'the page imports only contract and domain'),
    door('sharp-door', 'sharp', '^src/media'),
    door('fastify-door', '@?fastify', '^src/http'),
    door('onnx-door', 'onnxruntime-node', '^src/models/onnx/onnxruntime\\.ts$'),
    door('vladmandic-door', '@vladmandic', '^src/models'),
    {
      name: 'no-decode-in-the-library', severity: 'error', comment: 'a picture is decoded in a process that may end alone (ADR 60): send it there',
      from: { path: '^src/main\\.ts$' }, to: { path: '^src/media/decode\\.ts$', reachable: true },
    },
    { name: 'kysely-door', severity: 'error', comment: 'SQL lives in store.ts, ledger.ts, src/db, src/search/filters', from: { path: '^src', pathNot: ['^src/db', 'store\\.ts$', 'store-[a-z-]+\\.ts$', 'ledger\\.ts$', '^src/search/filters', '\\.test\\.ts$'] }, to: { path: 'node_modules/kysely/', dependencyTypesNot: ['type-only'] } },
  ],
  options: { exclude: { path: '^web/dist' }, doNotFollow: { path: 'node_modules' }, tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] } },
}

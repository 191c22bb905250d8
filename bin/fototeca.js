#!/usr/bin/env node
/**
 * @file Starts fototeca. Plain JavaScript for any Node: where the running one is too old for the program’s TypeScript,
 * it starts the program again with the Node 24 that npm installed beside it.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MIN_NODE_MAJOR = 24
const main = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src', 'main.ts')

if (Number.parseInt(process.versions.node, 10) >= MIN_NODE_MAJOR) {
  process.argv[1] = main
  await import(main)
} else {
  const node = findNode()
  if (node === undefined) {
    console.error(
      `fototeca needs Node ${MIN_NODE_MAJOR} or newer; this is ${process.versions.node}, and the one npm brings is missing. Run \`npm ci\` (with install scripts allowed for the package "node").`,
    )
    process.exitCode = 1
  } else {
    const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
    process.on('SIGINT', () => {}) // the terminal sends it to the child too, which ends by itself
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
    })
  }
}

function findNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'))
    const path = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}

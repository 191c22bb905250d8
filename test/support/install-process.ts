/** @file A process of its own that installs a model: arguments are a JSON of the row and the options; ends with code 0 when installed. */
import { installFromHub } from '../../src/models/install/install-from-hub.ts'

const { row, hub, modelDir, pace } = JSON.parse(process.argv[2] ?? '{}')
await installFromHub(row, { hub, modelDir, pace, device: 'cpu', signal: new AbortController().signal })

import { describe, expect, it } from 'vitest'
import { probeDevice } from './probe-device.ts'

describe('DEVICE', () => {
  it('says nothing where models run as asked', async () => {
    expect(await probeDevice('auto')).toBeNull()
    expect(await probeDevice('cpu')).toBeNull()
  })

  it('says what onnxruntime lacks on this system, where models run instead, and how to be asked no more', async () => {
    const [foreign, name] = process.platform === 'darwin' ? (['dml', 'DirectML'] as const) : (['coreml', 'Core ML'] as const)
    const notice = await probeDevice(foreign)
    expect(notice).toContain(`DEVICE=${foreign}: ${name} is not part of onnxruntime on this system (it has cpu`)
    expect(notice).toMatch(/so models run on the CPU; set DEVICE=auto to be told no more$/)
  })

  it.skipIf(process.platform !== 'linux')('says why CUDA cannot be used, where its libraries are not', async () => {
    const notice = await probeDevice('cuda')
    if (notice === null) return // a computer with CUDA and the libraries for it
    expect(notice).toMatch(/^DEVICE=cuda: CUDA cannot be used here \(.+\), so models run on the CPU; .*set DEVICE=auto to be told no more$/)
  })
})

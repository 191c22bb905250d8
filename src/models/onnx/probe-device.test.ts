import { describe, expect, it } from 'vitest'
import { chooseDevice, probeDevice } from './probe-device.ts'

describe('DEVICE=auto', () => {
  it('takes a GPU that works, and says which', async () => {
    expect(await chooseDevice('auto', async () => null)).toEqual({ device: 'cuda', reason: 'DEVICE=auto: cuda works here' })
  })

  it('takes the processor where none does, and says why', async () => {
    const { device, reason } = await chooseDevice('auto', async () => 'DEVICE=cuda: CUDA cannot be used here (no libcudart), so …')
    expect(device).toBe('cpu')
    expect(reason).toContain('no GPU can be used (no libcudart); docs/gpu.md says')
  })

  it('finds out by a run on this computer, and leaves alone what is asked for by name', async () => {
    const { device, reason } = await chooseDevice('auto')
    expect(reason).toContain(device === 'cuda' ? 'cuda works here' : 'no GPU can be used (')
    expect(await chooseDevice('coreml')).toMatchObject({ device: 'coreml' })
  })
})

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

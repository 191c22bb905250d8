/** @file A password from a person at the keyboard, unseen, or from a pipe. */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { FototecaError } from '../domain/errors.ts'

/** @throws FototecaError `bad_request`: nothing was typed, or two that differ */
export async function readPassword(input: NodeJS.ReadStream, shown: Writable): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const isTty = input.isTTY === true
  const lines = createInterface({ input, output: unseen, terminal: isTty })
  // a key for the end (Ctrl-D), or one for stopping (Ctrl-C), leaves the question without an answer
  const gone = new Promise<never>((_, reject) =>
    lines.once('close', () => reject(new FototecaError('bad_request', 'no password was given'))),
  )
  gone.catch(() => {})
  const ask = async (question: string) => {
    if (isTty) shown.write(question)
    const answer = await Promise.race([lines.question(''), gone])
    if (isTty) shown.write('\n')
    return answer
  }
  try {
    const password = await ask('Password: ')
    if (isTty && (await ask('Once more: ')) !== password) throw new FototecaError('bad_request', 'the two passwords differ')
    return password
  } finally {
    lines.close()
  }
}

/** @file Where other machines can reach the server, whoever asks must prove who they are. */
import { isLoopbackHost } from '../config/loopback.ts'
import type { Config } from '../config/schema.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Accounts } from './accounts.ts'

/** @throws FototecaError `config`: it would let anybody in */
export async function refuseOpenDoor({ host, token }: Pick<Config, 'host' | 'token'>, accounts: Pick<Accounts, 'exist'>): Promise<void> {
  if (token !== undefined || isLoopbackHost(host) || (await accounts.exist())) return
  throw new FototecaError(
    'config',
    `FOTOTECA_HOST is ${JSON.stringify(host)}, which other machines can reach, but FOTOTECA_TOKEN ` +
      'is not set and nobody has an account. Make an account (fototeca users add <name>), ' +
      'set FOTOTECA_TOKEN to a random secret (make one with: openssl rand -hex 32), or listen on 127.0.0.1',
  )
}

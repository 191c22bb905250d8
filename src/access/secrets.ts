/** @file Random secrets that are given out once; only their hashes are stored. */
import { createHash, randomBytes } from 'node:crypto'

const SECRET_BYTES = 32

export const makeSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url')

/** SHA-256: a secret of 256 random bits needs no slow hash. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()

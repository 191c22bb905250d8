/** @file Where the record of a photo lies in the data folder: what only persons know of it, outside of the database. */

/** @param sha256 of the original */
export const recordPath = (dataDir: string, sha256: string): string =>
  `${dataDir}/records/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}.json`

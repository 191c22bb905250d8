/** @file Photos per request of a day: about 30 kB of JSON, and a day of 100,000 photos is never asked for at once. */
export const CHUNK = 100

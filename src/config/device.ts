/** @file The words of the setting `DEVICE`. */
export const DEVICES = ['auto', 'cpu', 'cuda', 'coreml', 'dml'] as const
export type Device = (typeof DEVICES)[number]

/** @file The settings below the help of the program. */
import { listSettings } from '../config/list-settings.ts'

export function renderSettingsHelp(): string {
  const lines = listSettings().map(({ env, help, fallback }) => `  ${env.padEnd(30)} ${help}${fallback === null ? '' : ` [${fallback}]`}`)
  return `\nSettings (environment):\n${lines.join('\n')}`
}

/** @file English names of languages. */
const NAMES = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' })

/** `de` → `German`; what is no code stays as it is. */
export const nameLanguage = (code: string): string => (/^[a-z]{2,3}$/.test(code) ? (NAMES.of(code) ?? code) : code)

/** @file The text read in the picture, to copy. */
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { nameLanguage } from '../../../../src/domain/name-language.ts'
import { formatPercent } from '../../../lib/format.ts'
import { FactSection } from './fact-section.tsx'
import { nameExactly } from './sayer.tsx'

/** longer texts open on demand */
const LINES = 8

export function TextFacts({ photo: { text, sayers } }: { readonly photo: PhotoDetail }) {
  const [all, setAll] = useState(false)
  if (!text || text.text.trim() === '') return null
  const lines = text.text.split('\n')
  const shown = all ? lines : lines.slice(0, LINES)
  return (
    <FactSection title="Text" aside={<CopyButton text={text.text} />}>
      <p className="rounded-xl bg-raised px-3 py-2 text-sm whitespace-pre-wrap wrap-anywhere">{shown.join('\n')}</p>
      {lines.length > shown.length && (
        <button type="button" onClick={() => setAll(true)} className="self-start text-sm text-accent hover:underline">
          Show all {lines.length} lines
        </button>
      )}
      <p className="text-xs text-muted" title={text.said_by}>
        {text.language !== null && <span title={text.language_said_by ?? undefined}>{nameLanguage(text.language)}, </span>}
        read by {nameExactly(text.said_by, sayers)}
        {text.rotation ? `, turned by ${Math.round(text.rotation)}°` : ''}
        {text.words > 0 &&
          `: ${text.words} ${text.words === 1 ? 'word' : 'words'} on ${text.coverage < 0.01 ? 'less than 1 %' : formatPercent(text.coverage)} of the picture`}
      </p>
    </FactSection>
  )
}

function CopyButton({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  const Icon = copied ? Check : Copy
  return (
    <button
      type="button"
      onClick={() => void navigator.clipboard?.writeText(text).then(() => setCopied(true))}
      className="inline-flex items-center gap-1 rounded-full px-2 py-0.5 text-xs text-accent hover:bg-raised"
    >
      <Icon className="size-3.5" aria-hidden />
      <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
    </button>
  )
}

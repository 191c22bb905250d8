/** @file A secret that is shown this once, to be copied. */
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { FIELD } from '../../../ui/labelled.tsx'

export function ShownOnce({ label, text }: { readonly label: string; readonly text: string }) {
  const [isCopied, setCopied] = useState(false)
  // without HTTPS a page may not write to the clipboard; the text can be selected all the same
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <div className="flex items-center gap-2">
      <input
        readOnly
        aria-label={label}
        value={text}
        onFocus={(event) => event.target.select()}
        className={`${FIELD} font-mono text-xs!`}
      />
      {'clipboard' in navigator && (
        <Button onClick={() => void copy()}>
          {isCopied ? <Check className="size-4" aria-hidden /> : <Copy className="size-4" aria-hidden />}
          {isCopied ? 'Copied' : 'Copy'}
        </Button>
      )}
    </div>
  )
}

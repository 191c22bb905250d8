/** @file Buttons: with words, and round ones with only an icon (which then must have a name). */
import type { ButtonHTMLAttributes, ReactNode } from 'react'

type Look = 'solid' | 'soft' | 'plain'
const LOOKS: Record<Look, string> = {
  solid: 'bg-accent text-on-accent hover:brightness-110',
  soft: 'bg-raised text-ink hover:bg-line',
  plain: 'text-ink hover:bg-raised',
}

/** A link that looks like a button. */
export const LINK_BUTTON =
  'inline-flex h-9 shrink-0 items-center gap-2 rounded-full bg-raised px-4 text-sm font-medium whitespace-nowrap hover:bg-line'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: Look
  readonly children: ReactNode
}

export function Button({ look = 'soft', className = '', ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`inline-flex h-9 items-center justify-center gap-2 rounded-full px-4 text-sm font-medium whitespace-nowrap transition-colors disabled:opacity-50 ${LOOKS[look]} ${className}`}
      {...rest}
    />
  )
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly label: string
  readonly children: ReactNode
}

export function IconButton({ label, className = '', ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`inline-flex size-10 shrink-0 items-center justify-center rounded-full transition-colors hover:bg-raised disabled:opacity-35 disabled:hover:bg-transparent ${className}`}
      {...rest}
    />
  )
}

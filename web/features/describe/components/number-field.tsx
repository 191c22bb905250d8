/** @file A number under its label; empty means no limit. With `value` and `onText` React holds it, with `name` and `defaultValue` its form does. */
import type { InputHTMLAttributes } from 'react'
import { FIELD, Field } from './card.tsx'

interface NumberFieldProps
  extends Pick<InputHTMLAttributes<HTMLInputElement>, 'name' | 'value' | 'defaultValue' | 'min' | 'max' | 'step' | 'disabled'> {
  readonly label: string
  /** what an empty field means */
  readonly none?: string
  readonly onText?: (text: string) => void
}

export function NumberField({ label, none = 'no limit', onText, ...input }: NumberFieldProps) {
  return (
    <Field label={label}>
      <input
        {...input}
        type="number"
        aria-label={label}
        placeholder={none}
        onChange={onText && ((event) => onText(event.target.value))}
        className={FIELD}
      />
    </Field>
  )
}

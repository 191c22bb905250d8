/** @file What could not be done, in one plain sentence; what the library said exactly is folded, and can be copied. */
interface ProblemProps {
  /** what could not be done, and what helps */
  readonly sentence: string
  readonly details: string
}

export function Problem({ sentence, details }: ProblemProps) {
  return (
    <div role="alert" className="text-sm">
      <p className="text-danger">{sentence}</p>
      <details className="mt-1 text-xs text-muted">
        <summary className="w-fit">Details</summary>
        <p className="mt-1 wrap-anywhere select-text">{details}</p>
      </details>
    </div>
  )
}

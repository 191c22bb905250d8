/** @file Everything that opens over the page: a card, a sheet of a phone, a panel at the side. What they do loads when the first one opens. */
import { type ComponentProps, lazy, Suspense } from 'react'

const load = () => import('./dialog-frame.tsx').then(({ DialogFrame }) => ({ default: DialogFrame }))
const Frame = lazy(load)

export function Dialog(props: ComponentProps<typeof Frame>) {
  return (
    <Suspense>
      <Frame {...props} />
    </Suspense>
  )
}

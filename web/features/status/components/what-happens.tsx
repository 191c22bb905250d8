/** @file What it takes to read a folder, said before it is read: time, disk, what leaves the machine, the model. */
import { useQuery } from '@tanstack/react-query'
import { Clock3, HardDrive, Lock, ShieldCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { healthQuery } from '../../../lib/library-queries.ts'
import { ModelOffer } from './model-offer.tsx'

export function WhatHappens() {
  const { data: health } = useQuery(healthQuery)
  const contacts = health?.contacts ?? []
  return (
    <div className="flex flex-col gap-4 text-left">
      <ul className="flex flex-col gap-3">
        <Fact icon={<Lock className="size-5" aria-hidden />} title="Your files stay as they are">
          They are read where they are. Nothing is moved, renamed, or changed.
        </Fact>
        <Fact icon={<Clock3 className="size-5" aria-hidden />} title="Time">
          Photos appear within seconds. Looking at what they show takes about a second each on a usual computer, and goes on in the
          background.
        </Fact>
        <Fact icon={<HardDrive className="size-5" aria-hidden />} title="Disk">
          Previews and what is found in them take some hundred kilobytes a photo, in fototeca’s own folder.
        </Fact>
        <Fact icon={<ShieldCheck className="size-5" aria-hidden />} title="What leaves this computer">
          {health === undefined
            ? 'Finding out…'
            : contacts.length === 0
              ? 'Nothing. No server is contacted.'
              : `Contacted are: ${contacts.map(({ host, purpose }) => `${host} (${purpose})`).join(', ')}.`}
        </Fact>
      </ul>
      <ModelOffer />
    </div>
  )
}

interface FactProps {
  readonly icon: ReactNode
  readonly title: string
  readonly children: ReactNode
}

function Fact({ icon, title, children }: FactProps) {
  return (
    <li className="flex gap-3">
      <span className="mt-0.5 text-accent">{icon}</span>
      <span className="min-w-0">
        <span className="block font-medium">{title}</span>
        <span className="block text-sm text-muted wrap-anywhere">{children}</span>
      </span>
    </li>
  )
}

/** @file Switches for the boxes over the picture; those with nothing to show are not offered. */
import { Box, ScanFace, ScanText } from 'lucide-react'
import { LAYERS, type Layer } from '../layers.ts'

const ICONS = { objects: Box, text: ScanText, faces: ScanFace } as const

interface LayerSwitchesProps {
  readonly counts: Readonly<Record<Layer, number>>
  readonly on: ReadonlySet<Layer>
  readonly onToggle: (layer: Layer) => void
}

export function LayerSwitches({ counts, on, onToggle }: LayerSwitchesProps) {
  const offered = LAYERS.filter((layer) => counts[layer.name] > 0)
  if (offered.length === 0) return <div className="h-3 shrink-0" />
  return (
    <fieldset className="flex h-13 shrink-0 items-center justify-center gap-2 px-2">
      <legend className="sr-only">Show on the picture</legend>
      {offered.map(({ name, label, hotkey }) => {
        const Icon = ICONS[name]
        const active = on.has(name)
        return (
          <button
            key={name}
            type="button"
            aria-pressed={active}
            aria-keyshortcuts={hotkey}
            onClick={() => onToggle(name)}
            className={`inline-flex h-8 items-center gap-1.5 rounded-full px-3 text-sm font-medium transition-colors ${
              active ? 'bg-accent text-on-accent' : 'bg-raised hover:bg-line'
            }`}
          >
            <Icon className="size-4" aria-hidden />
            {label}
            <span className={active ? '' : 'text-muted'}>{counts[name]}</span>
          </button>
        )
      })}
    </fieldset>
  )
}

/** @file What can be done with all that a search found: save it, export it. */
import { BookmarkPlus, FileDown } from 'lucide-react'
import { useState } from 'react'
import type { FacetsQuery } from '../../../../src/contract/search.ts'
import type { SearchState } from '../../../lib/search-state.ts'
import { Button } from '../../../ui/button.tsx'
import { ExportDialog } from '../../../ui/export-dialog.tsx'
import { SaveSearch } from './save-search.tsx'

interface KeepResultProps {
  readonly state: SearchState
  readonly total: number
}

export function KeepResult({ state, total }: KeepResultProps) {
  const [open, setOpen] = useState<'save' | 'export' | null>(null)
  const close = () => setOpen(null)
  return (
    <div className="flex items-center gap-1">
      <Button look="plain" onClick={() => setOpen('save')} className="h-8! px-3!">
        <BookmarkPlus className="size-4" aria-hidden />
        Save
      </Button>
      <Button look="plain" onClick={() => setOpen('export')} className="h-8! px-3!">
        <FileDown className="size-4" aria-hidden />
        Export
      </Button>
      {open === 'save' && <SaveSearch state={state} total={total} onClose={close} />}
      {/* the server fills in what the page leaves out */}
      {open === 'export' && <ExportDialog what={{ search: state as FacetsQuery }} count={total} onClose={close} />}
    </div>
  )
}

/** @file The places on a phone: a button, and the list as a sheet. */
import { Menu } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { PlaceList } from './place-list.tsx'

export function PlaceMenu() {
  const [open, setOpen] = useState(false)
  return (
    <div className="sm:hidden">
      <IconButton label="Places" aria-expanded={open} onClick={() => setOpen(true)}>
        <Menu className="size-5" aria-hidden />
      </IconButton>
      {open && (
        <Dialog title="fototeca" look="sheet" onClose={() => setOpen(false)}>
          <nav aria-label="Places">
            <PlaceList look="words" onLeave={() => setOpen(false)} />
          </nav>
        </Dialog>
      )}
    </div>
  )
}

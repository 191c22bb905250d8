/** @file Adds a folder of the computer that runs fototeca. */
import { FolderPlus, FolderSearch } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { useAddFolder } from '../use-add-folder.ts'
import { FolderBrowser } from './folder-browser.tsx'

/** Photos already on the computer that runs fototeca are indexed where they are. */
export function AddFolder({ label }: { readonly label: string }) {
  const id = useId()
  const [path, setPath] = useState('')
  const [browses, setBrowses] = useState(false)
  const { add, read } = useAddFolder(() => setPath(''))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (path.trim() !== '') add.mutate(path.trim())
  }
  return (
    <form onSubmit={submit} className="flex w-full flex-col gap-2 text-left">
      <label htmlFor={id} className="text-sm text-muted">
        {label}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          value={path}
          onChange={(event) => setPath(event.target.value)}
          placeholder="/home/me/Pictures"
          autoComplete="off"
          spellCheck={false}
          className="h-10 min-w-0 flex-1 rounded-full border border-line bg-surface px-4 text-[15px] placeholder:text-muted"
        />
        <IconButton label="Browse folders" onClick={() => setBrowses(true)} className="border border-line">
          <FolderSearch className="size-5" aria-hidden />
        </IconButton>
        <Button type="submit" look="solid" className="h-10!" disabled={add.isPending || path.trim() === ''}>
          <FolderPlus className="size-4" aria-hidden />
          Add folder
        </Button>
      </div>
      <p aria-live="polite" className={`text-sm first-letter:uppercase ${add.error || read.error ? 'text-danger' : 'text-muted'}`}>
        {add.error?.message ?? read.error?.message ?? read.data?.notice ?? (read.isPending ? 'The folder is being read.' : '')}
      </p>
      {browses && (
        <Dialog title="Choose a folder" onClose={() => setBrowses(false)}>
          <FolderBrowser
            from={path.trim() === '' ? undefined : path.trim()}
            onChoose={(chosen) => {
              setPath(chosen)
              setBrowses(false)
            }}
          />
        </Dialog>
      )}
    </form>
  )
}

/** @file Adds a folder of the computer that runs fototeca. */
import { FolderPlus } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { useAddFolder } from '../use-add-folder.ts'

/** Photos already on the computer that runs fototeca are indexed where they are. */
export function AddFolder({ label }: { readonly label: string }) {
  const id = useId()
  const [path, setPath] = useState('')
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
        <Button type="submit" look="solid" className="h-10!" disabled={add.isPending || path.trim() === ''}>
          <FolderPlus className="size-4" aria-hidden />
          Add folder
        </Button>
      </div>
      <p aria-live="polite" className={`text-sm first-letter:uppercase ${add.error || read.error ? 'text-danger' : 'text-muted'}`}>
        {add.error?.message ?? read.error?.message ?? read.data?.notice ?? (read.isPending ? 'The folder is being read.' : '')}
      </p>
    </form>
  )
}

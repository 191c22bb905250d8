/** @file Adds a folder of the computer that runs fototeca. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { FolderPlus } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { callApi } from '../../../lib/api-client.ts'
import { refreshLibrary } from '../../../lib/library-queries.ts'
import { Button } from '../../../ui/button.tsx'

/** Photos already on the computer that runs fototeca are indexed where they are. */
export function AddFolder({ label }: { readonly label: string }) {
  const client = useQueryClient()
  const id = useId()
  const [path, setPath] = useState('')
  // answers when the whole folder was looked through; what it finds shows up meanwhile
  const read = useMutation({
    mutationFn: (id: number) => callApi('scanSource', { params: { id }, body: { force: false } }),
    onMutate: () => setTimeout(() => void client.invalidateQueries({ queryKey: ['progress'] }), 500),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['sources'] })
      void refreshLibrary(client)
    },
  })
  const add = useMutation({
    mutationFn: () => callApi('addSource', { body: { path: path.trim() } }),
    onSuccess: (source) => {
      setPath('')
      read.mutate(source.id)
      void client.invalidateQueries({ queryKey: ['sources'] })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (path.trim() !== '') add.mutate()
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

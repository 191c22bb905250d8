/** @file The button in the search box that takes a picture to search by. */
import { LoaderCircle, ScanSearch } from 'lucide-react'
import { useRef } from 'react'

interface PictureButtonProps {
  readonly isSending: boolean
  readonly onFile: (file: File) => void
}

export function PictureButton({ isSending, onFile }: PictureButtonProps) {
  const input = useRef<HTMLInputElement>(null)
  const Icon = isSending ? LoaderCircle : ScanSearch
  return (
    <>
      <button
        type="button"
        aria-label="Search by a picture"
        title="Search by a picture: choose one, or drop or paste it here. It is kept nowhere."
        disabled={isSending}
        onClick={() => input.current?.click()}
        className="absolute right-2 rounded-full p-1.5 text-muted hover:text-ink"
      >
        <Icon className={`size-[18px] ${isSending ? 'animate-spin' : ''}`} aria-hidden />
      </button>
      <input
        ref={input}
        type="file"
        accept="image/*,.heic,.heif"
        className="hidden"
        aria-label="Choose a picture to search by"
        tabIndex={-1}
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) onFile(file)
        }}
      />
    </>
  )
}

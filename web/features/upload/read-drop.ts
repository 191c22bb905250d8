/** @file The files of a drop, folders included. Hidden files and what systems leave behind stay out. */

const LEFT_BEHIND = new Set(['thumbs.db', 'desktop.ini', 'ehthumbs.db'])

export function isWanted(name: string): boolean {
  return !name.startsWith('.') && !LEFT_BEHIND.has(name.toLowerCase())
}

/** Must be called in the drop event itself: the entries are gone afterwards. */
export async function readDrop(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].flatMap((item) => (item.kind === 'file' ? [item.webkitGetAsEntry()] : []))
  const plain = [...transfer.files]
  if (entries.every((entry) => entry === null)) return plain.filter((file) => isWanted(file.name))
  const files: File[] = []
  for (const entry of entries) if (entry) await collectFiles(entry, files)
  return files
}

async function collectFiles(entry: FileSystemEntry, files: File[]): Promise<void> {
  if (!isWanted(entry.name)) return
  if (entry.isFile) {
    files.push(await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)))
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  for (;;) {
    // browsers hand out at most 100 entries at a time
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (batch.length === 0) return
    for (const child of batch) await collectFiles(child, files)
  }
}

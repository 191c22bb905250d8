/** @file Downloads a file by its address. The answer names it and says that it is one to keep, so the page stays where it is. */
import { expectFile, originalUrl } from './api-client.ts'

export function startDownload(url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}

/** @throws ApiError why there is nothing to download, such as a damaged original */
export async function downloadOriginal(id: number): Promise<void> {
  await expectFile(originalUrl(id))
  startDownload(originalUrl(id))
}

/** @file Fetches a file by its address. The answer names it and says that it is one to keep, so the page stays where it is. */
export function startDownload(url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}

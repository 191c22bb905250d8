/** @file A multipart/form-data body (RFC 7578), encoded by the platform. */

export interface FormFile {
  readonly bytes: Uint8Array
  readonly type: string
  readonly name: string
}

/** @param files by the name of their field */
export async function encodeForm(
  fields: Readonly<Record<string, string>>,
  files: Readonly<Record<string, FormFile>>,
): Promise<{ body: Uint8Array; contentType: string }> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  for (const [name, { bytes, type, name: filename }] of Object.entries(files))
    form.append(name, new Blob([new Uint8Array(bytes)], { type }), filename)
  const encoded = new Response(form)
  return { body: new Uint8Array(await encoded.arrayBuffer()), contentType: encoded.headers.get('content-type') ?? 'multipart/form-data' }
}

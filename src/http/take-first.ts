/** @file The first picture of a multipart request as a product picture. */
import { FototecaError } from '../domain/errors.ts'
import type { Taken, TakeOptions } from '../product/pictures.ts'
import type { Call } from './handler.ts'

/** Options are read when the whole body was: a form may name them before its file or after. */
export async function takeFirst(
  { files, services }: Pick<Call<'captionD'>, 'files' | 'services'>,
  options: () => TakeOptions,
): Promise<Taken> {
  const { products } = services
  let staged: Awaited<ReturnType<typeof products.stage>> | undefined
  try {
    for await (const file of files) {
      if (staged) file.stream.destroy()
      else staged = await products.stage(file.stream, file.filename)
    }
    if (!staged) throw new FototecaError('invalid', 'file: send a picture as a multipart part named `file`')
    return await products.take(staged, options())
  } catch (error) {
    if (staged) await products.discard(staged)
    throw error
  }
}

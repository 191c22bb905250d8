/** @file The first picture of a multipart request, as a product picture or as a question about one. */
import { FototecaError } from '../domain/errors.ts'
import type { Taken, TakeOptions } from '../product/pictures.ts'
import type { Call } from './handler.ts'

type UploadCall = Pick<Call<'captionD'>, 'files' | 'services'>
type Staged = Awaited<ReturnType<UploadCall['services']['products']['stage']>>

/** @param act is given the picture when the whole body was read, and sees to it from then on */
export async function withFirst<T>({ files, services }: UploadCall, act: (staged: Staged) => Promise<T>): Promise<T> {
  const { products } = services
  let staged: Staged | undefined
  try {
    for await (const file of files) {
      if (staged) file.stream.destroy()
      else staged = await products.stage(file.stream, file.filename)
    }
    if (!staged) throw new FototecaError('invalid', 'file: send a picture as a multipart part named `file`')
    return await act(staged)
  } catch (error) {
    if (staged) await products.discard(staged)
    throw error
  }
}

/** Options are read when the whole body was: a form may name them before its file or after. */
export const takeFirst = (call: UploadCall, options: () => TakeOptions): Promise<Taken> =>
  withFirst(call, async (staged) => call.services.products.take(staged, options()))

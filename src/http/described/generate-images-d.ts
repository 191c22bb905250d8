/**
 * @file System D: POST /generate-images. The address is fetched by the one door, the run is waited for, what cannot be made is named.
 * A picture of a store has its results beside it, under `gen_images/`, and the answer gives their public addresses.
 */
import type { GeneratedImage, Generation } from '../../contract/generate.ts'
import { describeError } from '../../domain/errors.ts'
import { endOfLink } from '../../domain/link-end.ts'
import type { Log } from '../../domain/log.ts'
import type { Handler } from '../handler.ts'
import { readBase } from '../read-base.ts'
import type { Services } from '../services.ts'

export const generateImagesD: Handler<'generateImagesD'> = async ({ actor, body: asked, request, services, log }) => {
  const isByPrompts = services.generations.isByPrompts(asked.product_type)
  const body = isByPrompts ? { ...asked, image_types: null } : asked
  // before anything is fetched: a wrong word must leave nothing behind
  services.generations.check(body)
  const gone = new AbortController()
  request.raw.once('close', () => {
    if (request.raw.destroyed && !request.raw.complete) gone.abort()
  })
  const fetched = await services.fetchPicture(body.s3_urls, gone.signal)
  const { id: photo } = await services.ingest.upload(fetched.stream, fetched.filename, 'products')
  const { id } = await services.generations.start(actor.sees, {
    photos: [photo],
    product_type: body.product_type,
    image_types: body.image_types,
    num_images: body.num_images,
    height: body.height,
    width: body.width,
    shadow: 'natural',
    store: services.storeOf(body.s3_urls),
  })
  const run = await services.generations.whenSettled(id, gone.signal)
  const base = readBase(request)
  const addressOf = async ({ store_picture, picture }: GeneratedImage): Promise<string> =>
    store_picture === null ? `${base}${picture}` : services.products.urlOf(await services.products.find({ id: store_picture }), base)
  const made = run.images.filter(({ state, review }) => state === 'done' && review !== 'rejected')
  const failed = run.images
    .filter((image) => !made.includes(image))
    .map(({ prompt_index, image_type, image_type_name, reason, state }) => ({
      prompt_index,
      image_type,
      image_type_name,
      reason: reason ?? (state === 'due' || state === 'running' ? (run.waits ?? 'it is still being made') : state),
    }))
  const zip = await zipAddress(run, base, services, log)
  return {
    original_image_url: body.s3_urls,
    gen_images: await Promise.all(
      made.map(async (image) => {
        const image_url = await addressOf(image)
        const isHeld = image.review === 'held'
        return {
          prompt_index: image.prompt_index,
          image_url,
          image_url_expires_at: endOfLink(image_url),
          image_type: image.image_type,
          image_type_name: image.image_type_name,
          needs_review: isHeld,
          reason: isHeld ? image.reason : null,
          fidelity: image.fidelity,
        }
      }),
    ),
    zip_url: zip,
    zip_url_expires_at: zip && endOfLink(zip),
    notice:
      [
        ...(isByPrompts && asked.image_types !== null ? [NO_TYPES] : []),
        ...failed.map((each) => `${each.image_type_name}: ${each.reason}`),
        ...made.filter(({ review }) => review === 'held').map((each) => `${each.image_type_name} needs review: ${each.reason}`),
      ].join('; ') || null,
    failed,
  }
}

const NO_TYPES = 'image_types is for earrings and rings; of this product num_images pictures are made by its own prompts'

/** In the store of the run, beside its pictures; where that one does not take it now, this program’s own. */
async function zipAddress({ id, zip, store }: Generation, base: string, { generations, stores, products }: Services, log: Log) {
  if (zip === null || store === null) return zip && `${base}${zip}`
  try {
    const key = await stores.putZip(store, `run-${id}`, await generations.zip(id))
    return await products.urlOf({ store, key }, base)
  } catch (error) {
    log.warn({ store, run: id, err: describeError(error) }, 'the ZIP of a run could not be put into its store')
    return `${base}${zip}`
  }
}

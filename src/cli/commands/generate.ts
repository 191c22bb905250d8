/** @file fototeca generate: pictures of products, in the server that runs on this library; what can be made; runs. */
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import type { GeneratedImage, Generation, GenerationOptions } from '../../contract/generate.ts'
import { ROUTES } from '../../contract/routes.ts'
import type { Shadow } from '../../contract/words.ts'
import type { CliContext } from '../context.ts'
import { formatBytes, formatTable, toPlainText } from '../format.ts'
import { saveFile } from '../save-file.ts'

interface MakeOptions {
  readonly product: string
  readonly types?: string
  readonly height?: string
  readonly width?: string
  readonly shadow: string
  readonly store?: string
}

interface BudgetOptions {
  readonly scenes?: string
  readonly tokens?: string
  readonly cost?: string
}

const readBudget = ({ scenes, tokens, cost }: BudgetOptions) => {
  const read = (text: string | undefined) => (text === undefined ? null : Number(text))
  return { scenes: read(scenes), tokens: read(tokens), cost: read(cost) }
}

export function addGenerate(program: Command, context: CliContext): void {
  const generate = program
    .command('generate')
    .description('make product pictures: white background, dimensions, scenes')
    .addHelpText(
      'after',
      '\nExamples:\n  fototeca generate options\n  fototeca generate make 12 13 --types 1\n' +
        '  fototeca generate make 12 --types 3 --height "38 mm" --width "20 mm"\n  fototeca generate show 4\n  fototeca generate zip 4 --to pictures.zip',
    )
  const show = (run: Generation) => context.print(run, () => renderRun(run))
  generate
    .command('options')
    .description('show what can be made, by which model, and what leaves this machine')
    .action(async () => {
      const options = await context.withApi((api) => api.call('getGenerationOptions'))
      context.print(options, () => renderOptions(options))
    })
  generate
    .command('make')
    .description('make pictures of these photos; follow progress with `generate show`')
    .argument('<photos...>', 'photo numbers')
    .option('--product <name>', 'kind of product, see `generate options`, e.g. ring', 'earring')
    .option('--types <numbers>', 'comma-separated; default: those suited to the product')
    .option('--height <length>', 'drawn into type 3, e.g. "38 mm"')
    .option('--width <length>', 'drawn into type 3')
    .option('--shadow <kind>', 'natural, drawn or none', 'natural')
    .option('--store <name>', 'copy the results into this store, under gen_images/')
    .option('--scenes <count>', 'maximum number of scenes in this run')
    .option('--tokens <count>', 'maximum number of tokens in this run, if the model reports them')
    .option('--cost <amount>', 'maximum cost of this run, if the model reports it or FOTOTECA_GENERATE_PRICE is set')
    .action(async (photos: string[], options: MakeOptions & BudgetOptions) => {
      const body = {
        photos: photos.map(Number),
        product_type: options.product,
        image_types: options.types === undefined ? null : options.types.split(',').map(Number),
        height: options.height ?? null,
        width: options.width ?? null,
        shadow: options.shadow as Shadow,
        store: options.store ?? null,
        budget: readBudget(options),
      }
      show(await context.withApi((api) => api.call('startGeneration', { body })))
    })
  generate
    .command('inspire')
    .description('make a new picture inspired by a photo, or from words alone')
    .argument('[photo]', 'photo number; without it, the picture is made from --prompt alone')
    .option('--prompt <words>', 'prompt to use instead of the one by the description model')
    .action(async (photo: string | undefined, { prompt }: { prompt?: string }) => {
      const body = { photo: photo === undefined ? null : Number(photo), prompt: prompt ?? null }
      show(await context.withApi((api) => api.call('startInspiration', { body })))
    })
  generate
    .command('resume')
    .description('continue a run that stopped at its budget, with a new budget')
    .argument('<run>', 'run number')
    .option('--scenes <count>', 'maximum number of scenes; unlimited by default')
    .option('--tokens <count>', 'maximum number of tokens')
    .option('--cost <amount>', 'maximum cost')
    .action(async (run: string, options: BudgetOptions) => {
      show(
        await context.withApi((api) =>
          api.call('resumeGeneration', { params: { id: Number(run) }, body: { budget: readBudget(options) } }),
        ),
      )
    })
  generate
    .command('zip')
    .description('download the finished pictures of a run, without held or rejected ones')
    .argument('<run>', 'run number')
    .option('--to <file>', 'where to write it; without it to the standard output')
    .action(async (run: string, { to }: { to?: string }) => {
      const written = await context.withApi(async (api) => {
        const { id } = await api.call('getGeneration', { params: { id: run } })
        const bytes = await api.fetchBytes(ROUTES.getGenerationZip.path.replace(':id', String(id)))
        return to === undefined ? pipeline(bytes, context.deps.stdout, { end: false }) : saveFile(bytes, to, context)
      })
      if (to !== undefined)
        context.print({ run: Number(run), to, bytes: written }, () => `${formatBytes(written ?? 0)} written to ${toPlainText(to)}`)
    })
  for (const [verb, description, ask] of [
    ['approve', 'let a made picture pass; one that was held becomes a photo, and goes into the store of its run', 'approved'],
    ['reject', 'leave a made picture out of ZIP and store', 'rejected'],
    ['redo', 'make a picture again, with another seed', null],
  ] as const)
    generate
      .command(verb)
      .description(description)
      .argument('<image>', 'image number, see `generate show`')
      .action(async (image: string) => {
        const params = { id: Number(image) }
        const made = await context.withApi((api) =>
          ask === null ? api.call('redoGenerated', { params }) : api.call('reviewGenerated', { params, body: { verdict: ask } }),
        )
        context.print(made, () => formatTable([renderImage(made)]))
      })
  for (const [verb, route, description] of [
    ['show', 'getGeneration', 'a run with its images'],
    ['cancel', 'cancelGeneration', 'make no more of its images; what is made stays'],
  ] as const)
    generate
      .command(verb)
      .description(description)
      .argument('<run>', 'run number')
      .action(async (run: string) => show(await context.withApi((api) => api.call(route, { params: { id: Number(run) } }))))
}

const renderImage = (image: GeneratedImage): string[] =>
  [
    String(image.id),
    String(image.source ?? '–'),
    image.image_type_name,
    image.state,
    image.review,
    image.photo === null ? '' : `photo ${image.photo}`,
    image.reason ?? '',
  ].map(toPlainText)

function renderRun(run: Generation): string {
  const rows = run.images.map(renderImage)
  return [
    `run ${run.id}: ${run.state}, ${run.done} of ${run.images.length} made, ${run.spent.scenes} scenes asked for${run.waits ? `; ${run.waits}` : ''}`,
    formatTable([['image', 'of', 'type', 'state', 'review', '', ''], ...rows]),
  ].join('\n')
}

function renderOptions(options: GenerationOptions): string {
  return [
    options.leaves,
    `${options.made_today} of ${options.per_day} scenes asked for today`,
    `one scene takes ${options.per_scene.tokens === null ? 'an unknown number of' : Math.round(options.per_scene.tokens)} tokens and costs ${options.per_scene.cost ?? 'an unknown amount'}`,
    '',
    `products: ${toPlainText(options.products.map(({ name }) => name).join(', '))}`,
    '',
    formatTable(options.types.map((type) => [String(type.number), type.name, type.missing ?? 'ready'].map(toPlainText))),
  ].join('\n')
}

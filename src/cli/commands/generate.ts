/** @file fototeca generate: pictures of products, in the server that runs on this library; what can be made; runs. */
import type { Command } from 'commander'
import type { Generation, GenerationOptions, ProductType } from '../../contract/generate.ts'
import type { Shadow } from '../../contract/words.ts'
import type { CliContext } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'

interface MakeOptions {
  readonly product: string
  readonly types?: string
  readonly height?: string
  readonly width?: string
  readonly shadow: string
}

export function addGenerate(program: Command, context: CliContext): void {
  const generate = program
    .command('generate')
    .description('pictures of products: white background, dimensions, scenes')
    .addHelpText(
      'after',
      '\nExamples:\n  fototeca generate options\n  fototeca generate make 12 13 --types 1\n  fototeca generate make 12 --types 3 --height "38 mm" --width "20 mm"\n  fototeca generate show 4',
    )
  const show = (run: Generation) => context.print(run, () => renderRun(run))
  generate
    .command('options')
    .description('what can be made, by what, and what leaves this machine')
    .action(async () => {
      const options = await context.withApi((api) => api.call('getGenerationOptions'))
      context.print(options, () => renderOptions(options))
    })
  generate
    .command('make')
    .description('make pictures of these photos; “show” tells how far they are')
    .argument('<photos...>', 'ids')
    .option('--product <name>', 'earring, bracelet or necklace', 'earring')
    .option('--types <numbers>', 'comma-separated; default: those of the product')
    .option('--height <length>', 'drawn into type 3, e.g. "38 mm"')
    .option('--width <length>', 'drawn into type 3')
    .option('--shadow <kind>', 'natural, drawn or none', 'natural')
    .action(async (photos: string[], options: MakeOptions) => {
      const body = {
        photos: photos.map(Number),
        product_type: options.product as ProductType,
        image_types: options.types === undefined ? null : options.types.split(',').map(Number),
        height: options.height ?? null,
        width: options.width ?? null,
        shadow: options.shadow as Shadow,
      }
      show(await context.withApi((api) => api.call('startGeneration', { body })))
    })
  generate
    .command('inspire')
    .description('a new picture from what a photo inspires')
    .argument('<photo>', 'id')
    .option('--prompt <words>', 'instead of the describe model’s')
    .action(async (photo: string, { prompt }: { prompt?: string }) => {
      show(await context.withApi((api) => api.call('startInspiration', { body: { photo: Number(photo), prompt: prompt ?? null } })))
    })
  for (const [verb, route, description] of [
    ['show', 'getGeneration', 'a run with its images'],
    ['cancel', 'cancelGeneration', 'make no more of its images; what is made stays'],
  ] as const)
    generate
      .command(verb)
      .description(description)
      .argument('<run>', 'number of the run')
      .action(async (run: string) => show(await context.withApi((api) => api.call(route, { params: { id: Number(run) } }))))
}

function renderRun(run: Generation): string {
  const rows = run.images.map((image) =>
    [
      String(image.id),
      String(image.source ?? '–'),
      image.image_type_name,
      image.state,
      image.review,
      image.photo === null ? '' : `photo ${image.photo}`,
      image.reason ?? '',
    ].map(toPlainText),
  )
  return [
    `run ${run.id}: ${run.state}, ${run.done} of ${run.images.length} made${run.waits ? `; ${run.waits}` : ''}`,
    formatTable([['image', 'of', 'type', 'state', 'review', '', ''], ...rows]),
  ].join('\n')
}

function renderOptions(options: GenerationOptions): string {
  return [
    options.leaves,
    `${options.made_today} of ${options.per_day} scenes asked for today`,
    '',
    formatTable(options.types.map((type) => [String(type.number), type.name, type.missing ?? 'ready'].map(toPlainText))),
  ].join('\n')
}

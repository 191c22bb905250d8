/** @file fototeca categories: list, add, change, merge, delete. */
import type { Command } from 'commander'
import type { CategoryCount } from '../../contract/library.ts'
import { countOf } from '../../domain/count-of.ts'
import type { Api } from '../api.ts'
import { ApiError } from '../api.ts'
import type { CliContext } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'

interface CategoryOptions {
  readonly name?: string
  readonly description?: string
  readonly tags?: string
}

export function addCategories(program: Command, context: CliContext): void {
  const categories = program
    .command('categories')
    .description('manage categories: groups of tags to filter photos by')
    .addHelpText(
      'after',
      "\nExamples:\n  fototeca categories add pets --tags dog,cat,rabbit\n  fototeca categories change pets --name 'our pets'\n  fototeca categories merge pets animals",
    )
  const print = (category: CategoryCount) => context.print(category, () => renderCategories([category]))
  categories
    .command('list')
    .description('list categories with their tags and photo counts')
    .action(async () => {
      const answer = await context.withApi((api) => api.call('listCategories'))
      context.print(answer, () => renderCategories(answer.categories))
    })
  categories
    .command('add')
    .description('create a category')
    .argument('<name>')
    .option('--description <text>', 'what belongs in the category')
    .option('--tags <tags>', 'tags; a photo with any of them belongs to the category')
    .action(async (name: string, options: CategoryOptions) => {
      print(await context.withApi((api) => api.call('addCategory', { body: { name, ...toBody(options) } })))
    })
  categories
    .command('change')
    .description('change the name, description, or tags')
    .argument('<category>')
    .option('--name <name>', 'new name')
    .option('--description <text>', 'what belongs in the category')
    .option('--tags <tags>', 'tags, replacing the current ones')
    .action(async (category: string, options: CategoryOptions) => {
      const body = { ...toBody(options), ...(options.name === undefined ? {} : { name: options.name }) }
      print(await context.withApi(async (api) => api.call('changeCategory', { params: { id: await findId(api, category) }, body })))
    })
  categories
    .command('merge')
    .description('merge a category into another')
    .argument('<category>')
    .argument('<into>')
    .action(async (category: string, into: string) => {
      print(
        await context.withApi(async (api) =>
          api.call('mergeCategory', { params: { id: await findId(api, category) }, body: { into: await findId(api, into) } }),
        ),
      )
    })
  categories
    .command('delete')
    .description('delete a category; its photos and tags stay')
    .argument('<category>')
    .action(async (category: string) => {
      const answer = await context.withApi(async (api) => api.call('removeCategory', { params: { id: await findId(api, category) } }))
      context.print(answer, () => `deleted ${toPlainText(category)}`)
    })
}

function toBody({ description, tags }: CategoryOptions): { description?: string; tags?: string[] } {
  return { ...(description === undefined ? {} : { description }), ...(tags === undefined ? {} : { tags: splitList(tags) }) }
}

/** `a, b,c` → a, b, c */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

async function findId(api: Api, name: string): Promise<number> {
  const { categories } = await api.call('listCategories')
  const category = categories.find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (!category) throw new ApiError(404, `there is no category ${name}`, 'not_found')
  return category.id
}

function renderCategories(categories: readonly CategoryCount[]): string {
  return formatTable(
    categories
      .map((category) => [
        category.name,
        `${countOf(category.count, 'photo')}${category.is_updating ? ', updating' : ''}`,
        category.tags.length === 0 ? 'no tags' : category.tags.join(', '),
      ])
      .map((row) => row.map(toPlainText)),
  )
}

/** @file fototeca tags: the words the library looks for in its pictures. */
import type { Command } from 'commander'
import type { VocabularyReport } from '../../contract/vocabulary.ts'
import type { CliContext } from '../context.ts'
import { toPlainText } from '../format.ts'

export function addTags(program: Command, context: CliContext): void {
  const tags = program
    .command('tags')
    .description('words the library looks for in its pictures: list, add, remove')
    .addHelpText(
      'after',
      '\nExamples:\n  fototeca tags add espresso --broader coffee\n  fototeca tags add Rex --prompt "a brown labrador with a red collar" --broader dog\n  fototeca tags remove "3D CG rendering"',
    )
  const say = (answer: VocabularyReport) => context.print(answer, () => renderVocabulary(answer))
  tags
    .command('list')
    .description('your own words, the removed ones, and those the model does not know')
    .action(async () => say(await context.withApi((api) => api.call('listVocabulary'))))
  tags
    .command('add')
    .description('look for one more word; photos follow without being opened again')
    .argument('<word>')
    .option('--prompt <text>', 'what the model is asked instead of the word')
    .option('--broader <term...>', 'what it is a kind of')
    .action(async (word: string, options: { prompt?: string; broader?: string[] }) => {
      const body = { word, broader: options.broader ?? [], ...(options.prompt === undefined ? {} : { prompt: options.prompt }) }
      say(await context.withApi((api) => api.call('addWord', { body })))
    })
  tags
    .command('remove')
    .description('do not look for a word any more')
    .argument('<word>')
    .action(async (word: string) => say(await context.withApi((api) => api.call('removeWord', { params: { word } }))))
}

function renderVocabulary({ starting, added, removed, space, unknown }: VocabularyReport): string {
  const lines = [`${starting} words of the starting list, said by ${space ?? 'no model yet'}`]
  for (const { word, prompt, broader } of added)
    lines.push(`+ ${word}${prompt === null ? '' : ` (“${prompt}”)`}${broader.length === 0 ? '' : `, a kind of ${broader.join(', ')}`}`)
  for (const word of removed) lines.push(`- ${word}`)
  if (unknown.length > 0)
    lines.push(`${unknown.length} words are unknown to the model: ${unknown.slice(0, 20).join(', ')}${unknown.length > 20 ? ', …' : ''}`)
  return lines.map(toPlainText).join('\n')
}

/** @file fototeca vocabulary: the words the library looks for in its pictures. */
import { type Command, InvalidArgumentError } from 'commander'
import type { VocabularyReport, WordReport } from '../../contract/vocabulary.ts'
import { countOf } from '../../domain/count-of.ts'
import type { CliContext } from '../context.ts'
import { toPlainText } from '../format.ts'

export function addVocabulary(program: Command, context: CliContext): void {
  const vocabulary = program
    .command('vocabulary')
    .alias('tags')
    .description('words the library looks for in its pictures: list, find, add, threshold, remove')
    .addHelpText(
      'after',
      '\nExamples:\n  fototeca vocabulary find dog\n  fototeca vocabulary add espresso --broader coffee\n  fototeca vocabulary add Rex --prompt "a brown labrador with a red collar" --broader dog\n  fototeca vocabulary threshold Rex 4.5\n  fototeca vocabulary remove "3D CG rendering"',
    )
  const say = (answer: VocabularyReport) => context.print(answer, () => renderVocabulary(answer))
  vocabulary
    .command('list')
    .description('your own words, the removed ones, your thresholds, and the words the model does not know')
    .action(async () => say(await context.withApi((api) => api.call('listVocabulary'))))
  vocabulary
    .command('find')
    .description('words by a part of their name: from which score each is said, what it is a kind of, how many photos carry it')
    .argument('[text]', 'part of the word', '')
    .action(async (text: string) => {
      const answer = await context.withApi((api) => api.call('listWords', { query: { q: text } }))
      context.print(answer, () =>
        answer.words.length === 0
          ? 'no such word'
          : [...answer.words.map(renderWord), ...(answer.total > answer.words.length ? [`… ${answer.total} in all`] : [])].join('\n'),
      )
    })
  vocabulary
    .command('add')
    .description('look for one more word; photos follow without being opened again')
    .argument('<word>')
    .option('--prompt <text>', 'what the model is asked instead of the word')
    .option('--broader <term...>', 'what it is a kind of')
    .option('--threshold <score>', 'from which score it is said', readScore)
    .action(async (word: string, options: { prompt?: string; broader?: string[]; threshold?: number }) => {
      const { prompt, broader = [], threshold } = options
      const body = { word, broader, ...(prompt === undefined ? {} : { prompt }), ...(threshold === undefined ? {} : { threshold }) }
      say(await context.withApi((api) => api.call('addWord', { body })))
    })
  vocabulary
    .command('threshold')
    .description('say a word from another score on: a lower one says it of more photos; without a score, as measured again')
    .argument('<word>')
    .argument('[score]', '0 to 20: standard deviations above a photo’s mean', readScore)
    .action(async (word: string, threshold?: number) =>
      say(await context.withApi((api) => api.call('setThreshold', { params: { word }, body: { threshold: threshold ?? null } }))),
    )
  vocabulary
    .command('remove')
    .description('do not look for a word any more')
    .argument('<word>')
    .action(async (word: string) => say(await context.withApi((api) => api.call('removeWord', { params: { word } }))))
}

function readScore(text: string): number {
  const score = Number(text)
  if (text.trim() === '' || !(score >= 0 && score <= 20)) throw new InvalidArgumentError('a score is a number from 0 to 20.')
  return score
}

function renderVocabulary({ starting, added, removed, thresholds, space, unknown }: VocabularyReport): string {
  const lines = [`${countOf(starting, 'word')} of the starting list, detected by ${space ?? 'no model yet'}`]
  for (const { word, prompt, broader } of added)
    lines.push(`+ ${word}${prompt === null ? '' : ` (“${prompt}”)`}${broader.length === 0 ? '' : `, a kind of ${broader.join(', ')}`}`)
  for (const word of removed) lines.push(`- ${word}`)
  for (const { word, threshold } of thresholds) lines.push(`≥ ${word}: from ${threshold} on`)
  if (unknown.length > 0)
    lines.push(
      `${countOf(unknown.length, 'word is', 'words are')} unknown to the model: ${unknown.slice(0, 20).join(', ')}${unknown.length > 20 ? ', …' : ''}`,
    )
  return lines.map(toPlainText).join('\n')
}

function renderWord({ word, is_said, threshold, measured, is_known, broader, photos }: WordReport): string {
  const score =
    is_known === false
      ? 'unknown to the model'
      : threshold === null
        ? 'not measured yet'
        : `from ${threshold.toFixed(2)} on${measured !== null && measured !== threshold ? ` (measured ${measured.toFixed(2)})` : ''}`
  const kinds = broader.length === 0 ? '' : `, a kind of ${broader.slice(0, 4).join(', ')}`
  return toPlainText(`${word}${is_said ? '' : ' (removed)'}: ${countOf(photos, 'photo')}, ${score}${kinds}`)
}

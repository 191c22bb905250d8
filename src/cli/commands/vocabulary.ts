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
    .description('manage the words that photos are tagged with')
    .addHelpText(
      'after',
      '\nExamples:\n  fototeca vocabulary find dog\n  fototeca vocabulary add espresso --broader coffee\n' +
        '  fototeca vocabulary add Rex --prompt "a brown labrador with a red collar" --broader dog\n' +
        '  fototeca vocabulary threshold Rex 4.5\n  fototeca vocabulary remove "3D CG rendering"',
    )
  const say = (answer: VocabularyReport) => context.print(answer, () => renderVocabulary(answer))
  vocabulary
    .command('list')
    .description('list your own words, removed words, your thresholds, and words the model does not know')
    .action(async () => say(await context.withApi((api) => api.call('listVocabulary'))))
  vocabulary
    .command('find')
    .description('find words by part of their name, with threshold, broader terms, and photo count')
    .argument('[text]', 'part of a word', '')
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
    .description('add a word; photos are tagged without being read again')
    .argument('<word>')
    .option('--prompt <text>', 'prompt for the model, instead of the word itself')
    .option('--broader <term...>', 'broader terms')
    .option('--threshold <score>', 'score from which a photo gets the tag', readScore)
    .action(async (word: string, options: { prompt?: string; broader?: string[]; threshold?: number }) => {
      const { prompt, broader = [], threshold } = options
      const body = { word, broader, ...(prompt === undefined ? {} : { prompt }), ...(threshold === undefined ? {} : { threshold }) }
      say(await context.withApi((api) => api.call('addWord', { body })))
    })
  vocabulary
    .command('threshold')
    .description('change the threshold of a word; a lower score tags more photos; without a score, restore the measured one')
    .argument('<word>')
    .argument('[score]', '0 to 20: standard deviations above a photo’s mean', readScore)
    .action(async (word: string, threshold?: number) =>
      say(await context.withApi((api) => api.call('setThreshold', { params: { word }, body: { threshold: threshold ?? null } }))),
    )
  vocabulary
    .command('remove')
    .description('stop tagging photos with a word')
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

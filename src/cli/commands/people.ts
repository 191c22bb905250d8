/** @file fototeca people: who is in the photos; name, merge, move faces, hide, cover, questions, undo. */
import type { Command } from 'commander'
import type { PeopleAction, PeopleActionReport, PersonReport } from '../../contract/people.ts'
import { countOf } from '../../domain/count-of.ts'
import type { Api } from '../api.ts'
import { ApiError } from '../api.ts'
import type { CliContext } from '../context.ts'
import { formatTable, toPlainText } from '../format.ts'
import { splitList } from './categories.ts'

const NOBODY = {
  named: 'nobody has a name yet; --unnamed lists whose faces were found',
  unnamed: 'nobody without a name',
  hidden: 'nobody is hidden',
} as const

export function addPeople(program: Command, context: CliContext): void {
  const people = program
    .command('people')
    .description('people in the photos: name, merge, move faces, hide, answer questions')
    .addHelpText(
      'after',
      "\nA person is said by number or by name.\n\nExamples:\n  fototeca people list --unnamed\n  fototeca people name 7 'Ada'\n" +
        '  fototeca people merge 9 Ada\n  fototeca people move 41,42 --to Ben\n  fototeca people undo 12',
    )
  const act = async (make: (api: Api) => Promise<PeopleAction> | PeopleAction) => {
    const report = await context.withApi(async (api) => api.call('actOnPeople', { body: await make(api) }))
    context.print(report, () => renderAction(report))
  }
  people
    .command('list')
    .description('list people, most photos first')
    .option('--unnamed', 'only people without a name')
    .option('--hidden', 'only hidden people')
    .option('--min-faces <n>', 'for people without a name: minimum number of faces')
    .action(async (options: { unnamed?: boolean; hidden?: boolean; minFaces?: string }) => {
      const show = options.hidden === true ? 'hidden' : options.unnamed === true ? 'unnamed' : 'named'
      const answer = await context.withApi((api) => api.call('listPeople', { query: { show, min_faces: options.minFaces } }))
      context.print(answer, () => (answer.people.length === 0 ? NOBODY[show] : formatTable(answer.people.map(renderPerson))))
    })
  people
    .command('faces')
    .description('list the faces of a person with their photos, newest first')
    .argument('<person>')
    .option('--limit <n>', 'faces', '50')
    .action(async (person: string, { limit }: { limit: string }) => {
      const answer = await context.withApi(async (api) =>
        api.call('listPersonFaces', { params: { id: await findPersonId(api, person) }, query: { limit } }),
      )
      context.print(answer, () =>
        [
          formatTable(
            answer.faces.map(({ id, photo, named_by }) => [
              `face ${id}`,
              `photo ${photo.id}`,
              photo.day,
              toPlainText(photo.filename),
              named_by === null ? '' : `by ${named_by}`,
            ]),
          ),
          `${answer.faces.length} of ${answer.total}`,
        ].join('\n'),
      )
    })
  people
    .command('name')
    .description('name a person; without a name, remove the name')
    .argument('<person>')
    .argument('[name]')
    .action((person: string, name?: string) =>
      act(async (api) => ({ do: 'name', person: await findPersonId(api, person), name: name ?? null })),
    )
  people
    .command('merge')
    .description('merge a person into another')
    .argument('<person>')
    .argument('<into>')
    .action((person: string, into: string) =>
      act(async (api) => ({ do: 'merge', person: await findPersonId(api, person), into: await findPersonId(api, into) })),
    )
  people
    .command('move')
    .description('move faces to a person; with --new, to a new person without a name')
    .argument('<faces>', 'face numbers')
    .option('--to <person>', 'number or name of a person; an unknown name creates one')
    .option('--new', 'a new person')
    .action((faces: string, { to }: { to?: string }) =>
      act(() => ({
        do: 'move',
        faces: splitList(faces).map(Number),
        to: to === undefined ? { new: true } : /^\d+$/.test(to) ? { person: Number(to) } : { name: to },
      })),
    )
  people
    .command('reject')
    .description('mark faces as not this person')
    .argument('<faces>')
    .argument('<person>')
    .action((faces: string, person: string) =>
      act(async (api) => ({ do: 'reject', faces: splitList(faces).map(Number), person: await findPersonId(api, person) })),
    )
  for (const [verb, hidden] of [
    ['hide', true],
    ['show', false],
  ] as const)
    people
      .command(verb)
      .description(hidden ? 'hide a person' : 'show a hidden person again')
      .argument('<person>')
      .action((person: string) => act(async (api) => ({ do: 'hide', person: await findPersonId(api, person), hidden })))
  people
    .command('cover')
    .description('choose the cover face of a person')
    .argument('<person>')
    .argument('<face>')
    .action((person: string, face: string) =>
      act(async (api) => ({ do: 'cover', person: await findPersonId(api, person), face: Number(face) })),
    )
  people
    .command('apart')
    .description('mark two people as different')
    .argument('<person>')
    .argument('<other>')
    .action((person: string, other: string) =>
      act(async (api) => ({ do: 'apart', person: await findPersonId(api, person), other: await findPersonId(api, other) })),
    )
  people
    .command('questions')
    .description('list questions (“Is this …?”), most useful first')
    .option('--limit <n>', 'questions', '20')
    .action(async ({ limit }: { limit: string }) => {
      const answer = await context.withApi((api) => api.call('listQuestions', { query: { limit } }))
      context.print(answer, () =>
        [
          formatTable(
            answer.questions.map(({ id, person, face, other }) => [
              `question ${id}`,
              face ? `face ${face.id} in photo ${face.photo.id}` : `person ${other?.id ?? '?'} (${countOf(other?.faces ?? 0, 'face')})`,
              `is this ${toPlainText(person.name ?? `person ${person.id}`)}?`,
            ]),
          ),
          `${answer.questions.length} of ${answer.total}`,
        ].join('\n'),
      )
    })
  people
    .command('answer')
    .description('answer a question: yes, no, or skip')
    .argument('<question>')
    .argument('<answer>')
    .action(async (id: string, answer: 'yes' | 'no' | 'skip') => {
      const report = await context.withApi((api) => api.call('answerQuestion', { params: { id }, body: { answer } }))
      context.print(report, () => renderAction(report))
    })
  people
    .command('undo')
    .description('undo an action')
    .argument('<edit>', 'edit number, as returned by the action')
    .action(async (id: string) => {
      const report = await context.withApi((api) => api.call('undoEdit', { params: { id } }))
      context.print(report, () => `${toPlainText(report.summary)}${renderConflicts(report.conflicts)}`)
    })
}

/** By number, or by name where only one is called so. */
async function findPersonId(api: Api, person: string): Promise<number> {
  if (/^\d+$/.test(person)) return Number(person)
  const isCalled = ({ name }: PersonReport) => name?.toLowerCase() === person.toLowerCase()
  const [only, ...more] = (await api.call('listPeople', { query: { limit: '5000' } })).people.filter(isCalled)
  if (!only) throw new ApiError(404, `nobody is called ${person}`, 'not_found')
  if (more.length > 0) throw new ApiError(422, `several people are called ${person}; say which by number`, 'invalid')
  return only.id
}

function renderPerson({ id, name, count, faces, is_hidden }: PersonReport): string[] {
  return [String(id), toPlainText(name ?? 'no name'), countOf(count, 'photo'), countOf(faces, 'face'), is_hidden ? 'hidden' : '']
}

function renderAction({ edit, person }: PeopleActionReport): string {
  if (edit === null) return 'nothing was changed'
  const whom = person === null ? '' : ` (person ${person})`
  return `${toPlainText(edit.summary)}${whom}${renderConflicts(edit.conflicts)}\ntake it back with: fototeca people undo ${edit.id}`
}

const renderConflicts = (conflicts: number): string =>
  conflicts === 0 ? '' : `; ${conflicts} left as they are, because somebody changed them since`

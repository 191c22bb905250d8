/** @file The handlers of `contract/routes/people.ts`; the compiler says which is missing. */
import type { PEOPLE_ROUTES } from '../../contract/routes/people.ts'
import type { HandlersOf } from '../handler.ts'
import { actOnPeople } from '../routes/people/act-on-people.ts'
import { answerQuestion } from '../routes/people/answer-question.ts'
import { clusterPeople } from '../routes/people/cluster-people.ts'
import { getFacePicture } from '../routes/people/get-face-picture.ts'
import { getPerson } from '../routes/people/get-person.ts'
import { listPeople } from '../routes/people/list-people.ts'
import { listPersonFaces } from '../routes/people/list-person-faces.ts'
import { listQuestions } from '../routes/people/list-questions.ts'

export const peopleHandlers = {
  listPeople,
  getPerson,
  listPersonFaces,
  actOnPeople,
  listQuestions,
  answerQuestion,
  clusterPeople,
  getFacePicture,
} satisfies HandlersOf<typeof PEOPLE_ROUTES>

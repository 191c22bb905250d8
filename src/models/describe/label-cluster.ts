/** @file `label_cluster`: one prompt over the captions of a group of pictures, answered by the language model alone. */
import type { ClusterWords } from '../../domain/description.ts'
import type { Chat } from '../ports/chat.ts'
import type { DescribeOptions } from '../ports/describer.ts'
import { CLUSTER_SCHEMA, ClusterAnswer } from './answer.ts'
import { type AskedForm, askForAnswer } from './ask-for-answer.ts'
import type { Spending } from './make-describer.ts'
import { normaliseClusterAnswer } from './normalise.ts'
import { askCluster, sayClusterTask } from './prompts.ts'

const CLUSTER_FORM: AskedForm<(typeof ClusterAnswer)['shape']> = {
  form: ClusterAnswer,
  schema: CLUSTER_SCHEMA,
  complain: (answer) => (normaliseClusterAnswer(answer) === null ? 'cluster_name: a name of 2 to 4 words is wanted' : null),
}

export async function labelCluster(
  chat: Chat,
  captions: readonly string[],
  { signal, maxTokens, language = 'english' }: DescribeOptions & { readonly maxTokens: number },
  spending: Spending,
): Promise<{ readonly label: ClusterWords | null; readonly problem: string | null }> {
  const asked = await askForAnswer(
    chat,
    [
      { role: 'system', text: sayClusterTask(language) },
      { role: 'user', text: askCluster(captions) },
    ],
    CLUSTER_FORM,
    { signal, nextKey: spending.nextKey, maxTokens, onSpent: spending.add },
  )
  const label = normaliseClusterAnswer(asked.answer ?? {})
  return { label, problem: asked.problem ?? (label === null ? 'the answer had no usable name' : null) }
}

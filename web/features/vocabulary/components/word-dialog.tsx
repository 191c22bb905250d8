/** @file Adds a word or changes one: how the model is asked, what it is a kind of, from which score it is said; remove, bring back. */
import { type FormEvent, useState } from 'react'
import type { VocabularyChange, WordReport } from '../../../../src/contract/vocabulary.ts'
import { callApi } from '../../../lib/api-client.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { useChangeWords } from '../api/vocabulary-queries.ts'
import { ThresholdField } from './threshold-field.tsx'

interface WordDialogProps {
  /** null: a new one */
  readonly word: WordReport | null
  /** what was looked for, likely the word that is missing */
  readonly suggestion: string
  readonly onClose: () => void
}

export function WordDialog({ word, suggestion, onClose }: WordDialogProps) {
  const [name, setName] = useState(word?.word ?? suggestion)
  const [prompt, setPrompt] = useState(word?.prompt ?? '')
  const [broader, setBroader] = useState(word?.own_broader.join(', ') ?? '')
  const isOwn = word !== null && word.threshold !== null && word.threshold !== word.measured
  const [threshold, setThreshold] = useState(isOwn ? word.threshold : null)
  const change = useChangeWords(onClose)
  const save = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(() => saveWord(word, { name: name.trim(), prompt: prompt.trim(), broader: splitTerms(broader), threshold }))
  }
  return (
    <Dialog title={word === null ? 'New word' : word.word} onClose={onClose}>
      {word?.is_said === false ? (
        <div className="flex flex-col items-start gap-4">
          <p className="text-sm text-muted">This word was removed: no photo is tagged with it by a model. What you or a file said stays.</p>
          <Button
            look="solid"
            disabled={change.isPending}
            onClick={() => change.mutate(() => callApi('addWord', { body: { word: word.word } }))}
          >
            Bring it back
          </Button>
        </div>
      ) : (
        <form onSubmit={save} className="flex flex-col gap-4">
          {word === null && (
            <Labelled label="Word, as it will stand on photos">
              <input required maxLength={100} value={name} onChange={(event) => setName(event.target.value)} className={FIELD} />
            </Labelled>
          )}
          {word?.is_known === false && (
            <Notice>The model does not know this word. Say below what it looks like, in words the model knows.</Notice>
          )}
          <Labelled label="What it looks like (without: the word itself)">
            <input
              maxLength={300}
              placeholder="a brown labrador with a red collar"
              value={prompt}
              onChange={(event) => setPrompt(event.target.value)}
              className={FIELD}
            />
          </Labelled>
          <Labelled label="A kind of, with commas between (without: as the dictionary says)">
            <input
              placeholder={word?.own_broader.length === 0 ? word.broader.join(', ') : 'dog'}
              value={broader}
              onChange={(event) => setBroader(event.target.value)}
              className={FIELD}
            />
          </Labelled>
          {word !== null && word.broader.length > 0 && (
            <p className="-mt-2 text-xs text-muted wrap-anywhere">Found also by {word.broader.join(', ')}.</p>
          )}
          <ThresholdField measured={word?.measured ?? null} value={threshold} onChange={setThreshold} />
          {change.error && <Notice tone="danger">{change.error.message}</Notice>}
          <div className="flex flex-wrap items-center justify-between gap-2">
            <Button look="solid" type="submit" disabled={change.isPending || name.trim() === ''}>
              Save
            </Button>
            {word !== null && (
              <Button
                look="plain"
                disabled={change.isPending}
                onClick={() => change.mutate(() => callApi('removeWord', { params: { word: word.word } }))}
                className="text-danger!"
              >
                Remove this word
              </Button>
            )}
          </div>
        </form>
      )}
    </Dialog>
  )
}

interface Entered {
  readonly name: string
  readonly prompt: string
  readonly broader: string[]
  readonly threshold: number | null
}

/** Only the threshold is changed by its own call, which also takes it back. */
async function saveWord(before: WordReport | null, { name, prompt, broader, threshold }: Entered): Promise<VocabularyChange> {
  const isSame = before !== null && prompt === (before.prompt ?? '') && broader.join() === before.own_broader.join()
  if (isSame) return callApi('setThreshold', { params: { word: before.word }, body: { threshold } })
  return callApi('addWord', {
    body: { word: name, broader, ...(prompt === '' ? {} : { prompt }), ...(threshold === null ? {} : { threshold }) },
  })
}

const splitTerms = (text: string): string[] =>
  text
    .split(',')
    .map((term) => term.trim())
    .filter((term) => term !== '')

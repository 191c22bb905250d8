/** @file The steps as a person reads them. */
import type { StepName } from '../../src/contract/words.ts'

export const STEP_LABELS: Record<StepName, string> = {
  prepare: 'Read the picture',
  metadata: 'Metadata',
  colours: 'Colours',
  look: 'Look',
  objects: 'Objects',
  labels: 'Labels',
  embedding: 'Meaning',
  ocr: 'Text',
  faces: 'Faces',
  hash: 'Fingerprint',
  duplicates: 'Duplicates',
  tags: 'Tags in words',
  description: 'Description',
  inspiration: 'Inspiration prompt',
}

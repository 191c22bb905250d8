/** @file The steps, once. A step that is missing here does not compile; a circle or an unknown need stops the start. */
import type { StepName } from '../contract/words.ts'
import { STEP_NAMES } from '../contract/words.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Step } from './step.ts'
import { colours } from './steps/colours/step.ts'
import { description } from './steps/description/step.ts'
import { createDuplicates, type DuplicatesOptions } from './steps/duplicates/step.ts'
import { embedding } from './steps/embedding/step.ts'
import { faces } from './steps/faces/step.ts'
import { hash } from './steps/hash/step.ts'
import { inspiration } from './steps/inspiration/step.ts'
import { labels } from './steps/labels/step.ts'
import { look } from './steps/look/step.ts'
import { metadata } from './steps/metadata/step.ts'
import { objects } from './steps/objects/step.ts'
import { ocr } from './steps/ocr/step.ts'
import { createPrepare } from './steps/prepare/step.ts'
import { tags } from './steps/tags/step.ts'

export type Steps = Readonly<Record<StepName, Step>>

export interface StepOptions {
  /** long side of thumbnails in pixels */
  readonly thumbnailSize: number
  /** used by `save` alone: the analysis process passes an empty one */
  readonly duplicates: DuplicatesOptions
}

export function createSteps({ thumbnailSize, duplicates }: StepOptions): Steps {
  return checkSteps({
    prepare: createPrepare({ thumbnailSize }),
    metadata,
    colours,
    look,
    objects,
    labels,
    embedding,
    ocr,
    faces,
    hash,
    duplicates: createDuplicates(duplicates),
    tags,
    description,
    inspiration,
  })
}

/** @throws FototecaError `internal` naming the step whose needs cannot be met in the order of the list */
function checkSteps(steps: Steps): Steps {
  for (const [position, name] of STEP_NAMES.entries()) {
    const step = steps[name]
    if (step.name !== name) throw new FototecaError('internal', `the step listed as ${name} calls itself ${step.name}`)
    for (const need of [...step.needs, ...step.after])
      if (!(STEP_NAMES.slice(0, position) as readonly StepName[]).includes(need))
        throw new FototecaError('internal', `step ${name} needs ${need}, which does not come before it`)
  }
  return steps
}

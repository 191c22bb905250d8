/** @file A category as it stands after a change. */
import type { CategoryCount } from '../../../contract/library.ts'
import { FototecaError } from '../../../domain/errors.ts'
import type { Visibility } from '../../../domain/visibility.ts'
import type { Services } from '../../services.ts'

export async function readCategory(services: Services, sees: Visibility, id: number): Promise<CategoryCount> {
  const category = (await services.library.categories(sees)).find((one) => one.id === id)
  if (!category) throw new FototecaError('not_found', `there is no category ${id}`)
  return category
}

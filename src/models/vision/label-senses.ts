/** @file A label list as a whole tells what its ambiguous words mean: COCO’s mouse is a device, ImageNet has a crane that flies and one that lifts. Pure. */

/** Where ImageNet-1k, in its usual order, has a class whose first name means something else too: that name, and one that does not. */
const IMAGENET: readonly (readonly [index: number, name: string, meant: string])[] = [
  [7, 'cock', 'rooster'],
  [21, 'kite', 'kite bird'],
  [134, 'crane', 'crane bird'],
  [242, 'boxer', 'boxer dog'],
  [264, 'cardigan', 'cardigan corgi'],
  [323, 'monarch', 'monarch butterfly'],
  [348, 'ram', 'ram sheep'],
  [517, 'crane', 'construction crane'],
  [673, 'mouse', 'computer mouse'],
]
/** Some lists begin with a class for “nothing”. */
const IMAGENET_LENGTHS = [1000, 1001]
/** Beside these a mouse is no animal; lists that have the animal name the device by two words. */
const DEVICES = ['keyboard', 'laptop']

/** @returns the list with words of one sense where the list tells which is meant; all others as they were */
export function nameSenses(labels: readonly string[]): string[] {
  const named = [...labels]
  const first = labels.map((label) => (label.split(',')[0] ?? '').trim().toLowerCase())
  const shift = labels.length - 1000
  const isImageNet =
    IMAGENET_LENGTHS.includes(labels.length) && IMAGENET.every(([index, name, meant]) => [name, meant].includes(first[index + shift] ?? ''))
  if (isImageNet) for (const [index, , meant] of IMAGENET) named[index + shift] = meant
  const mouse = first.indexOf('mouse')
  if (mouse >= 0 && DEVICES.every((device) => first.includes(device)) && !first.includes('computer mouse')) named[mouse] = 'computer mouse'
  return named
}

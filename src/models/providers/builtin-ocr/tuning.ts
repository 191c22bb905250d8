/**
 * @file Every threshold of the text reader, each with the measurement that chose it. “Receipts” is the word recall on the 20 scans of
 * `eval/ocr.ts`, everything else as below: .900 (most were measured with a linear shrink and unbounded batches; the present ones give the same). Below .003 is noise.
 * Tried without gain: cubic crops (-.002), crops padded to at least 160 or 320 px (-.003), stretched by 1.15 and 1.3 (-.014, -.022), a second
 * look at doubtful lines with crops stretched, squeezed, taller or shorter (-.003 to +.002 for a fifth more time).
 */

/** What counts as a piece of text on the detector's map. */
export interface BlobLimits {
  /** a pixel is text above this probability */
  readonly pixelThreshold: number
  readonly minBlobPixels: number
  /** shorter side of the rectangle around it, px */
  readonly minBlobSide: number
  /** mean probability of its pixels */
  readonly blobScore: number
}

export interface Tuning extends BlobLimits {
  /** The cheap pass: side in px, and its own idea of a piece of text. */
  readonly gate: BlobLimits & { readonly side: number }
  /** Where the cheap pass saw few places: what one of them must read as for the whole pass to follow. */
  readonly glimpse: { readonly maxRegions: number; readonly confidence: number; readonly characters: number }
  readonly detectSide: number
  /** Pages longer than `aspect` times their width go through the detector in tiles of this length, px, each reaching so far into the last. */
  readonly long: { readonly aspect: number; readonly tile: number; readonly overlap: number; readonly gateShortSide: number }
  readonly maxRegions: number
  readonly unclip: number
  readonly batch: number
  readonly batchWidth: number
  readonly flipWithPage: number
  readonly flipAgainstPage: number
  readonly space: number
  readonly spaceInNumber: number
  readonly spaceGap: number
  readonly wideGap: number
  readonly spaceInWideGap: number
  readonly lookalike: number
  /** a dictionary settles a word (`settle-words.ts`) where the other reading is so likely against what was read; in words under four letters */
  readonly settle: number
  readonly settleShort: number
  /** … on pages of which it knows this share of the words */
  readonly settleShare: number
  /** lines with an unknown word are read again below the first confidence, others below the second */
  readonly readAgain: readonly [number, number]
  /** lowest confidence of a line with one, two, and more characters */
  readonly confidence: readonly [number, number, number]
}

export const TUNING: Tuning = {
  // Of 18 photos in labelled- and classified-photos with readable text, the gate sees 15 at 480, 17 at 544, 17 at 576, 18 at 640; of 82
  // without, it lets 15, 20, 23, 28 through to the whole pass. Other thresholds changed at most one photo; at 320 a third of them is lost.
  gate: { side: 544, pixelThreshold: 0.3, minBlobPixels: 8, minBlobSide: 2, blobScore: 0.55 },
  // Of those 100 photos, 37 pass the gate: the 17 with text have a place that reads with .62 or more or many places, of the 20 without all but one
  // read as nothing, as one character, or with .45 at most. It costs 8 to 51 core-ms, and saves the whole pass, 35 to 283.
  glimpse: { maxRegions: 6, confidence: 0.5, characters: 2 },
  // never enlarged. Receipts: .888 at 832, .900 at 960, .892 at 1280; -.015 at 1600; enlarging small scans to 1280 or 1600: -.011, -.018
  detectSide: 960,
  // the gate sees a long page as finely as one of aspect 2.5: 544 px over it. In tiles, two receipts of 2.6 and 2.9 lose six of their 379 words.
  // Figures: npm run eval -- ocr
  long: { aspect: 3, tile: 960, overlap: 160, gateShortSide: 218 },
  pixelThreshold: 0.3,
  minBlobPixels: 12,
  minBlobSide: 3,
  blobScore: 0.55,
  // a bound against noise; the densest receipt has 120
  maxRegions: 600,
  // how far a blob grows to the size of its text. Receipts, against 1.6: -.014 at 1.4, -.004 at 1.5, -.005 at 1.7, -.008 at 1.8, -.015 at 2; less along the line: -.010
  unclip: 1.6,
  // lines per run of the recogniser, sorted by width
  batch: 6,
  // … and pixels of width in one run, padding included (a longer line runs alone). Over 12 MP pages, against no bound: the process peaks at
  // 484–510 instead of 531–566 MB and takes 1.8 instead of 2.0 core-s a page, receipts .900 against .898; at 1200 it peaks at 465 MB
  batchWidth: 2400,
  // the page votes: with it a weak sign is enough, against it only certainty. Receipts: .898 at .95, .900 at .997 (short words were turned)
  flipWithPage: 0.1,
  flipAgainstPage: 0.997,
  // probability of the space class between two Latin glyphs. Receipts, against .05: -.003 at .03, -.011 at .1, -.031 at .2; between letters only, -.003 at .02, -.008 at .1
  space: 0.05,
  // within 12.50 or 10:30 the class fires on the wide gap after the sign. Receipts, against .5: -.012 at .05, -.004 at .3, the same up to .99
  spaceInNumber: 0.5,
  // a gap this many times the line's median, plus one step, is a space too; no difference on receipts from 1.8 up
  spaceGap: 2.2,
  // … and one this many times the median, where the space class has this chance at least: “1 X”. Receipts, words as search cuts them: +.006
  wideGap: 1.6,
  spaceInWideGap: 0.001,
  lookalike: 0.03,
  // receipts, words as search cuts them, recall: +.009 at .2, +.011 at .1 and .03, +.012 at .05; short ones +.002 at .3 or .5, against leaving them
  settle: 0.05,
  settleShort: 0.5,
  // receipts have .46 to .78, most of their names Malay; short written samples: German .09 and .17, Dutch .19, Italian .20, French .23, Spanish .30
  settleShare: 0.4,
  // receipts: half as many lines again are read, +.006 recall and precision; +.004 at [.97, .8] for a third; every line with an unknown word, two thirds: +.006 and +.008
  readAgain: [0.99, 0.85],
  // receipts: recall the same from .4 to .6, precision .856 to .860; below .6 photos without text begin to “say” things
  confidence: [0.9, 0.75, 0.6],
}

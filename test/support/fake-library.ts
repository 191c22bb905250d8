/** @file What the fake library answers with: its days, cards and facts, made from real pictures. Knows nothing of HTTP. */
import type { z } from 'zod'
import { textMessage } from '../../src/contract/messages/message.ts'
import type { PhotoCard, PhotoDetail } from '../../src/contract/photo.ts'
import type { ROUTES, RouteName } from '../../src/contract/routes.ts'
import type { SearchQuery } from '../../src/contract/search.ts'
import { STEP_NAMES } from '../../src/contract/words.ts'
import { findBroader } from '../../src/lexicon/broader.ts'
import type { Picture } from './fake-pictures.ts'

export type Answer<N extends RouteName> = (typeof ROUTES)[N]['answer'] extends infer S extends z.ZodType ? z.output<S> : never

export interface FakeLibrary {
  readonly pictures: readonly Picture[]
  /** photo ids 1…count, newest first */
  readonly count: number
}

const CATEGORIES: Record<string, string[]> = {
  animals: ['dog', 'cat', 'horse', 'bird', 'sheep', 'zebra', 'elephant', 'bear', 'cow', 'giraffe'],
  people: ['person', 'face'],
  food: ['pizza', 'cake', 'bowl', 'sandwich', 'banana', 'cup', 'wine glass', 'dining table'],
  vehicles: ['car', 'bus', 'truck', 'train', 'bicycle', 'motorcycle', 'boat', 'airplane'],
  documents: ['receipt', 'text'],
  jewelry: ['earring', 'necklace', 'ring', 'bracelet', 'watch'],
  electronics: ['laptop', 'tv', 'cell phone', 'keyboard', 'mouse', 'remote'],
}
const NOTHING = { value: null, said_by: null, said_at: null, machine: null }
const PEOPLE = ['Ada Lovelace', 'Grace Hopper', 'Maximiliane von Hohenstein-Wittgenstein zu Berleburg']
export const pictureOf = (library: FakeLibrary, id: number): Picture => library.pictures[(id * 7919) % library.pictures.length] as Picture

/** Day of a photo: busy days and quiet ones, gaps, back to 2009; in a large library one day holds a tenth of all. */
function makeDays(count: number): { day: string; count: number }[] {
  const days: { day: string; count: number }[] = []
  let left = count
  let date = Date.UTC(2026, 10, 20)
  for (let step = 0; left > 0; step++) {
    const sizes = count > 5000 ? [40, 3, 1, 160, 12, 2, 75, 1, 300] : [6, 1, 2, 14, 1, 1, 3, 9, 1, 22]
    const size = Math.min(left, count > 5000 && step === 40 ? Math.floor(count / 10) : (sizes[step % sizes.length] ?? 1))
    days.push({ day: new Date(date).toISOString().slice(0, 10), count: size })
    left -= size
    date -= (1 + ((step * 5) % 17) * (count > 5000 ? 0.3 : 3)) * 86_400_000
  }
  return days
}

/** Everything the routes say of this library; `progress` begins to count when it is made. */
export function makeFakeFacts(library: FakeLibrary) {
  const days = makeDays(library.count)
  const starts = new Map<string, number>()
  let next = 1
  for (const { day, count } of days) {
    starts.set(day, next)
    next += count
  }
  const dayOf = (id: number) => days.findLast((each) => (starts.get(each.day) ?? 0) <= id)?.day ?? days[0]?.day ?? '2026-11-20'
  const card = (id: number): PhotoCard => {
    const picture = pictureOf(library, id)
    const state = id % 41 === 0 ? 'partial' : id % 67 === 0 ? 'failed' : 'completed'
    return {
      id,
      filename: id % 23 === 0 ? `Sommerurlaub an der Ostsee mit der ganzen Familie und Hund ${picture.filename}` : picture.filename,
      state,
      ...told(state === 'failed' ? 'The file is cut off: only 12 % of the picture is there.' : null),
      width: state === 'failed' ? null : picture.width,
      height: state === 'failed' ? null : picture.height,
      thumbhash: state === 'failed' ? null : picture.thumbhash,
      day: dayOf(id),
      taken_at: `${dayOf(id)}T12:00:00Z`,
      missing: id % 53 === 0,
    }
  }
  const started = Date.now()

  function search(asked: SearchQuery): Answer<'search'> {
    const words = asked.q.toLowerCase().split(/\s+/).filter(Boolean)
    const wanted = (asked.category ?? []).flatMap((name) => CATEGORIES[name] ?? [])
    const ids = Array.from({ length: Math.min(library.count, 3000) }, (_, index) => index + 1).filter((id) => {
      const picture = pictureOf(library, id)
      const text = [picture.filename, ...picture.tags, ...picture.lines.map((line) => line.text)].join(' ').toLowerCase()
      const day = dayOf(id)
      return (
        words.every((word) => text.includes(word)) &&
        (wanted.length === 0 || picture.tags.some((tag) => wanted.includes(tag))) &&
        (asked.has_text === undefined || asked.has_text === picture.lines.length > 0) &&
        (!asked.from || day >= asked.from) &&
        (!asked.to || day <= asked.to)
      )
    })
    const from = Number(asked.cursor ?? 0)
    const end = from + asked.limit
    return {
      query: asked.q,
      mode: asked.mode,
      ran: asked.like ? ['similar'] : words.length > 0 ? ['keyword'] : ['list'],
      space: null,
      notice:
        asked.mode !== 'keyword' && words.length > 0
          ? 'Search by meaning waits for its model (siglip2-base is not installed). Showing keyword hits.'
          : null,
      hits: ids.slice(from, end).map((id, index) => ({
        photo: card(id),
        score: 1 / (60 + index),
        why: asked.like
          ? [{ list: 'similar', rank: index + 1, cosine_distance: 0.02 * index, where: [], words: [], near: [], snippets: [] }]
          : words.length > 0
            ? [
                {
                  list: 'keyword',
                  rank: index + 1,
                  cosine_distance: null,
                  where: pictureOf(library, id).lines.length > 0 ? ['text'] : ['tag', 'filename'],
                  words,
                  near: [],
                  snippets: [],
                },
              ]
            : [],
      })),
      near: [],
      did_you_mean: null,
      cut_off: null,
      total: ids.length,
      next: end < ids.length ? String(end) : null,
      took_ms: 12,
    }
  }

  function describe(id: number): PhotoDetail {
    const picture = pictureOf(library, id)
    const failed = card(id).state === 'failed'
    const categories = (tag: string) => Object.entries(CATEGORIES).flatMap(([name, tags]) => (tags.includes(tag) ? [name] : []))
    return {
      ...card(id),
      sha256: 'ab'.repeat(32),
      bytes: 3_456_789,
      format: 'jpeg',
      created_at: '2026-11-20T10:00:00Z',
      processed_at: '2026-11-20T10:00:04Z',
      trashed_at: null,
      taken_local: `${dayOf(id)}T14:23:05`,
      taken_zone: '+02:00',
      files: [
        {
          source: '/home/ada/Pictures/Family archive 1998–2026',
          path: `2019/Sommer/${card(id).filename}`,
          missing_since: card(id).missing ? '2026-11-01T00:00:00Z' : null,
          problem: null,
        },
      ],
      metadata: failed
        ? null
        : {
            camera_make: 'FUJIFILM',
            camera_model: 'X-T5',
            lens: 'XF 16-55 mm F2.8 R LM WR',
            iso: 400,
            aperture: 2.8,
            exposure_s: 1 / 250,
            focal_mm: 23,
            latitude: 54.4321,
            longitude: 13.5678,
            altitude_m: 12,
            country: 'Germany',
            city: 'Sassnitz',
            city_source: 'geonames/2026',
            rating: id % 3 === 0 ? 4 : null,
            title: null,
            description: null,
            keywords: ['holiday'],
            orientation: 1,
            colour_profile: 'sRGB',
            software: null,
            sidecar: null,
          },
      colours: [
        { name: 'slate', hex: '#5b6b7a', share: 0.41 },
        { name: 'sand', hex: '#d9c7a3', share: 0.3 },
        { name: 'white', hex: '#f4f4f2', share: 0.19 },
        { name: 'brick', hex: '#9c4a34', share: 0.1 },
      ],
      version: 0,
      sayers: [
        { said_by: 'centernet', name: 'centernet', version: '1', prompt_version: null, said_at: '2026-11-20T10:00:04Z' },
        { said_by: 'pp-ocrv4', name: 'pp-ocrv4', version: '1', prompt_version: null, said_at: '2026-11-20T10:00:05Z' },
      ],
      title: NOTHING,
      caption: NOTHING,
      alt_text: NOTHING,
      rating: id % 3 === 0 ? { ...NOTHING, value: 4, said_by: 'file' } : NOTHING,
      favourite: { ...NOTHING, value: false },
      tags: picture.tags.map((tag, index) => ({
        tag,
        confidence: 0.95 - index * 0.07,
        said_by: 'centernet',
        because: null,
        said_at: '2026-11-20T10:00:04Z',
        categories: categories(tag),
        broader: findBroader(tag),
      })),
      removed_tags: [],
      albums: [],
      made_from: null,
      made_of_it: [],
      categories: Object.keys(CATEGORIES).flatMap((name, index) => {
        const because = picture.tags.filter((tag) => CATEGORIES[name]?.includes(tag))
        return because.length === 0 ? [] : [{ id: index + 1, name, because, said_by: 'tags' as const }]
      }),
      removed_categories: [],
      objects: failed ? [] : picture.objects,
      text:
        picture.lines.length === 0
          ? null
          : {
              text: picture.lines.map((line) => line.text).join('\n'),
              script: 'latin',
              language: 'en',
              language_score: 0.72,
              language_said_by: 'eld-2.1.0-small/1',
              rotation: 0,
              lines: picture.lines.map((line) => ({ ...line, confidence: 0.93, words: [], near: [], snippets: [] })),
              coverage: 0.04,
              words: 6,
              said_by: 'pp-ocrv4',
            },
      faces: picture.tags.includes('face')
        ? [
            {
              id,
              box: { x: 0.35, y: 0.15, width: 0.3, height: 0.4 },
              landmarks: [],
              confidence: 0.98,
              quality: 0.8,
              person: { id: (id % 3) + 1, name: PEOPLE[id % 3] ?? '' },
              named_by: 'cluster',
              animal: null,
              said_by: 'human',
            },
          ]
        : [],
      description: null,
      other_descriptions: [],
      inspiration: null,
      hash: null,
      duplicates:
        id % 2 === 0
          ? [{ photo: card(Math.max(1, id - 1)), kind: 'same-picture', hamming_distance: 4, cosine_distance: null, transform: 'none' }]
          : [],
      steps: STEP_NAMES.map((step, index) => ({
        step,
        state: failed
          ? index === 0
            ? 'failed'
            : 'due'
          : step === 'embedding'
            ? 'skipped'
            : step === 'faces' && id % 41 === 0
              ? 'failed'
              : 'done',
        ...told(
          step === 'embedding'
            ? 'no model for search by meaning is installed'
            : failed && index === 0
              ? 'The file is cut off: only 12 % of the picture is there.'
              : step === 'faces' && id % 41 === 0
                ? 'the face finder did not answer within 30 s'
                : null,
        ),
        version: 1,
        model: step === 'ocr' ? 'pp-ocrv4' : null,
        attempts: 1,
        duration_ms: 12 + index * 57,
        finished_at: null,
      })),
    }
  }

  /** Pretends to work for a while, so that the indicator can be seen. */
  function progress(): Answer<'getProgress'> {
    const done = Math.min(library.count, Math.floor(library.count * 0.6 + (Date.now() - started) / 400))
    const due = library.count - done
    return {
      photos: library.count,
      done,
      failed: Math.floor(library.count / 67),
      partial: Math.floor(library.count / 41),
      due,
      upgrade: { photos: 0, seconds: 0, paused: false },
      per_second: due > 0 ? 2.5 : null,
      seconds_left: due > 0 ? due / 2.5 : null,
      scanning: [],
      working_on: [],
      notices: [],
    }
  }

  function health(): Answer<'getHealth'> {
    return {
      status: 'ok',
      version: '0.1.0',
      database: 'pglite',
      index: { photos: library.count, with_text: 20, faces: 66, spaces: [] },
      models: [
        { capability: 'find-objects', model: 'CenterNet', licence: 'MIT', notice: null },
        { capability: 'read-text', model: 'PP-OCRv4', licence: 'Apache-2.0', notice: null },
        { capability: 'find-faces', model: 'BlazeFace + FaceRes', licence: 'MIT', notice: null },
        { capability: 'embed-image', model: null, licence: null, notice: 'Not installed: get it with `fototeca models pull`.' },
        { capability: 'embed-text', model: null, licence: null, notice: null },
      ],
      lanes: [{ lane: 'analyse', state: 'working', due: 12, reason: null }],
      search_memory: {
        answers: { asked: 40, kept: 13, hit_rate: 0.325 },
        filters: { asked: 12, kept: 9, hit_rate: 0.75 },
        words: { asked: 30, kept: 12, hit_rate: 0.4 },
        encoded: { asked: 0, kept: 0, hit_rate: null },
      },
      runs_on: { device: 'cpu', reason: 'DEVICE=cpu' },
      device: null,
      leaves: 'Nothing leaves this machine.',
      contacts: [],
      last_backup: null,
      notices: ['Search by meaning waits for its model: siglip2-base-patch16-256 is not installed.'],
    }
  }

  function failures(): Answer<'listFailures'> {
    return {
      photos: 120,
      files: 31,
      groups: [
        {
          step: 'ocr',
          model: 'builtin/pp-ocrv4@1',
          ...told('the step took longer than … s and was given up'),
          count: 120,
          of: 'photos',
          can_retry: true,
          examples: [1, 2, 3, 4, 5, 6].map(card),
        },
        {
          step: 'prepare',
          model: null,
          ...told('this JPEG file is cut off or damaged: its picture cannot be read'),
          count: 30,
          of: 'files',
          can_retry: true,
          examples: [67, 134].map(card),
        },
        {
          step: null,
          model: null,
          ...told(`${'Ein sehr langer Dateiname ohne Ende '.repeat(4)}.jpg holds text, not a picture`),
          count: 1,
          of: 'files',
          can_retry: false,
          examples: [card(201)],
        },
      ],
    }
  }

  function categories(): Answer<'listCategories'> {
    return {
      categories: Object.entries(CATEGORIES).map(([name, tags], index) => ({
        id: index + 1,
        name,
        description: '',
        tags,
        count: 12 + index * 31,
        is_updating: false,
      })),
    }
  }

  function people(): Answer<'listPeople'> {
    return {
      people: PEOPLE.map((name, index) => ({
        id: index + 1,
        name,
        count: 9 - index,
        faces: 9 - index,
        is_hidden: false,
        cover_face_id: null,
      })),
      total: PEOPLE.length,
    }
  }

  function sources(): Answer<'listSources'> {
    return {
      sources: [
        {
          id: 1,
          kind: 'folder',
          path: '/home/ada/Pictures/Family archive 1998–2026',
          photos: library.count,
          missing: 3,
          scanned_at: null,
          paused_at: null,
          follow_links: [],
          skipped_links: { count: 0, examples: [] },
          unconfirmed: null,
          notice: null,
          messages: [],
        },
      ],
    }
  }

  function models(): Answer<'listModels'> {
    return {
      models: [
        {
          name: 'siglip2-base-patch16-256',
          task: 'embedding',
          installed_bytes: null,
          terms: null,
          ms_per_picture: null,
          threads: null,
          pin: null,
          quality: null,
          capabilities: ['embed-image', 'embed-text'],
          width: 768,
          download_bytes: 412_000_000,
          licence: 'Apache-2.0',
          state: 'not installed',
          progress: null,
          measured_on: null,
          batch: null,
          note: null,
          notice: null,
        },
      ],
    }
  }

  return { days, starts, card, search, describe, progress, health, failures, categories, people, sources, models }
}

function told<T extends string | null>(reason: T) {
  return { reason, message: reason === null ? null : textMessage(reason) }
}

import { describe, expect, it } from 'vitest'
import { ANSWER_SCHEMA } from './answer.ts'
import { parseAnswer } from './parse-answer.ts'

const whole = {
  primary_category: 'animals',
  tags: ['dog', 'beach', 'sea', 'sand', 'sun'],
  description: 'A dog on a beach, with a "sign", {braces} and a comma,',
  alt_text: 'A dog on a beach',
  detected_objects: [{ name: 'dog', confidence: 0.9 }],
  scene_type: null,
  suggested_cluster_name: 'Beach dogs',
  inspiration_prompt: null,
}
const text = JSON.stringify(whole)

describe('parseAnswer', () => {
  it.each([
    ['as it is', text],
    ['in a fence', `\`\`\`json\n${text}\n\`\`\``],
    ['with prose around it', `Sure! Here is the JSON:\n${text}\nI hope {this} helps.`],
    ['with prose around it that has braces of its own', `The {fields} you {asked} for:\n${text}\nI hope {this} helps.`],
    ['in a fence, with prose and trailing commas', `Here it is:\n\`\`\`\n${text.replace(/}$/, ',}')}\n\`\`\`\nDone.`],
    ['with commas before brackets', text.replace('"sun"]', '"sun", ]').replace(/}$/, ' ,\n}')],
    ['with a line end inside a string', text.replace('A dog on a beach"', 'A dog\non a beach"').replace('A dog\n', 'A dog\n')],
    ['as a Python dictionary', text.replaceAll('\\"', '@').replaceAll('"', "'").replaceAll('@', '"').replaceAll('null', 'None')],
    ['as a Python dictionary in prose', `Here: ${text.replace(/"(tags|dog|sun)"/g, "'$1'").replace('null', 'None')} None of it's True.`],
    ['after thinking aloud', `<think>{"tags": 1} maybe?</think>${text}`],
    ['wrapped in the name of the schema', JSON.stringify({ picture_description: whole })],
    ['with fixed words written otherwise', text.replace('"animals"', '" Animal "').replace('null', '"None"')],
  ])('reads an answer %s', (_, said) => {
    const parsed = parseAnswer(said)
    expect(parsed.isWhole).toBe(true)
    if (parsed.isWhole) expect({ ...parsed.answer, alt_text: parsed.answer.alt_text.replace('\n', ' ') }).toEqual(whole)
  })

  it.each([
    ['prose', 'A dog runs along a beach.'],
    ['a cut-off object, which is not completed', text.slice(0, -40)],
    ['a cut-off Python dictionary', `{'tags': ['dog', 'it\\'s`],
    ['a list', `[${text}]`.replace(/^\[/, '[1,')],
    ['nothing', ''],
    ['brackets without end', '{['.repeat(100_000)],
  ])('has nothing of %s', (_, said) => {
    expect(parseAnswer(said)).toMatchObject({ isWhole: false, parts: null })
  })

  it('keeps what is right by itself, and names what is not', () => {
    const parsed = parseAnswer(
      JSON.stringify({
        ...whole,
        primary_category: 'dogs',
        tags: ['dog', 7, null, 'beach'],
        alt_text: 12,
        detected_objects: [
          { name: 'dog', confidence: 'high' },
          { name: 'sea', confidence: 0.4 },
        ],
        delete_photos: true,
      }),
    )
    expect(parsed).toMatchObject({ isWhole: false })
    if (parsed.isWhole) return
    expect(parsed.error).toMatch(/primary_category.*tags\.1.*alt_text.*detected_objects\.0\.confidence/)
    expect(parsed.parts).toEqual({
      tags: ['dog', 'beach'],
      description: whole.description,
      detected_objects: [{ name: 'sea', confidence: 0.4 }],
      suggested_cluster_name: 'Beach dogs',
    })
  })
})

it('sends a closed schema without length keywords, which servers take differently', () => {
  const schema = ANSWER_SCHEMA.schema as { required: string[]; properties: object; additionalProperties: boolean }
  expect(schema.additionalProperties).toBe(false)
  expect(schema.required).toEqual(Object.keys(schema.properties))
  expect(JSON.stringify(schema)).not.toMatch(/"(min|max|\$schema)/)
})

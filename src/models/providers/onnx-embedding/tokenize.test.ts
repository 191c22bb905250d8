import { describe, expect, it } from 'vitest'
import { cleanText, createTokenizer, type TextRules } from './tokenize.ts'

const RULES: TextRules = { clean: 'none', maxTokens: 8, padTo: null, padToken: null }
const special = (id: number, content: string) => ({
  id,
  content,
  special: true,
  normalized: false,
  lstrip: false,
  rstrip: false,
  single_word: false,
})

/** As CLIP's: merges inside words, `</w>` at their ends, start and end tokens around. */
const bpe = {
  added_tokens: [special(9, '<start>'), special(10, '<end>')],
  normalizer: {
    type: 'Sequence',
    normalizers: [{ type: 'NFC' }, { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' }, { type: 'Lowercase' }],
  },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'Split', pattern: { Regex: "'s|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" }, behavior: 'Removed', invert: true },
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
    ],
  },
  post_processor: { type: 'RobertaProcessing', sep: ['<end>', 10], cls: ['<start>', 9], trim_offsets: false, add_prefix_space: false },
  decoder: null,
  model: {
    type: 'BPE',
    unk_token: '<end>',
    end_of_word_suffix: '</w>',
    vocab: { c: 0, a: 1, t: 2, 't</w>': 3, ca: 4, 'cat</w>': 5, 's</w>': 6, 'a</w>': 7, '!</w>': 8, '<start>': 9, '<end>': 10 },
    merges: ['c a', 'ca t</w>'],
  },
}
/** As SigLIP's: pieces with scores, an end token. */
const unigram = {
  added_tokens: [special(0, '<pad>'), special(1, '</s>'), special(2, '<unk>')],
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } }],
    pair: [],
    special_tokens: { '</s>': { id: '</s>', ids: [1], tokens: ['</s>'] } },
  },
  decoder: null,
  model: {
    type: 'Unigram',
    unk_id: 2,
    vocab: [
      ['<pad>', 0],
      ['</s>', 0],
      ['<unk>', 0],
      ['▁', -3],
      ['▁dog', -1],
      ['s', -2],
      ['▁dogs', -4],
      ['d', -9],
      ['o', -9],
      ['g', -9],
    ],
  },
}
const wordPiece = {
  added_tokens: [special(0, '[PAD]'), special(1, '[UNK]'), special(2, '[CLS]'), special(3, '[SEP]')],
  normalizer: { type: 'BertNormalizer', lowercase: true, clean_text: true, handle_chinese_chars: true, strip_accents: null },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] },
  decoder: null,
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: { '[PAD]': 0, '[UNK]': 1, '[CLS]': 2, '[SEP]': 3, play: 4, '##ing': 5, dog: 6 },
  },
}

describe('tokenizers of the hub', () => {
  it('BPE: words, suffixes, start and end', () => {
    const tokenize = createTokenizer(bpe, {}, RULES)
    expect(tokenize('CAT  a!').ids).toEqual([9, 5, 7, 8, 10])
    expect(tokenize('cat').mask).toEqual([1, 1, 1])
  })

  it('Unigram: the likeliest split', () => {
    expect(createTokenizer(unigram, {}, RULES)('Dogs dog').ids).toEqual([4, 5, 4, 1])
  })

  it('WordPiece: continued words and unknown ones', () => {
    expect(createTokenizer(wordPiece, {}, RULES)('Playing dog xyz').ids).toEqual([2, 4, 5, 6, 1, 3])
  })

  it('cuts the text, never the end token', () => {
    const tokenize = createTokenizer(bpe, {}, { ...RULES, maxTokens: 5 })
    expect(tokenize('cat cat cat cat cat cat').ids).toEqual([9, 5, 5, 5, 10])
    expect(tokenize('').ids).toEqual([9, 10])
  })

  it('pads to a fixed length with the named token, and masks the padding', () => {
    const { ids, mask } = createTokenizer(unigram, {}, { ...RULES, padTo: 6, padToken: '<pad>' })('dog')
    expect(ids).toEqual([4, 1, 0, 0, 0, 0])
    expect(mask).toEqual([1, 1, 0, 0, 0, 0])
    expect(createTokenizer(unigram, {}, { ...RULES, padTo: 4, padToken: '</s>' })('dog').ids).toEqual([4, 1, 1, 1])
  })

  it('follows add_bos_token and add_eos_token where the file was saved without them', () => {
    const bare = { ...unigram, post_processor: null }
    expect(createTokenizer(bare, { add_eos_token: true, eos_token: { content: '</s>' } }, RULES)('dog').ids).toEqual([4, 1])
    expect(createTokenizer(bpe, { add_bos_token: false, bos_token: '<start>' }, RULES)('cat').ids).toEqual([5, 10])
  })

  it('cleans as OpenCLIP does for SigLIP', () => {
    expect(cleanText('  The_Red,  "Car"!\n(new) ', 'canonicalize')).toBe('the red car new')
    expect(cleanText('Über GROSS!', 'lower')).toBe('über gross!')
  })
})

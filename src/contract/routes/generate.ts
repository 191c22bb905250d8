/** @file Product pictures made from a photo. */
import { z } from 'zod'
import { GeneratedImagesD, GenerateImagesD } from '../described-products.ts'
import { GeneratedImage, Generation, GenerationBudget, GenerationOptions, GenerationRequest, InspirationRequest } from '../generate.ts'
import { byId, type Route, signed, version } from './route.ts'

export const GENERATE_ROUTES = {
  getGenerationOptions: { method: 'GET', path: '/api/products/generations/options', tag: 'products', access: 'member', summary: 'Which pictures can be made, by what, and what leaves this machine', answer: GenerationOptions },
  listGenerations: { method: 'GET', path: '/api/products/generations', tag: 'products', access: 'member', summary: 'Runs, newest first', query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) }), answer: z.object({ generations: z.array(Generation) }) },
  startGeneration: { method: 'POST', path: '/api/products/generations', tag: 'products', access: 'member', summary: 'Make pictures of products', body: GenerationRequest, answer: Generation },
  startInspiration: { method: 'POST', path: '/api/products/generations/inspire', tag: 'products', access: 'member', summary: 'Make a new picture inspired by a photo, or from words alone', body: InspirationRequest, answer: Generation },
  getGeneration: { method: 'GET', path: '/api/products/generations/:id', tag: 'products', access: 'member', summary: 'A run with its images', params: byId, answer: Generation },
  cancelGeneration: { method: 'POST', path: '/api/products/generations/:id/cancel', tag: 'products', access: 'member', summary: 'Make no more of its images; what is made stays', params: byId, answer: Generation },
  resumeGeneration: { method: 'POST', path: '/api/products/generations/:id/resume', tag: 'products', access: 'member', summary: 'Go on with a run whose budget was spent, with another budget', params: byId, body: z.object({ budget: GenerationBudget }), answer: Generation },
  getGenerationZip: { method: 'GET', path: '/api/products/generations/:id/zip', tag: 'products', access: 'member', link: true, cache: 'checked', summary: 'Its pictures as one ZIP, written while it is sent', limit: 'export', params: byId, query: signed, answer: 'zip' },
  getGenerated: { method: 'GET', path: '/api/products/generations/images/:id/picture', tag: 'products', access: 'member', link: true, cache: 'checked', summary: 'A made picture, also one that is held', params: byId, query: version.extend(signed.shape), answer: 'picture' },
  redoGenerated: { method: 'POST', path: '/api/products/generations/images/:id/redo', tag: 'products', access: 'member', summary: 'Make it again, with another seed', params: byId, answer: GeneratedImage },
  reviewGenerated: { method: 'POST', path: '/api/products/generations/images/:id/review', tag: 'products', access: 'member', summary: 'Approve or reject it', params: byId, body: z.object({ verdict: z.enum(['approved', 'rejected']) }), answer: GeneratedImage },
  generateImagesD: { method: 'POST', path: '/generate-images', tag: 'described systems', access: 'member', lenient: true, summary: 'System D: pictures of a product, answered when all are made', limit: 'generate', body: GenerateImagesD, answer: GeneratedImagesD },
} as const satisfies Record<string, Route> // biome-ignore format: a table

/** @file What a handler gets and gives, typed by its entry in the contract. */
import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { ROUTES, RouteName } from '../contract/routes.ts'
import type { Actor } from '../domain/actor.ts'
import type { Log } from '../domain/log.ts'
import type { Services } from './services.ts'

type Part<N extends RouteName, K extends string> = (typeof ROUTES)[N] extends { readonly [P in K]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined

/** One picture of a multipart request. Must be read to its end or destroyed before the next one comes. */
export interface UploadedFile {
  readonly filename: string
  readonly stream: Readable
}

export interface Call<N extends RouteName> {
  /** who asks */
  readonly actor: Actor
  readonly params: Part<N, 'params'>
  readonly query: Part<N, 'query'>
  readonly body: Part<N, 'body'>
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** The costly part is done: what is left only waits, and others of the row’s limit class may go on. */
  readonly leavePlace: () => void
  readonly services: Services
  readonly log: Log
  /** text fields of a multipart request; whole once its pictures were read */
  readonly fields: Readonly<Record<string, string>>
  /** the pictures of a multipart request; empty for other routes */
  readonly files: AsyncIterable<UploadedFile>
}

/** Bytes, and JSON that clients may keep, are sent by the handler itself, which then answers with the reply. */
export type Answer<N extends RouteName> = (typeof ROUTES)[N] extends { readonly answer: infer S extends z.ZodType; readonly cache?: never }
  ? z.output<S>
  : FastifyReply

export type Handler<N extends RouteName> = (call: Call<N>) => Promise<Answer<N>>
export type Handlers = { readonly [N in RouteName]: Handler<N> }
/** Of one part of the table. */
export type HandlersOf<T> = { readonly [N in keyof T & RouteName]: Handler<N> }

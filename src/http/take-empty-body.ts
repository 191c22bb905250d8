/** @file A request without a body, where every field of the body may be left out, is one with an empty object. */
import type { Route } from '../contract/routes/route.ts'

/** Whether the route may be asked without a body. */
export const mayBeEmpty = ({ method, body }: Route): boolean => method === 'POST' && body?.safeParse({}).success === true

/** Before validation. A body of `null` is no body left out: it is refused as any other wrong one. */
export function takeEmptyBody(request: { body: unknown }, route: Route | undefined): void {
  if (request.body === undefined && route?.body && mayBeEmpty(route)) request.body = {}
}

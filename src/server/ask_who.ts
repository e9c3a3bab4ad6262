import type { MiddlewareHandler } from "hono";
import { challengeOf, type Guard } from "../guard/guard.ts";
import type { Known } from "./face.ts";
import { showingOf } from "./showing.ts";

type Step = MiddlewareHandler<{ Variables: Known }>;

/**
 * Finds out who asks, before a body is read. What is answered to one caller must not be kept for another (RFC 9111 §3.5:
 * caches know of Authorization, not of other headers).
 */
export function askWho(guard: Guard): Step {
  return async (context, next) => {
    const identity = await guard.identify(showingOf(context.req.raw));
    context.set("identity", identity);
    await next();
    if (guard.headers.length === 0 || context.res.status === 101) return;
    const { headers } = context.res;
    const kept = headers.get("cache-control");
    for (const name of guard.headers) headers.append("vary", name);
    if (kept === null) headers.set("cache-control", "no-store");
    else if (!identity.caller.anonymous && !/no-store|private/.test(kept)) {
      headers.set("cache-control", `private, ${kept}`);
    }
  };
}

/** Everything behind it is for callers that the guard admits. */
export function refuseNobody(guard: Guard): Step {
  return async ({ req, var: { identity } }, next) => {
    guard.admit(identity, new URL(req.url).pathname);
    await next();
  };
}

/** RFC 9110 §15.5.2: a 401 says how to prove who one is. */
export function withChallenge(response: Response, thrown?: unknown): Response {
  if (response.status === 401 && !response.headers.has("www-authenticate")) {
    response.headers.set("www-authenticate", challengeOf(thrown));
  }
  return response;
}

import { restHandler } from "../a2a/bindings/rest.ts";
import { methodNotAllowed, type RestRoute, restRoute } from "../a2a/bindings/rest_route.ts";
import { A2AError } from "../a2a/errors.ts";
import { type Asked, type FindDeps, finder } from "./find_target.ts";
import { sessionHandler, sessionPath, type Sessions } from "./sessions.ts";

export interface RestFallbackDeps extends FindDeps {
  readonly sessions: Sessions;
}

export interface OtherRoutes {
  /** The methods that other routes take at a path. */
  readonly methodsAt: (pathname: string) => readonly string[];
}

/**
 * Answers what no other route took: the REST paths of A2A, and sessions. Throws METHOD_NOT_ALLOWED where another method
 * is taken, METHOD_NOT_FOUND for all else.
 */
export function createRestFallback(deps: RestFallbackDeps & OtherRoutes): (asked: Asked) => Promise<Response> {
  const rest = restHandler(deps.bindings);
  const answerSession = sessionHandler({ ...deps, rest, find: (asked, agent) => finder(asked, agent, deps) });
  return async (asked) => {
    const { request } = asked;
    const { pathname } = new URL(request.url);
    const path = sessionPath(pathname);
    if (path !== undefined) return await answerSession({ ...asked, path });
    const found = locate(request.method, pathname);
    if (found === undefined) {
      const allowed = deps.methodsAt(pathname);
      if (allowed.length > 0) throw methodNotAllowed(request.method, allowed);
      const asked = `${request.method} ${pathname.slice(0, 200)}`;
      throw new A2AError("METHOD_NOT_FOUND", `Cannot ${asked}: there is no such route`);
    }
    return await rest(request, found.route, finder(asked, found.agent, deps));
  };
}

interface Located {
  readonly agent: string | undefined;
  readonly route: RestRoute;
}

/** `/v1/agents/{a}/…` and `/agents/{a}/…` first, then the unscoped forms `/v1/…` and `/…`, at last the tenant form `/{a}/…`. */
const SCOPED = /^(?:\/v1)?\/agents\/([^/]+)(\/.+)$/;

/** Throws A2AError for a method that the path does not take, and for a broken escape. */
export function locate(method: string, pathname: string): Located | undefined {
  const scoped = SCOPED.exec(pathname);
  if (scoped !== null) return withAgent(scoped[1], restRoute(method, scoped[2] ?? ""));
  const unscoped = restRoute(method, pathname);
  if (unscoped !== undefined) return { agent: undefined, route: unscoped };
  const tenant = /^\/([^/]+)(\/.+)$/.exec(pathname);
  return tenant === null ? undefined : withAgent(tenant[1], restRoute(method, tenant[2] ?? ""));
}

function withAgent(name: string | undefined, route: RestRoute | undefined): Located | undefined {
  if (route === undefined || name === undefined) return undefined;
  try {
    return { agent: decodeURIComponent(name), route };
  } catch (cause) {
    throw new A2AError("INVALID_REQUEST", "Cannot decode the path: it holds a broken percent escape", { cause });
  }
}

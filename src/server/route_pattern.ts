import { locate } from "./rest_fallback.ts";
import { sessionPath } from "./sessions.ts";

/** Parts of a path that name one thing of many, and what stands for them. The first is that of the tenant form. */
const VARIABLE_PARTS: readonly (readonly [part: RegExp, pattern: string])[] = [
  [/^\/(?!(?:v1|agents|message:\w+|message|tasks|sessions|card|extendedAgentCard)(?:\/|$))[^/]+/, "/:agent"],
  [/^(\/v1)?\/agents\/[^/]+/, "$1/agents/:agent"],
  [/\/tasks\/[^/]+?(?=(?::(?:cancel|subscribe|resubscribe))?(?:\/|$))/, "/tasks/:id"],
  [/\/pushNotificationConfigs\/[^/]+/, "/pushNotificationConfigs/:id"],
  [/\/sessions\/[^/:]+/, "/sessions/:session"],
  [/\/+$/, ""],
];

/**
 * The path of a REST request as a pattern, `/agents/:agent/tasks/:id`; undefined where there is no such route. There are
 * few of them, whatever strangers ask for.
 */
export function restPattern(method: string, pathname: string): string | undefined {
  try {
    if (sessionPath(pathname) === undefined && locate(method, pathname) === undefined) return undefined;
  } catch {
    // A path of ours, and a method that it does not take: its refusal has been answered.
    return undefined;
  }
  return VARIABLE_PARTS.reduce((path, [part, pattern]) => path.replace(part, pattern), pathname);
}

import { fnv1a } from "../lib/fnv1a.ts";
import type { ModelRequest } from "./model.ts";

/**
 * The same for all requests that begin alike (instructions and tools): a provider sends them to the machine that has the
 * beginning in its cache.
 */
export function cacheKey({ system = "", tools }: Pick<ModelRequest, "system" | "tools">): string {
  return `prefix-${fnv1a(JSON.stringify([system, tools]))}`;
}

import { isRecord } from "../lib/json.ts";
import { Secret } from "../lib/secret.ts";
import type { Config } from "./config.ts";
import { identityOf } from "./revision.ts";
import { join } from "./tree.ts";

/** One part of a configuration that is not what it was; `undefined` where it is not there. Secrets are not in it. */
export interface Difference {
  /** In the newest spelling: `agents.a.llm`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What differs between two configurations, down to single values. Equal ones have none. */
export function diffConfigs(before: Config, after: Config): readonly Difference[] {
  return [...differences(before, after, "")];
}

function* differences(before: unknown, after: unknown, path: string): Iterable<Difference> {
  const [one, other] = [membersOf(before), membersOf(after)];
  if (one !== undefined && other !== undefined) {
    for (const key of new Set([...one.keys(), ...other.keys()])) {
      yield* differences(one.get(key), other.get(key), join(path, key));
    }
    // The order of agents has a meaning: the first that is not private answers.
    const isMoved = before instanceof Map && isReordered([...one.keys()], [...other.keys()]);
    if (isMoved) yield { path: `${path} (order)`, before: [...one.keys()], after: [...other.keys()] };
  } else if (identityOf(before) !== identityOf(after)) {
    yield { path, before: redacted(before), after: redacted(after) };
  }
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (value instanceof Map) return value;
  if (!isRecord(value) || value instanceof Secret) return undefined;
  return new Map(Object.entries(value).filter(([, member]) => member !== undefined));
}

function isReordered(before: readonly string[], after: readonly string[]): boolean {
  const common = before.filter((key) => after.includes(key));
  const now = after.filter((key) => common.includes(key));
  return common.some((key, at) => key !== now[at]);
}

/** Values as they may be shown; what is not there stays undefined. */
function redacted(value: unknown): unknown {
  return value === undefined
    ? undefined
    : JSON.parse(JSON.stringify(value, (_, part) => part instanceof Map ? Object.fromEntries(part) : part));
}

/** The keys of the server section that need no listener, store or secret to be opened anew. */
const LIVE = /^server\.(default_agent|card_signing|transport)(\.|$)/;

/** What only a new process can do: its listeners, its store and its callers' credentials are opened once. */
export function needsRestart(path: string): boolean {
  return /^server(\.|$)/.test(path) && !LIVE.test(path);
}

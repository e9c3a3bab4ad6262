import { z } from "zod";
import { isRecord } from "../lib/json.ts";
import { didYouMean } from "../lib/suggest.ts";
import { check } from "./check.ts";
import type { PluginOptions } from "./config.ts";
import { describeValue, oneOf } from "./describe_issue.ts";
import { keysAt } from "./keys_at.ts";
import { missingPart } from "./missing_part.ts";
import type { Configurable } from "./plugin_tables.ts";
import { type Finding, join, type Place, quote, type Table } from "./tree.ts";

/** A part of the file that names a plugin with one key and holds the plugin's options beside it. */
export interface PluginSection {
  readonly table: ReadonlyMap<string, Configurable>;
  /** The key that names the plugin. */
  readonly key: string;
  /** What is not the plugin's: the keys that every such part may have. */
  readonly common: z.ZodObject;
  /** The plugin of a part that names none. */
  readonly fallback: string | undefined;
}

export interface Plugged {
  readonly plugin: string;
  readonly options: PluginOptions;
}

/** Finds the plugin that a part of the file names and checks its options; undefined after adding to `findings`. */
export function pluggedIn(section: PluginSection, place: Place, findings: Finding[]): Plugged | undefined {
  const { table, key, common, fallback } = section;
  const whole = asTable(place);
  // Whether it may be something else than a mapping is for the part's own schema to say.
  if (whole === undefined) return undefined;
  const named = whole.entries.get(key)?.value;
  if (named !== undefined && (named.kind !== "scalar" || typeof named.value !== "string" || named.reported)) {
    return undefined;
  }
  const plugin = named === undefined ? fallback : String(named.value);
  const found = plugin === undefined ? undefined : table.get(plugin);
  if (plugin === undefined || found === undefined) {
    const { offset, was } = whole.entries.get(key) ?? { offset: place.offset, was: undefined };
    const guess = plugin === undefined || named?.variables ? "" : didYouMean(plugin, table.keys());
    const shown = named === undefined && plugin !== undefined
      ? `nothing, and ${quote(plugin)} is none`
      : describeValue(named, [key]);
    const missing = named === undefined || named.variables
      ? undefined
      : missingPart([...place.keys ?? [], key], plugin);
    const message = missing ?? `found ${shown}, expected ${oneOf([...table.keys()].map(quote))}${guess}`;
    findings.push({ offset: named === undefined ? offset : named.offset, path: was ?? join(place.path, key), message });
    return undefined;
  }
  const otherKeys = Object.keys(common.shape);
  // A plugin may want to know a common option too (but not its own name).
  const own = keysAt(found.options(), []).filter((name) => name !== key);
  const isOptions = ([name]: readonly [string, unknown]) => !otherKeys.includes(name) || own.includes(name);
  const rest = { ...whole, entries: new Map([...whole.entries].filter(isOptions)) };
  const options = check(strict(found.options()), { ...place, tree: rest, otherKeys }, findings);
  return isRecord(options) ? { plugin, options } : undefined;
}

/** The plugin of a part that names none: the first of the table. */
export function defaultOf(table: ReadonlyMap<string, Configurable>): string {
  const [first] = table.keys();
  if (first === undefined) throw new RangeError("Cannot choose a default plugin: the table is empty");
  return first;
}

/** Absent and empty parts are empty mappings. */
function asTable({ tree, offset }: Place): Table | undefined {
  const isEmpty = tree === undefined || (tree.kind === "scalar" && tree.value === null);
  if (isEmpty) return { kind: "table", offset, entries: new Map() };
  return tree.kind === "table" ? tree : undefined;
}

/** An object that silently drops what it does not know would ignore a user's typing error. */
function strict(options: z.ZodType): z.ZodType {
  return options instanceof z.ZodObject && options.def.catchall === undefined ? options.strict() : options;
}

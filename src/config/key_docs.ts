import { type PluginPlace, pluginPlaces } from "./plugin_places.ts";
import type { PluginTables } from "./plugin_tables.ts";
import { ConfigFile } from "./schema.ts";
import { type JsonSchema, sectionSchema } from "./section_schema.ts";

/** A key of the file, told for people. */
export interface KeyDoc {
  /** `agents.<id>.llm` */
  readonly path: string;
  /** The last step of the path. */
  readonly name: string;
  /** `text`, `a whole number`, `a list of texts` … */
  readonly type: string;
  readonly required: boolean;
  readonly default?: unknown;
  /** Which values there are, where not every one of the type is one. */
  readonly allowed?: string;
  readonly description: string;
  readonly children: readonly KeyDoc[];
  /** The plugins that this part may name. */
  readonly plugins?: {
    readonly key: string;
    readonly unnamed: PluginPlace["unnamed"];
    readonly options: readonly { readonly name: string; readonly children: readonly KeyDoc[] }[];
  };
}

/** The whole file; its children are the sections. */
export function keyDocs(tables: PluginTables): KeyDoc {
  const places = new Map(pluginPlaces(tables).map((place) => [place.path.join("."), place]));
  return docOf(sectionSchema(ConfigFile), { names: [], keys: [], places, required: true });
}

interface Spot {
  /** For people: `<name>` where any name may stand. */
  readonly names: readonly string[];
  /** The same with `*` for any name. */
  readonly keys: readonly string[];
  readonly places: ReadonlyMap<string, PluginPlace>;
  readonly required: boolean;
}

function docOf(schema: JsonSchema, spot: Spot): KeyDoc {
  const place = spot.places.get(spot.keys.join("."));
  const allowed = allowedIn(schema);
  const { names, required } = spot;
  return {
    path: names.join(".").replaceAll(".[]", "[]"),
    name: names.at(-1) ?? "",
    type: typeOf(schema),
    required,
    ...("default" in schema ? { default: schema.default } : {}),
    ...(allowed === undefined ? {} : { allowed }),
    description: schema.description ?? "",
    children: [...childrenOf(schema, spot)],
    ...(place === undefined ? {} : { plugins: pluginsOf(place, spot) }),
  };
}

function* childrenOf(schema: JsonSchema, spot: Spot): Iterable<KeyDoc> {
  const required = new Set(schema.required);
  for (const [key, part] of Object.entries(schema.properties ?? {})) {
    if (isSchema(part)) yield docOf(part, into(spot, key, { key, required: required.has(key) }));
  }
  for (const part of schema.anyOf ?? []) if (isSchema(part)) yield* childrenOf(part, spot);
  const { additionalProperties: named, items } = schema;
  if (isSchema(named) && (hasKeys(named) || spot.places.has([...spot.keys, "*"].join(".")))) {
    yield docOf(named, into(spot, `<${NAMES.get(spot.keys.join(".")) ?? "name"}>`, { key: "*", required: false }));
  }
  if (isSchema(items) && hasKeys(items)) {
    yield docOf(items, into(spot, "[]", { key: "[]", required: false }));
  }
}

function hasKeys({ properties, anyOf }: JsonSchema): boolean {
  return properties !== undefined || (anyOf ?? []).some((part) => isSchema(part) && hasKeys(part));
}

const NAMES: ReadonlyMap<string, string> = new Map([["agents", "id"]]);

function into(spot: Spot, name: string, { key, required }: { readonly key: string; readonly required: boolean }): Spot {
  return { ...spot, names: [...spot.names, name], keys: [...spot.keys, key], required };
}

function pluginsOf({ key, unnamed, table, common }: PluginPlace, spot: Spot): NonNullable<KeyDoc["plugins"]> {
  const options = [...table].map(([name, plugin]) => ({
    name,
    children: [...childrenOf(sectionSchema(plugin.options()), spot)]
      .filter(({ name }) => !Object.hasOwn(common.shape, name)),
  }));
  return { key, unnamed, options };
}

function isSchema(part: unknown): part is JsonSchema {
  return typeof part === "object" && part !== null;
}

/** Without what stands there for variables and empty sections. */
function writtenTypes({ type }: JsonSchema): readonly string[] {
  const types = Array.isArray(type) ? type : type === undefined ? [] : [type];
  const [first, second] = types;
  return second === "null" || (second === "string" && first !== undefined) ? types.slice(0, 1) : types;
}

function typeOf(schema: JsonSchema): string {
  if (wordsIn(schema) !== undefined || "const" in schema) return "a word";
  if (schema.anyOf !== undefined) {
    const types = schema.anyOf.flatMap((part) => isSchema(part) ? [typeOf(part)] : []);
    return [...new Set(types)].join(" or ") || "anything";
  }
  const [type] = writtenTypes(schema);
  if (type === "array") {
    return isSchema(schema.items) ? `a list of ${PLURALS.get(typeOf(schema.items)) ?? "values"}` : "a list";
  }
  if (type === "object" && schema.properties === undefined) return "a mapping of names";
  return TYPES.get(type ?? "") ?? "anything";
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ["string", "text"],
  ["integer", "a whole number"],
  ["number", "a number"],
  ["boolean", "true or false"],
  ["object", "a mapping"],
  ["null", "nothing"],
]);
const PLURALS: ReadonlyMap<string, string> = new Map([
  ["text", "texts"],
  ["a word", "words"],
  ["a whole number", "whole numbers"],
  ["a number", "numbers"],
  ["a mapping", "mappings"],
]);

function wordsIn({ enum: words, anyOf, const: only }: JsonSchema): readonly unknown[] | undefined {
  if (only !== undefined) return [only];
  if (words !== undefined) return words;
  const [first] = anyOf ?? [];
  return isSchema(first) && first.enum !== undefined && anyOf?.length === 2 ? first.enum : undefined;
}

function allowedIn(schema: JsonSchema): string | undefined {
  const words = wordsIn(schema);
  if (words !== undefined) return words.join(", ");
  const { minimum, maximum, exclusiveMinimum } = schema;
  const isBounded = maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER;
  const isFloored = minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER;
  if (isFloored && isBounded) return `${minimum} to ${maximum}`;
  const floor = exclusiveMinimum !== undefined
    ? `more than ${exclusiveMinimum}`
    : isFloored
    ? `at least ${minimum}`
    : "";
  const bounds = [floor, isBounded ? `at most ${maximum}` : ""].filter((bound) => bound !== "").join(", ");
  return bounds === "" ? undefined : bounds;
}

import { type PluginPlace, pluginPlaces } from "./plugin_places.ts";
import type { PluginTables } from "./plugin_tables.ts";
import { ConfigFile } from "./schema.ts";
import { type JsonSchema, sectionSchema, VARIABLE } from "./section_schema.ts";

/**
 * JSON Schema (draft 7, which editors know) of a configuration file in its newest spelling. A part that names a plugin
 * has that plugin's options, by if and then, so that an editor offers and refuses just these. Numbers, booleans and words
 * may also be a variable.
 */
export function configJsonSchema(tables: PluginTables): JsonSchema {
  const definitions: Record<string, JsonSchema> = {};
  const root = pluginPlaces(tables).reduce<JsonSchema>((schema, place) => {
    const part = partSchema(place, definitions);
    const completed = replaceAt(schema, place.path, (loose) => ({ ...headOf(loose), ...part() }));
    if (place.unnamed !== "called") return completed;
    const properties = Object.fromEntries([...place.table.keys()].map((name) => [name, part(name)]));
    return replaceAt(completed, place.path.slice(0, -1), (names) => ({ ...names, properties }));
  }, sectionSchema(ConfigFile));
  const $schema = "http://json-schema.org/draft-07/schema#";
  return { $schema, ...root, ...(Object.keys(definitions).length === 0 ? {} : { definitions }) };
}

/** The schema with another one at a path, in which `*` is any name. */
function replaceAt(
  schema: JsonSchema,
  [step, ...rest]: readonly string[],
  replace: (part: JsonSchema) => JsonSchema,
): JsonSchema {
  if (step === undefined) return replace(schema);
  const inner = step === "*" ? schema.additionalProperties : schema.properties?.[step];
  if (typeof inner !== "object") throw new RangeError(`Cannot complete the schema: it has no "${step}"`);
  const replaced = replaceAt(inner, rest, replace);
  if (step === "*") return { ...schema, additionalProperties: replaced };
  return { ...schema, properties: { ...schema.properties, [step]: replaced } };
}

function headOf({ type, description }: JsonSchema): JsonSchema {
  return { ...(type === undefined ? {} : { type }), ...(description === undefined ? {} : { description }) };
}

/** The schema of a part that names a plugin; `called`: the plugin of a part that is called after one and names none. */
function partSchema(
  { path, key, common, table, unnamed }: PluginPlace,
  definitions: Record<string, JsonSchema>,
): (called?: string) => JsonSchema {
  const shared = sectionSchema(common).properties ?? {};
  const section = path.filter((step) => step !== "*").join(".");
  const options = new Map([...table].map(([name, plugin]) => {
    const id = `${section}.${name}`;
    const own = hoisted(sectionSchema(plugin.options()), id, definitions);
    definitions[id] = closed(own, shared);
    return [name, own] as const;
  }));
  const of = (name: string): JsonSchema => ({ $ref: `#/definitions/${section}.${name}` });
  const names = [...table.keys()];
  const naming: JsonSchema = { anyOf: [{ type: "string", enum: names }, { type: "string", pattern: VARIABLE }] };
  const any: JsonSchema = unnamed === "inferred" ? closed(either([...options.values()]), shared) : { required: [key] };
  return (called) => {
    const fallback = called ?? (unnamed === "first" ? names[0] : undefined);
    return {
      type: ["object", "null"],
      properties: { ...shared, [key]: { ...headOf(asObject(shared[key])), ...naming } },
      allOf: [
        ...names.map((name): JsonSchema => ({
          if: { properties: { [key]: { const: name } }, required: [key] },
          then: of(name),
        })),
        { if: { not: { required: [key] } }, then: fallback === undefined ? any : of(fallback) },
      ],
    };
  };
}

/** The keys of a plugin and the common ones, and no others. */
function closed({ properties, required }: JsonSchema, shared: Readonly<Record<string, unknown>>): JsonSchema {
  if (properties === undefined) return {};
  const names = Object.keys(shared).filter((name) => !Object.hasOwn(properties, name));
  return {
    properties: { ...Object.fromEntries(names.map((name) => [name, {}])), ...properties },
    ...(required === undefined ? {} : { required }),
    additionalProperties: false,
  };
}

/** The keys of any of several plugins, each as one of them has it. */
function either(plugins: readonly JsonSchema[]): JsonSchema {
  const variants = new Map<string, Map<string, JsonSchema>>();
  for (const [name, schema] of plugins.flatMap(({ properties }) => Object.entries(properties ?? {}))) {
    const known = variants.get(name) ?? new Map<string, JsonSchema>();
    variants.set(name, known.set(JSON.stringify(schema), asObject(schema)));
  }
  const properties = [...variants].map(([name, known]): [string, JsonSchema] => {
    const [first, ...rest] = known.values();
    return [name, first !== undefined && rest.length === 0 ? first : { anyOf: [...known.values()] }];
  });
  return { properties: Object.fromEntries(properties) };
}

/** Definitions are referred to from the root, by names that are no other's. */
function hoisted(schema: JsonSchema, prefix: string, definitions: Record<string, JsonSchema>): JsonSchema {
  if (schema.definitions === undefined) return schema;
  const text = JSON.stringify(schema).replaceAll('"#/definitions/', `"#/definitions/${prefix}.`);
  const { definitions: own, ...body }: JsonSchema = JSON.parse(text);
  for (const [name, definition] of Object.entries(own ?? {})) definitions[`${prefix}.${name}`] = asObject(definition);
  return body;
}

function asObject(schema: unknown): JsonSchema {
  return typeof schema === "object" && schema !== null ? { ...schema } : {};
}

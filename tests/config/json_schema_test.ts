import assert from "node:assert/strict";
import { z } from "zod";
import { PLUGIN_TABLES } from "../../src/app/runtime.ts";
import { configJsonSchema } from "../../src/config/json_schema.ts";
import { TABLES } from "./plugin_tables.ts";

interface Node {
  readonly [key: string]: unknown;
  readonly type?: string | string[] | undefined;
  readonly description?: string | undefined;
  readonly properties?: Readonly<Record<string, Node>> | undefined;
  readonly additionalProperties?: boolean | Node | undefined;
  readonly anyOf?: readonly Node[] | undefined;
  readonly allOf?: readonly Node[] | undefined;
  readonly items?: Node | undefined;
  readonly if?: Node | undefined;
  readonly then?: Node | undefined;
  readonly definitions?: Readonly<Record<string, Node>> | undefined;
}
const Node: z.ZodType<Node> = z.lazy(() =>
  z.looseObject({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    description: z.string().optional(),
    properties: z.record(z.string(), Node).optional(),
    additionalProperties: z.union([z.boolean(), Node]).optional(),
    anyOf: z.array(Node).optional(),
    allOf: z.array(Node).optional(),
    items: Node.optional(),
    if: Node.optional(),
    then: Node.optional(),
    definitions: z.record(z.string(), Node).optional(),
  })
);

function parsed(schema: unknown): Node {
  return Node.parse(JSON.parse(JSON.stringify(schema)));
}

const SCHEMA = parsed(configJsonSchema(TABLES));

function valuesOf(section: string): Node {
  const values = SCHEMA.properties?.[section]?.additionalProperties;
  assert.ok(typeof values === "object", section);
  return values;
}

/** Which definition a part has, by the plugin that it names. */
function choicesOf(part: Node | undefined, key: string): readonly (readonly [unknown, unknown])[] {
  return (part?.allOf ?? []).map(({ if: when, then }) => [when?.properties?.[key]?.const ?? "none", then?.$ref]);
}

Deno.test("configJsonSchema() is draft 7 and names every section", () => {
  assert.equal(SCHEMA.$schema, "http://json-schema.org/draft-07/schema#");
  assert.equal(SCHEMA.additionalProperties, false);
  assert.deepEqual(SCHEMA.required, ["agents"]);
  for (const section of ["agents", "llms", "tools", "document_stores", "server", "defaults", "version"]) {
    assert.ok(SCHEMA.properties?.[section] !== undefined, section);
  }
});

Deno.test("configJsonSchema() gives a part the options of the plugin that it names, and no others", () => {
  assert.deepEqual(choicesOf(valuesOf("llms"), "provider"), [
    ["openai", "#/definitions/llms.openai"],
    ["anthropic", "#/definitions/llms.anthropic"],
    ["demo", "#/definitions/llms.demo"],
    ["none", undefined],
  ]);
  const options = SCHEMA.definitions?.["llms.openai"];
  assert.equal(options?.additionalProperties, false);
  assert.deepEqual(Object.keys(options?.properties ?? {}), [
    "provider",
    "fallback",
    "price",
    "structured_output",
    "ca_certificate",
    "model",
    "api_key",
    "base_url",
    "temperature",
    "max_tokens",
    "thinking",
  ]);
});

Deno.test("configJsonSchema() gives a part that names no plugin the options of its default", () => {
  const { reasoning, context } = valuesOf("agents").properties ?? {};
  const store = SCHEMA.properties?.server?.properties?.store;
  assert.deepEqual(choicesOf(reasoning, "engine").at(-1), ["none", "#/definitions/agents.reasoning.chain-of-thought"]);
  assert.deepEqual(choicesOf(context, "strategy").at(-1), ["none", "#/definitions/agents.context.token_window"]);
  assert.deepEqual(choicesOf(store, "type").at(-1), ["none", "#/definitions/server.store.kv"]);
  assert.deepEqual(
    choicesOf(valuesOf("document_stores"), "source").at(-1)?.[1],
    "#/definitions/document_stores.directory",
  );
});

Deno.test("configJsonSchema() lets an llm that names no provider have the options of any", () => {
  const any = valuesOf("llms").allOf?.at(-1)?.then;
  assert.deepEqual(Object.keys(any?.properties ?? {}).toSorted(), [
    "api_key",
    "base_url",
    "ca_certificate",
    "delay_ms",
    "fallback",
    "max_tokens",
    "model",
    "price",
    "provider",
    "structured_output",
    "temperature",
    "thinking",
  ]);
  assert.equal(any?.additionalProperties, false);
});

Deno.test("configJsonSchema() knows a tool by its name, and wants the type of one with another name", () => {
  const { properties } = SCHEMA.properties?.tools ?? {};
  assert.deepEqual(Object.keys(properties ?? {}), [...TABLES.tools.keys()]);
  assert.deepEqual(choicesOf(properties?.search, "type").at(-1), ["none", "#/definitions/tools.search"]);
  assert.deepEqual(valuesOf("tools").allOf?.at(-1)?.then, { required: ["type"] });
});

Deno.test("configJsonSchema() lets numbers be variables, and keeps their bounds", () => {
  const port = SCHEMA.properties?.server?.properties?.port;
  assert.deepEqual([port?.type, port?.minimum, port?.maximum, port?.default], [["integer", "string"], 0, 65_535, 8080]);
  const pattern = new RegExp(z.string().parse(port?.pattern));
  assert.ok(pattern.test("${PORT:-8080}") && pattern.test("$PORT") && !pattern.test("8080"));
});

Deno.test("configJsonSchema() lets words be variables, and sections be empty", () => {
  const { visibility, reasoning } = valuesOf("agents").properties ?? {};
  assert.deepEqual(visibility?.anyOf?.[0]?.enum, ["public", "internal", "private"]);
  assert.match("${VISIBILITY}", new RegExp(z.string().parse(visibility?.anyOf?.[1]?.pattern)));
  for (const part of [valuesOf("agents"), reasoning, SCHEMA.properties?.server, SCHEMA.properties?.llms]) {
    assert.deepEqual(part?.type, ["object", "null"]);
  }
});

Deno.test("configJsonSchema() takes a credential as text alone", () => {
  const key = SCHEMA.definitions?.["llms.openai"]?.properties?.api_key;
  assert.deepEqual(key?.anyOf, [{ type: "string", minLength: 1 }]);
});

Deno.test("configJsonSchema() refers to definitions that are there", () => {
  const real = parsed(configJsonSchema(PLUGIN_TABLES));
  const references = [...JSON.stringify(real).matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)].map(([, name]) =>
    name ?? ""
  );
  assert.ok(references.length > 0);
  for (const name of references) assert.ok(real.definitions?.[name] !== undefined, name);
});

function* undescribed(path: string, { properties, items, additionalProperties }: Node): Iterable<string> {
  for (const [key, part] of Object.entries(properties ?? {})) {
    const isShared = Object.keys(part).length === 0;
    const isSpoken = part.description ?? part.properties ?? part.anyOf ?? part.allOf ?? part.$ref ?? part.const;
    if (!isShared && isSpoken === undefined) yield `${path}.${key}`;
    yield* undescribed(`${path}.${key}`, part);
  }
  if (items !== undefined) yield* undescribed(`${path}[]`, items);
  if (typeof additionalProperties === "object") yield* undescribed(`${path}.*`, additionalProperties);
}

Deno.test("configJsonSchema() describes every key of every part and plugin", () => {
  const real = parsed(configJsonSchema(PLUGIN_TABLES));
  const parts = [["", real] as const, ...Object.entries(real.definitions ?? {})];
  assert.deepEqual(parts.flatMap(([name, part]) => [...undescribed(name, part)]), []);
});

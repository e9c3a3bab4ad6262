import assert from "node:assert/strict";
import { z } from "zod";
import { configJsonSchema } from "../../src/config/json_schema.ts";
import { TABLES } from "./plugin_tables.ts";

const Node: z.ZodType<Node> = z.lazy(() =>
  z.looseObject({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    description: z.string().optional(),
    properties: z.record(z.string(), Node).optional(),
    additionalProperties: z.union([z.boolean(), Node]).optional(),
    anyOf: z.array(Node).optional(),
    items: Node.optional(),
  })
);
interface Node {
  readonly [key: string]: unknown;
  readonly type?: string | string[] | undefined;
  readonly description?: string | undefined;
  readonly properties?: Readonly<Record<string, Node>> | undefined;
  readonly additionalProperties?: boolean | Node | undefined;
  readonly anyOf?: readonly Node[] | undefined;
  readonly items?: Node | undefined;
}

const SCHEMA = Node.parse(JSON.parse(JSON.stringify(configJsonSchema(TABLES))));

function valuesOf(section: string): Node {
  const values = SCHEMA.properties?.[section]?.additionalProperties;
  assert.ok(typeof values === "object", section);
  return values;
}

Deno.test("configJsonSchema() is draft 7 and names every section", () => {
  assert.equal(SCHEMA.$schema, "http://json-schema.org/draft-07/schema#");
  assert.equal(SCHEMA.additionalProperties, false);
  assert.deepEqual(SCHEMA.required, ["agents"]);
  assert.deepEqual(Object.keys(SCHEMA.properties ?? {}).toSorted(), [
    "agents",
    "defaults",
    "description",
    "document_stores",
    "llms",
    "name",
    "server",
    "tools",
    "version",
  ]);
});

Deno.test("configJsonSchema() offers each plugin with its own options", () => {
  const providers = valuesOf("llms").anyOf?.map((
    { properties },
  ) => [properties?.provider?.const, Object.keys(properties ?? {})]);
  assert.deepEqual(providers, [
    ["openai", ["provider", "model", "api_key", "base_url", "temperature", "max_tokens"]],
    ["anthropic", ["provider", "model", "api_key", "base_url", "temperature", "max_tokens"]],
    ["demo", ["provider", "delay_ms"]],
  ]);
  assert.deepEqual(valuesOf("tools").anyOf?.map(({ properties }) => properties?.type?.const), [...TABLES.tools.keys()]);
  const engines = valuesOf("agents").properties?.reasoning?.anyOf;
  assert.deepEqual(engines?.map(({ properties }) => properties?.engine?.const), [...TABLES.engines.keys()]);
  const stores = SCHEMA.properties?.server?.properties?.store?.anyOf;
  assert.deepEqual(stores?.map(({ properties }) => properties?.type?.const), [...TABLES.stores.keys()]);
});

Deno.test("configJsonSchema() wants no plugin to be named where one is the default", () => {
  assert.deepEqual(valuesOf("document_stores").anyOf?.map(({ required }) => required), [["path"]]);
  assert.ok(valuesOf("tools").anyOf?.every(({ required }) => !Array.isArray(required) || !required.includes("type")));
});

Deno.test("configJsonSchema() lets numbers be variables, and keeps their bounds", () => {
  const port = SCHEMA.properties?.server?.properties?.port;
  assert.deepEqual([port?.type, port?.minimum, port?.maximum, port?.default], [["integer", "string"], 0, 65_535, 8080]);
  const pattern = new RegExp(z.string().parse(port?.pattern));
  assert.ok(pattern.test("${PORT:-8080}") && !pattern.test("8080"));
});

Deno.test("configJsonSchema() takes a credential as text alone", () => {
  const key = valuesOf("llms").anyOf?.[0]?.properties?.api_key;
  assert.deepEqual(key?.anyOf, [{ type: "string", minLength: 1 }]);
});

Deno.test("configJsonSchema() describes what may be said of an agent and of the server", () => {
  for (const [name, section] of [["agents", valuesOf("agents")], ["server", SCHEMA.properties?.server]] as const) {
    for (const [key, { description, properties, anyOf }] of Object.entries(section?.properties ?? {})) {
      assert.ok(description ?? properties ?? anyOf, `${name}.${key} has no description`);
    }
  }
});

import assert from "node:assert/strict";
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { z } from "zod";
import * as cards from "../../../src/a2a/card/card_types.ts";
import { METHODS } from "../../../src/a2a/methods.ts";
import { loadCodec } from "../../../src/a2a/proto/codec.ts";
import { TASK_STATES } from "../../../src/a2a/task_state.ts";
import * as types from "../../../src/a2a/types.ts";

/*
 * The schemas of the core and the definitions of proto/ say the same: every member of one is a field of the other, of the
 * same kind, and the marks REQUIRED agree.
 */

const { registry } = await loadCodec();
const PACKAGE = "lf.a2a.v1";
const FIELD_BEHAVIOR = 1052;
const REQUIRED = 2;

/** Schemas that are one message; nested ones are found on the way. */
const ROOTS: readonly (readonly [string, z.ZodType])[] = [...Object.entries(types), ...Object.entries(cards)].flatMap(
  ([name, value]) => value instanceof z.ZodType && registry.getMessage(`${PACKAGE}.${name}`) ? [[name, value]] : [],
);

/** Members that the schema demands though the proto does not mark them, or the other way around, and why. */
const EXCEPTIONS: ReadonlyMap<string, string> = new Map([
  ["ListTasksResponse.tasks", "read with its default, always written"],
  ["ListTasksResponse.nextPageToken", "read with its default, always written"],
  ["ListTasksResponse.pageSize", "read with its default, always written"],
  ["ListTasksResponse.totalSize", "read with its default, always written"],
  ["SecurityRequirement.schemes", "a requirement of nothing is written as an empty object"],
]);

interface Shape {
  readonly shape: Readonly<Record<string, z.core.$ZodType>>;
}

/** The object schema behind preprocessing, pipes and optional. */
function objectOf(schema: unknown): Shape | undefined {
  if (schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodPipe) return objectOf(schema.def.out) ?? objectOf(schema.def.in);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return objectOf(schema.def.innerType);
  return undefined;
}

function unwrapped(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrapped(schema.def.innerType);
  return schema;
}

function isRequired(field: DescField): boolean {
  const unknown = field.proto.options?.$unknown ?? [];
  return unknown.some(({ no, data }) => no === FIELD_BEHAVIOR && data.at(-1) === REQUIRED);
}

function compare(type: DescMessage, schema: unknown, seen: Set<string>): string[] {
  const name = type.typeName.slice(PACKAGE.length + 1);
  if (seen.has(name)) return [];
  seen.add(name);
  const object = objectOf(schema);
  if (object === undefined) return [`${name}: the schema is no object`];
  const members = new Map(Object.entries(object.shape));
  const missing = type.fields.filter(({ jsonName }) => !members.has(jsonName)).map((field) =>
    `${name}: no ${field.jsonName}`
  );
  const foreign = [...members.keys()].filter((member) => !type.fields.some(({ jsonName }) => jsonName === member));
  return [
    ...missing,
    ...foreign.map((member) => `${name}: ${member} is no field`),
    ...type.fields.flatMap((field) => compareField(name, field, { member: members.get(field.jsonName), seen })),
  ];
}

function compareField(
  name: string,
  field: DescField,
  { member, seen }: { readonly member: unknown; readonly seen: Set<string> },
): string[] {
  const at = `${name}.${field.jsonName}`;
  const isOneOf = field.oneof !== undefined;
  const demanded = !(member instanceof z.ZodOptional) && !(member instanceof z.ZodDefault);
  const marks = !isOneOf && demanded !== isRequired(field)
    ? [`${at}: ${isRequired(field) ? "REQUIRED, but the schema does not demand it" : "demanded, but not REQUIRED"}`]
    : [];
  const inner = unwrapped(member);
  const isList = inner instanceof z.ZodArray;
  const kind = isList !== (field.fieldKind === "list") ? [`${at}: only one of the two is a list`] : [];
  const map = inner instanceof z.ZodRecord !== (field.fieldKind === "map")
    ? [`${at}: only one of the two is a map`]
    : [];
  const message = field.message;
  if (message === undefined || !message.typeName.startsWith(PACKAGE)) return [...marks, ...kind, ...map];
  const element = isList ? inner.def.element : inner instanceof z.ZodRecord ? inner.def.valueType : inner;
  return [...marks, ...kind, ...map, ...compare(message, element, seen)];
}

Deno.test("every schema of the core is the message of the same name, member by member", () => {
  const seen = new Set<string>();
  const differences = ROOTS.flatMap(([name, schema]) => {
    const type = registry.getMessage(`${PACKAGE}.${name}`);
    return type === undefined ? [`no message ${name}`] : compare(type, schema, seen);
  });
  const unexplained = differences.filter((told) => !EXCEPTIONS.has(told.split(":")[0] ?? ""));
  assert.deepEqual(unexplained, []);
  assert.deepEqual(differences.map((told) => told.split(":")[0]).sort(), [...EXCEPTIONS.keys()].sort());
});

Deno.test("every message of the definitions has its schema", () => {
  const seen = new Set<string>();
  for (const [name, schema] of ROOTS) {
    const type = registry.getMessage(`${PACKAGE}.${name}`);
    if (type !== undefined) compare(type, schema, seen);
  }
  const messages = [...registry.files].filter(({ proto }) => proto.package === PACKAGE).flatMap((file) =>
    file.messages
  );
  assert.deepEqual(messages.map(({ name }) => name).filter((name) => !seen.has(name)), []);
});

for (
  const [name, values] of [["TaskState", TASK_STATES], ["Role", [
    "ROLE_UNSPECIFIED",
    "ROLE_USER",
    "ROLE_AGENT",
  ]]] as const
) {
  Deno.test(`enum ${name} has the numbers of its schema's order`, () => {
    const found = registry.getEnum(`${PACKAGE}.${name}`)?.values.map((value) => [value.number, value.name]);
    assert.deepEqual(found, values.map((value, at) => [at, value]));
  });
}

Deno.test("the service has the methods of 1.0, and which of them stream", () => {
  const methods = registry.getService(`${PACKAGE}.A2AService`)?.methods ?? [];
  const v1 = [...METHODS].filter(([, { generation }]) => generation === "v1").map(([name]) => name);
  assert.deepEqual(methods.map(({ name }) => name).sort(), v1.sort());
  const streaming = methods.filter(({ methodKind }) => methodKind === "server_streaming").map(({ name }) => name);
  assert.deepEqual(streaming, ["SendStreamingMessage", "SubscribeToTask"]);
});

/** Numbers where the two generations' tables are easily mistaken: [field, number]. */
const NUMBERS: [string, number][] = [
  ["lf.a2a.v1.Artifact.parts", 4],
  ["a2a.v1.Artifact.name", 3],
  ["a2a.v1.Artifact.parts", 5],
  ["lf.a2a.v1.SendMessageRequest.message", 2],
  ["a2a.v1.SendMessageRequest.request", 1],
  ["lf.a2a.v1.ListTaskPushNotificationConfigsRequest.tenant", 4],
  ["lf.a2a.v1.TaskStatusUpdateEvent.metadata", 4],
  ["a2a.v1.TaskStatusUpdateEvent.final", 4],
  ["a2a.v1.AgentCard.protocol_version", 16],
  ["lf.a2a.v1.AgentCapabilities.extended_agent_card", 4],
  ["lf.a2a.v1.Part.media_type", 7],
];
for (const [path, number] of NUMBERS) {
  Deno.test(`${path} has number ${number}`, () => {
    const [, message = "", field = ""] = /^(.*)\.([^.]+)$/.exec(path) ?? [];
    assert.equal(registry.getMessage(message)?.fields.find(({ name }) => name === field)?.number, number);
  });
}

/** Names in ProtoJSON that the definitions of 0.3 set apart from the field's own. */
for (
  const [message, field, jsonName] of [
    ["SendMessageRequest", "request", "message"],
    ["TaskStatus", "update", "message"],
    ["SendMessageResponse", "msg", "message"],
    ["StreamResponse", "msg", "message"],
  ] as const
) {
  Deno.test(`a2a.v1.${message}.${field} is "${jsonName}" in JSON`, () => {
    const found = registry.getMessage(`a2a.v1.${message}`)?.fields.find(({ name }) => name === field);
    assert.equal(found?.jsonName, jsonName);
  });
}

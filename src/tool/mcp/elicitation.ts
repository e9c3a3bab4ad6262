import { z } from "zod";
import type { Part } from "../../a2a/types.ts";
import type { JsonObject } from "../../lib/json.ts";

/*
 * What a server asks its user in the middle of a call (MCP 2025-11-25 and 2026-07-28, "Elicitation"), and what the peer's
 * answer says to it.
 */

export const Field = z.looseObject({
  type: z.enum(["string", "number", "integer", "boolean", "array"]).optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.string()).optional(),
  oneOf: z.array(z.looseObject({ const: z.string() })).optional(),
  default: z.json().optional(),
});
export type Field = z.infer<typeof Field>;

const Form = z.object({
  mode: z.literal("form").default("form"),
  message: z.string(),
  requestedSchema: z.looseObject({
    properties: z.record(z.string(), Field),
    required: z.array(z.string()).default([]),
  }),
});
const UrlRequest = z.object({
  mode: z.literal("url"),
  message: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  elicitationId: z.string().optional(),
});

/** What a server asks: to fill in a form, or to do something at a URL. */
export const Elicitation = z.union([UrlRequest, Form]);
export type Elicitation = z.infer<typeof Elicitation>;

/** What a field of a form holds. */
export type Value = string | number | boolean | string[];

/** What the server is told. */
export type Verdict =
  | { readonly action: "accept"; readonly content?: Record<string, Value> }
  | { readonly action: "decline" | "cancel" };

const MAX_MESSAGE = 2000;

/** The question as a peer reads it: text for people, data for programs. `because` says why an earlier answer was none. */
export function questionParts(asked: Elicitation, { server, because }: { server: string; because?: string }): Part[] {
  const message = asked.message.slice(0, MAX_MESSAGE);
  const lead = because === undefined ? [] : [`${because}.`];
  if (asked.mode === "url") {
    const { url } = asked;
    const text = [
      ...lead,
      `The tool server "${server}" asks you to open a page at ${new URL(url).host}: ${message}`,
      url,
      `Answer "done" when you have, or "decline".`,
    ].join("\n");
    return [{ text }, dataPart({ kind: "elicitation", mode: "url", server, message, url })];
  }
  const { requestedSchema } = asked;
  const text = [
    ...lead,
    `The tool server "${server}" asks: ${message}`,
    ...fieldLines(asked),
    howToAnswer(asked),
  ].join("\n");
  return [{ text }, dataPart({ kind: "elicitation", mode: "form", server, message, requestedSchema })];
}

function dataPart(data: unknown): Part {
  return { data: z.json().parse(JSON.parse(JSON.stringify(data))), mediaType: "application/json" };
}

/** A form to be filled in. */
export type FormRequest = Extract<Elicitation, { mode: "form" }>;

function fieldLines({ requestedSchema: { properties, required } }: FormRequest): string[] {
  return Object.entries(properties).map(([name, field]) => {
    const words = [
      choicesOf(field)?.join(" | ") ?? field.type ?? "text",
      ...(required.includes(name) ? [] : ["optional"]),
      ...(field.default === undefined ? [] : [`default ${JSON.stringify(field.default)}`]),
    ];
    const about = field.description ?? field.title;
    return `- ${name} (${words.join(", ")})${about === undefined ? "" : `: ${about.slice(0, MAX_MESSAGE)}`}`;
  });
}

function howToAnswer({ requestedSchema: { properties } }: FormRequest): string {
  const names = Object.keys(properties);
  if (names.length === 0) return `Answer "accept" or "decline".`;
  if (names.length === 1) return `Answer with the value of ${names[0]}, or "decline".`;
  return `Answer with a line "name: value" for each, or "decline".`;
}

/** What may be chosen, where that is limited. */
export function choicesOf({ enum: names, oneOf }: Field): readonly string[] | undefined {
  return names ?? oneOf?.map((choice) => choice.const);
}

/** An elicitation as it is kept with a task. */
export function toJson(value: unknown): JsonObject {
  return z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(value)));
}

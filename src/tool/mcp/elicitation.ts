import { z } from "zod";
import type { Message, Part } from "../../a2a/types.ts";
import { isRecord, type JsonObject } from "../../lib/json.ts";

/*
 * What a server asks its user in the middle of a call (MCP 2025-11-25 and 2026-07-28, "Elicitation"), and what the peer's
 * answer says to it.
 */

const Field = z.looseObject({
  type: z.enum(["string", "number", "integer", "boolean", "array"]).optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.string()).optional(),
  oneOf: z.array(z.looseObject({ const: z.string() })).optional(),
  default: z.json().optional(),
});
type Field = z.infer<typeof Field>;

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

type Value = string | number | boolean | string[];

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

type FormRequest = Extract<Elicitation, { mode: "form" }>;

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

function choicesOf({ enum: names, oneOf }: Field): readonly string[] | undefined {
  return names ?? oneOf?.map((choice) => choice.const);
}

/** What an answer says, or why it is none. */
export type Read = { readonly verdict: Verdict } | { readonly because: string };

const NO: ReadonlySet<string> = new Set(["decline", "no", "reject", "refuse", "deny"]);
const YES: ReadonlySet<string> = new Set(["accept", "yes", "ok", "okay", "done", "approve", "agree"]);

/** Reads the peer's answer. What is not clear is no answer: nobody consents by a slip. */
export function readAnswer(asked: Elicitation, { parts }: Message): Read {
  const data: unknown = parts.find((part) => isRecord(part.data))?.data;
  if (isRecord(data)) return readData(asked, data);
  const text = parts.map((part) => part.text ?? "").join("\n").trim();
  const word = text.toLowerCase().replace(/[.!]+$/, "");
  if (NO.has(word)) return { verdict: { action: "decline" } };
  if (word === "cancel") return { verdict: { action: "cancel" } };
  if (asked.mode === "url") {
    return YES.has(word) ? { verdict: { action: "accept" } } : { because: `Expected "done" or "decline"` };
  }
  return readText(asked, text, word);
}

function readData(asked: Elicitation, data: Record<string, unknown>): Read {
  const { action, content } = data;
  const isVerdict = action === "accept" || action === "decline" || action === "cancel";
  if (isVerdict && action !== "accept") return { verdict: { action } };
  if (asked.mode === "url") {
    return action === "accept" ? { verdict: { action } } : { because: `Expected {"action": "accept"} or "decline"` };
  }
  const isField = Object.hasOwn(asked.requestedSchema.properties, "action");
  return filled(asked, isVerdict && !isField ? isRecord(content) ? content : {} : data);
}

function readText(asked: FormRequest, text: string, word: string): Read {
  const names = Object.keys(asked.requestedSchema.properties);
  if (names.length === 0) {
    return YES.has(word)
      ? { verdict: { action: "accept", content: {} } }
      : { because: `Expected "accept" or "decline"` };
  }
  const json = text.startsWith("{") ? parsed(text) : undefined;
  if (json !== undefined) return filled(asked, json);
  const [only] = names;
  const lines = new Map(
    text.split("\n").flatMap((line) => {
      const [, name, value] = /^\s*[-*]?\s*([^:=]+?)\s*[:=]\s*(.*?)\s*$/.exec(line) ?? [];
      return name !== undefined && value !== undefined && names.includes(name) ? [[name, value] as const] : [];
    }),
  );
  if (lines.size > 0) return filled(asked, Object.fromEntries(lines));
  // With defaults for all, a plain yes takes them.
  if (YES.has(word) && hasAllItNeeds(asked)) return filled(asked, {});
  if (names.length === 1 && only !== undefined && text !== "") return filled(asked, { [only]: text });
  return { because: "The answer names none of the fields" };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function hasAllItNeeds({ requestedSchema: { properties, required } }: FormRequest): boolean {
  return required.every((name) => properties[name]?.default !== undefined);
}

/** The form with these values, each as its field wants it; defaults stand for what is left out. */
function filled({ requestedSchema: { properties, required } }: FormRequest, values: Record<string, unknown>): Read {
  const content: Record<string, Value> = {};
  for (const [name, field] of Object.entries(properties)) {
    const value = Object.hasOwn(values, name) ? values[name] : field.default;
    if (value === undefined || value === null || value === "") {
      if (required.includes(name)) return { because: `The answer says nothing of ${name}` };
      continue;
    }
    const fits = asField(value, field);
    if (fits === undefined) return { because: `${name} has to be ${wanted(field)}` };
    content[name] = fits;
  }
  return { verdict: { action: "accept", content } };
}

function asField(value: unknown, field: Field): Value | undefined {
  const choices = choicesOf(field);
  switch (field.type ?? "string") {
    case "boolean":
      if (typeof value === "boolean") return value;
      return YES.has(lower(value)) || lower(value) === "true"
        ? true
        : NO.has(lower(value)) || lower(value) === "false"
        ? false
        : undefined;
    case "number":
    case "integer": {
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      return typeof number === "number" && withinBounds(number, field) ? number : undefined;
    }
    case "array": {
      const items = typeof value === "string" ? value.split(",").map((item) => item.trim()) : value;
      const texts = z.array(z.string()).safeParse(items).data;
      const allowed = z.object({ items: Field }).safeParse(field).data?.items;
      const known = allowed === undefined ? undefined : choicesOf(allowed) ?? anyOf(allowed);
      return texts?.every((item) => known === undefined || known.includes(item)) ? texts : undefined;
    }
    default: {
      const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
      if (typeof text !== "string" || !hasLength(text, field)) return undefined;
      return choices === undefined || choices.includes(text) ? text : undefined;
    }
  }
}

function lower(value: unknown): string {
  return typeof value === "string" ? value.trim().toLowerCase() : "";
}

function anyOf(field: Field): readonly string[] | undefined {
  const { data } = z.object({ anyOf: z.array(z.looseObject({ const: z.string() })) }).safeParse(field);
  return data?.anyOf.map((choice) => choice.const);
}

const Bounds = z.object({
  minimum: z.number().default(-Infinity),
  maximum: z.number().default(Infinity),
  minLength: z.number().default(0),
  maxLength: z.number().default(Infinity),
});

function withinBounds(number: number, field: Field): boolean {
  const { minimum, maximum } = Bounds.parse(field);
  return Number.isFinite(number) && number >= minimum && number <= maximum &&
    (field.type !== "integer" || Number.isInteger(number));
}

function hasLength(text: string, field: Field): boolean {
  const { minLength, maxLength } = Bounds.parse(field);
  return text.length >= minLength && text.length <= maxLength;
}

function wanted(field: Field): string {
  const { minimum, maximum, minLength, maxLength } = z.looseObject({}).parse(field);
  const bounds = Object.entries({ minimum, maximum, minLength, maxLength }).filter(([, bound]) => bound !== undefined)
    .map(([name, bound]) => `${name} ${String(bound)}`);
  const choices = choicesOf(field);
  const kind = choices === undefined ? field.type ?? "string" : `one of ${choices.join(", ")}`;
  return [kind, ...bounds].join(", ");
}

/** An elicitation as it is kept with a task. */
export function toJson(value: unknown): JsonObject {
  return z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(value)));
}

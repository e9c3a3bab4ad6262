import { z } from "zod";
import type { Message } from "../../a2a/types.ts";
import { isRecord } from "../../lib/json.ts";
import { choicesOf, type Elicitation, Field, type FormRequest, type Value, type Verdict } from "./elicitation.ts";

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

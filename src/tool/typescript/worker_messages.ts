import { z } from "zod";
import { Part } from "../../a2a/types.ts";
import type { JsonObject } from "../../lib/json.ts";

/** What the worker is told. */
export type ToWorker =
  | { readonly kind: "load"; readonly module: string }
  | {
    readonly kind: "call";
    readonly id: number;
    readonly input: JsonObject;
    readonly context: Readonly<Record<"callId" | "contextId" | "taskId", string>> & { readonly options: JsonObject };
  }
  | { readonly kind: "abort"; readonly id: number };

const Result = z.union([
  z.string().transform((content) => ({ content })),
  z.strictObject({
    content: z.string(),
    display: z.string().optional(),
    isError: z.boolean().optional(),
    parts: z.array(Part).optional(),
  }),
]);

/** What a module says of itself. */
export const Described = z.object({
  description: z.string().trim().min(1).max(4_000),
  input: z.record(z.string(), z.json()).refine(
    ({ type }) => type === "object",
    'must be a JSON Schema with type: "object"',
  ),
  replay: z.enum(["safe", "once", "ask"]).default("once"),
  needsApproval: z.boolean().default(true),
});
export type Described = z.output<typeof Described>;

/** What comes from the worker: the word of a stranger. */
export const FromWorker = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("loaded"), description: z.unknown() }),
  z.object({ kind: z.literal("unloadable"), message: z.string() }),
  z.object({ kind: z.literal("said"), id: z.int(), text: z.string() }),
  z.object({ kind: z.literal("done"), id: z.int(), result: z.unknown() }),
  z.object({ kind: z.literal("failed"), id: z.int(), message: z.string() }),
]);
export type FromWorker = z.output<typeof FromWorker>;

/** A result of a call. Throws an Error that tells its author what is wrong. */
export function readResult(raw: unknown): z.output<typeof Result> {
  const parsed = Result.safeParse(raw);
  if (!parsed.success) {
    throw new Error(`The tool's result is neither text nor {content}: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}

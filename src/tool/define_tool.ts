import { z } from "zod";
import { late } from "../lib/late.ts";
import { isRecord, type JsonObject } from "../lib/json.ts";
import { type Replay, type Tool, type ToolContext, ToolRefusal, type ToolResult } from "./tool.ts";

export interface ToolDefinition<Input extends z.ZodObject> {
  readonly name: string;
  readonly description: string;
  /** The arguments. A strictObject tells the model of names that it made up. */
  readonly input: () => Input;
  readonly replay: Replay;
  /** Whether a person has to say yes to this call; asked with arguments that are as `input` wants them. */
  readonly needsApproval?: (input: z.output<Input>) => boolean;
  /** See Tool; asked with arguments that are as `input` wants them. */
  readonly check?: (input: z.output<Input>, signal: AbortSignal) => Promise<void>;
  run(input: z.output<Input>, context: ToolContext): Promise<ToolResult>;
}

/**
 * A Tool of a typed definition. The model is told the arguments as JSON Schema; arguments that break it make `run` throw
 * a ToolRefusal whose text names each field, so the model can mend its call.
 */
export function defineTool<Input extends z.ZodObject>(definition: ToolDefinition<Input>): Tool {
  const { name, description, replay, needsApproval, check } = definition;
  const input = late(definition.input);
  const parse = (raw: JsonObject) => {
    const parsed = input().safeParse(withoutNulls(raw, input()));
    if (!parsed.success) throw new ToolRefusal(`Cannot run ${name}: ${explain(parsed.error)}`);
    return parsed.data;
  };
  return {
    name,
    description,
    input: inputSchema(definition.input),
    replay,
    // Arguments that `run` will refuse need nobody's word.
    ...(needsApproval === undefined ? {} : {
      needsApproval: (raw) => {
        const { data } = input().safeParse(withoutNulls(raw, input()));
        return data !== undefined && needsApproval(data);
      },
    }),
    ...(check === undefined ? {} : { check: async (raw, signal) => await check(parse(raw), signal) }),
    run: async (raw, context) => {
      const parsed = parse(raw);
      context.signal.throwIfAborted();
      return await definition.run(parsed, context);
    },
  };
}

/** A reload makes the tools of all agents anew, and most have the same arguments each time: half of its time went here. */
const KNOWN_SCHEMAS = new WeakMap<() => z.ZodObject, JsonObject>();

/** What zod makes is JSON: it need not be looked through. */
const AnyObject = late(() => z.custom<JsonObject>(isRecord));

/** JSON Schema of what the model may write, without the members that only a validator wants. */
function inputSchema(input: () => z.ZodObject): JsonObject {
  const known = KNOWN_SCHEMAS.get(input);
  if (known !== undefined) return known;
  const { $schema: _dialect, ...schema } = AnyObject().parse(
    z.toJSONSchema(input(), { io: "input" }),
  );
  KNOWN_SCHEMAS.set(input, schema);
  return schema;
}

/** Providers in strict mode write null for an argument that is left out. */
function withoutNulls(raw: unknown, input: z.ZodObject): unknown {
  if (!isRecord(raw)) return raw;
  const fields = new Map(Object.entries(input.shape));
  return Object.fromEntries(
    Object.entries(raw).filter(([name, value]) => {
      const field = fields.get(name);
      return value !== null || field === undefined || z.safeParse(field, null).success;
    }),
  );
}

function explain(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`)
    .join("; ");
}

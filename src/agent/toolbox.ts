import { z } from "zod";
import type { ToolCall } from "../a2a/parts.ts";
import type { JsonObject } from "../lib/json.ts";
import { readForeignSchema } from "../lib/foreign_schema.ts";
import { didYouMean } from "../lib/suggest.ts";
import { malformedOutcome } from "../model/malformed_call.ts";
import type { ToolSpec } from "../model/model.ts";
import type { Absence, Tool } from "../tool/tool.ts";

/** A call that can be done, or what the model is told in place of its outcome. */
export type Checked =
  | { readonly tool: Tool; readonly input: JsonObject }
  | { readonly refusal: string };

/** The tools of one agent. */
export interface Toolbox {
  readonly specs: readonly ToolSpec[];
  /** What is missing, in a sentence for the model; empty where nothing is. */
  readonly away: string;
  check(call: ToolCall): Checked;
}

export interface ToolboxOptions {
  readonly away?: readonly Absence[];
  /** Hears of the second of two tools with one name. */
  readonly onClash?: (name: string) => void;
}

/** The first of two tools with one name is the one. */
export function toolbox(tools: readonly Tool[], { away = [], onClash = () => {} }: ToolboxOptions = {}): Toolbox {
  const byName = new Map<string, Tool>();
  for (const tool of tools) {
    if (byName.has(tool.name)) onClash(tool.name);
    else byName.set(tool.name, tool);
  }
  const schemas = new Map<Tool, z.ZodType | undefined>();
  const schemaOf = (tool: Tool) => {
    if (!schemas.has(tool)) schemas.set(tool, readForeignSchema(tool.input));
    return schemas.get(tool);
  };
  const missing = away.map(({ name, reason }) => `The tools of "${name}" are away for the moment: ${reason}.`).join(
    " ",
  );
  return {
    away: missing,
    specs: [...byName.values()].map(({ name, description, input }) => ({ name, description, input })),
    check(call) {
      const malformed = malformedOutcome(call);
      if (malformed !== undefined) return { refusal: malformed.output };
      const tool = byName.get(call.name);
      if (tool === undefined) return { refusal: unknownTool(call.name, [...byName.keys()], missing) };
      return checkArguments(tool, call.arguments, schemaOf(tool));
    },
  };
}

function unknownTool(name: string, known: readonly string[], missing: string): string {
  const names = known.length === 0 ? "there are no tools" : `the tools are ${known.join(", ")}`;
  const told = `Cannot call "${name}": ${names}${didYouMean(name, known)}`;
  return missing === "" ? told : `${told}. ${missing}`;
}

function checkArguments(tool: Tool, given: JsonObject, schema: z.ZodType | undefined): Checked {
  if (schema === undefined) return { tool, input: given };
  const parsed = schema.safeParse(given);
  if (parsed.success) return { tool, input: given };
  const input = withoutNulls(given, tool.input);
  if (schema.safeParse(input).success) return { tool, input };
  const faults = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`
  );
  return { refusal: `Cannot call "${tool.name}": ${faults.join("; ")}. The tool did not run.` };
}

/** Providers in strict mode write null for an argument that is left out. */
function withoutNulls(given: JsonObject, { required }: JsonObject): JsonObject {
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => value !== null || needed.includes(name)));
}

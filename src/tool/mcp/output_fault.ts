import type { CallToolResult, Tool } from "@modelcontextprotocol/client";
import { z } from "zod";
import { readForeignSchema } from "../../lib/foreign_schema.ts";

/** What is wrong with structured content by the schema that the tool has given itself, or undefined. */
export function outputFault({ name, outputSchema }: Tool, result: CallToolResult): string | undefined {
  if (outputSchema === undefined || result.isError === true) return undefined;
  if (result.structuredContent === undefined) {
    return `The tool "${name}" has promised structured content and sent none.`;
  }
  const parsed = readForeignSchema(outputSchema)?.safeParse(result.structuredContent);
  if (parsed === undefined || parsed.success) return undefined;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${z.core.toDotPath(issue.path)}`;
  return `The result of the tool "${name}" is not what its own schema says${where}: ${issue?.message ?? ""}`;
}

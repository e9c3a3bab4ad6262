import { z } from "zod";
import { lateSchema } from "../lib/late_schema.ts";
import { late } from "../lib/late.ts";
import { Text } from "./names.ts";

/** Whether answers can be held to it. */
function isSchema(schema: unknown): boolean {
  try {
    z.fromJSONSchema(JSON.parse(JSON.stringify(schema)));
    return true;
  } catch {
    return false;
  }
}

const Schema = late(() =>
  z.looseObject({}).refine(isSchema, "found none that answers can be checked by, expected a JSON Schema")
);

export const StructuredOutputSection = lateSchema(() =>
  z.strictObject({
    schema: Schema().default({ type: "object" }).describe("JSON Schema of every answer. Default: any JSON object."),
    strict: z.boolean().default(true).describe("Whether the provider is to hold the model to the schema by force."),
    name: Text.default("response").describe("What the provider is told that the shape is called."),
  })
);

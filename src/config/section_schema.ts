import { z } from "zod";

/** JSON Schema, draft 7. */
export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** What a schema of ours accepts of a file, as JSON Schema (draft 7, which editors know), before variables are replaced. */
export function sectionSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...body } = z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      // A class is never what a file can hold.
      if (zodSchema instanceof z.ZodUnion && jsonSchema.anyOf) {
        jsonSchema.anyOf = jsonSchema.anyOf.filter((_, at) => !(zodSchema.def.options[at] instanceof z.ZodCustom));
      }
      widen(jsonSchema);
    },
  });
  return body;
}

/** What a file may hold beside what the schema wants: a variable, and nothing at all (its lines may be commented out). */
function widen(jsonSchema: JsonSchema): void {
  const { type, enum: values } = jsonSchema;
  if (type === "number" || type === "integer" || type === "boolean") {
    // A pattern binds texts alone, as a minimum binds numbers alone.
    Object.assign(jsonSchema, { type: [type, "string"], pattern: VARIABLE });
  } else if (type === "object" && (jsonSchema.required ?? []).length === 0) {
    Object.assign(jsonSchema, { type: ["object", "null"] });
  } else if (values !== undefined && type === "string") {
    delete jsonSchema.enum;
    delete jsonSchema.type;
    jsonSchema.anyOf = [{ type, enum: values }, { type, pattern: VARIABLE }];
  }
}

export const VARIABLE = "^\\$(\\{.+\\}|[A-Z_][A-Z0-9_]*)$";

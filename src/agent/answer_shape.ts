import { z } from "zod";
import { type Json, parseJson } from "../lib/json.ts";
import type { OutputShape } from "../model/model.ts";

/** What an answer has to look like, and whether it does. */
export interface AnswerShape extends OutputShape {
  /** The answer as data, or what is wrong with it, in words for the model. */
  check(text: string): { readonly data: Json } | { readonly fault: string };
}

const AnyJson: z.ZodType<Json> = z.json();
/** Some models put their JSON in a block of Markdown, whatever they are told. */
const FENCED = /^\s*```(?:json)?\s*\n(.*?)\n\s*```\s*$/is;

/** Throws Error where the schema is none. */
export function answerShape(shape: OutputShape): AnswerShape {
  const schema = z.fromJSONSchema(JSON.parse(JSON.stringify(shape.schema)));
  return {
    ...shape,
    check(text) {
      let data: Json;
      try {
        data = AnyJson.parse(parseJson(FENCED.exec(text)?.[1] ?? text));
      } catch {
        return { fault: "It is not JSON." };
      }
      const checked = schema.safeParse(data);
      if (checked.success) return { data };
      const faults = checked.error.issues.map(({ path, message }) =>
        path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`
      );
      return { fault: `${faults.join("; ")}.` };
    },
  };
}

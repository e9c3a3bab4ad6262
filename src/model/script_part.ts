import { z } from "zod";
import { Part } from "../a2a/types.ts";
import type { Json } from "../lib/json.ts";

const JsonValue: z.ZodType<Json> = z.json();

const Spelled = z.strictObject({
  text: z.string().optional().meta({ description: "A file of text." }),
  raw: z.base64().optional().meta({ description: "A file's bytes, in base64." }),
  url: z.url().optional().meta({ description: "Where a file lies." }),
  data: JsonValue.optional().meta({ description: "Any JSON value." }),
  filename: z.string().min(1).optional().meta({ description: "What the file is called; its artifact, too." }),
  media_type: z.string().min(1).optional().meta({ description: "What kind of file it is." }),
});

/** A file or a piece of data in a script, spelled like the rest of a configuration. */
export const ReplyPart = Spelled.refine((part) => Part.safeParse(toPart(part)).success, {
  error: "a part holds exactly one of text, raw, url, data",
});

export function toPart({ media_type: mediaType, ...part }: z.output<typeof Spelled>): Part {
  return { ...part, ...(mediaType === undefined ? {} : { mediaType }) };
}

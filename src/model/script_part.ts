import { z } from "zod";
import { late } from "../lib/late.ts";
import type { Part } from "../a2a/types.ts";
import type { Json } from "../lib/json.ts";

const CONTENT = ["text", "raw", "url", "data"] as const;

const JsonValue = late((): z.ZodType<Json> => z.json());

const Spelled = late(() =>
  z.strictObject({
    text: z.string().optional().meta({ description: "A file of text." }),
    raw: z.base64().optional().meta({ description: "A file's bytes, in base64." }),
    url: z.url().optional().meta({ description: "Where a file lies." }),
    data: JsonValue().optional().meta({ description: "Any JSON value." }),
    filename: z.string().min(1).optional().meta({ description: "What the file is called; its artifact, too." }),
    media_type: z.string().min(1).optional().meta({ description: "What kind of file it is." }),
  })
);

/** A file or a piece of data in a script, spelled like the rest of a configuration. */
export const ReplyPart = late(() =>
  Spelled().refine((part) => CONTENT.filter((member) => part[member] !== undefined).length === 1, {
    error: "a part holds exactly one of text, raw, url, data",
  })
);

export function toPart({ media_type: mediaType, ...part }: z.output<ReturnType<typeof Spelled>>): Part {
  return { ...part, ...(mediaType === undefined ? {} : { mediaType }) };
}

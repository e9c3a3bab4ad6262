import { z } from "zod";

/** A text that says something. */
export const Text = z.string().min(1);

/** An agent's id is a segment of URLs, so it has to be harmless there. */
export const AgentId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, {
  error: "an id of letters, digits, _, . and -, beginning with a letter or a digit, at most 64 long",
});
/** Model providers take no other function names. */
export const ToolName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, {
  error: "a name of letters, digits, _ and -, at most 64 long",
});
/** Models are called things like `llama3.2:3b` and `org/model`. */
export const Name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,127}$/, {
  error: "a name of letters, digits and _.:/@-, beginning with a letter or a digit, at most 128 long",
});
export const MediaType = z.string().regex(/^[\w.+*-]+\/[\w.+*-]+$/, { error: "a media type such as text/plain" });

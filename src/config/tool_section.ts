import { z } from "zod";
import { Text } from "./names.ts";

export const ToolSection = z.looseObject({
  type: Text.optional().describe("Which tool it is. Default: the name of the entry."),
  enabled: z.boolean().default(true).describe("false: no agent gets it, though agents may name it."),
  description: Text.optional().describe(
    "What the model is told of the tool, in place of the tool's own words; of an entry that brings several tools, before theirs.",
  ),
  require_approval: z.boolean().optional().describe(
    "Whether a person has to say yes to each call before it runs. Default: as the tool judges the call.",
  ),
  approval_prompt: Text.optional().describe(
    "What the person is asked. {tool}, {input} and {NAME} for any argument are filled in.",
  ),
  replay: z.enum(["safe", "once", "ask"]).optional().describe(
    "What a crash in the middle of a call means. safe: the call is made again. once: never; the task asks how to go on. " +
      "ask: a person is asked whether to make it again. Default: as the tool says.",
  ),
});

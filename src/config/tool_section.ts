import { z } from "zod";
import { Text } from "./names.ts";

export const ToolSection = z.looseObject({
  type: Text.optional().describe("Which tool it is. Default: the name of the entry."),
  enabled: z.boolean().default(true).describe("false: no agent gets it, though agents may name it."),
});

import { z } from "zod";
import { Text } from "./names.ts";

export const LlmSection = z.looseObject({
  provider: Text.optional().describe(
    "Whose model it is. Default: follows from the model's name, or else from the keys in the environment.",
  ),
});

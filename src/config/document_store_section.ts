import { z } from "zod";
import { Text } from "./names.ts";

export const DocumentStoreSection = z.looseObject({
  source: Text.optional().describe("Where the documents come from. Default: the first source there is."),
});

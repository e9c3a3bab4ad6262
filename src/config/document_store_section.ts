import { z } from "zod";
import { Text } from "./names.ts";

export const DocumentStoreSection = z.looseObject({
  source: Text.describe("Where the documents come from."),
});

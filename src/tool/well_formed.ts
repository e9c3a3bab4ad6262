import { z } from "zod";
import { late } from "../lib/late.ts";

/** Text that UTF-8 can hold. */
export const WellFormed = late(() =>
  z.string().refine(
    (text) => text.isWellFormed(),
    "is not well-formed Unicode (half a surrogate pair)",
  )
);

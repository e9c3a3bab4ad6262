import { z } from "zod";

/** Text that UTF-8 can hold. */
export const WellFormed = z.string().refine(
  (text) => text.isWellFormed(),
  "is not well-formed Unicode (half a surrogate pair)",
);

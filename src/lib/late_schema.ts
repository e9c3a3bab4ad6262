import { z } from "zod";

/**
 * The schema of a part that most leave out, made when there is something to read with it. Whether the part may be absent is
 * for whoever wraps it to say.
 */
export function lateSchema<Schema extends z.ZodType>(make: () => Schema): z.ZodLazy<Schema> {
  const schema = z.lazy(make);
  // What wraps a schema asks it what absence means to it; to find out, z.lazy would make it.
  for (const side of ["optin", "optout"]) Object.defineProperty(schema._zod, side, { value: undefined });
  return schema;
}

import { z } from "zod";
import type { Task } from "./types.ts";

/** Key in a task's metadata: the webhooks that were given up, and why. */
export const PUSH_METADATA = "https://hector.dev/a2a/push/v1";

const PushFailure = z.object({
  /** The webhook's. */
  id: z.string(),
  /** The number of the last event that its receiver took; 0: none. */
  toldSeq: z.number(),
  /** When it was given up, as RFC 3339. */
  at: z.string(),
  attempts: z.number(),
  reason: z.string(),
});
export type PushFailure = z.infer<typeof PushFailure>;

const PushMetadata = z.object({ failed: z.array(PushFailure) });

/** The webhooks of a task that were given up; none where the peer tells of none. */
export function pushFailuresOf({ metadata }: Task): readonly PushFailure[] {
  const parsed = PushMetadata.safeParse(metadata?.[PUSH_METADATA]);
  return parsed.success ? parsed.data.failed : [];
}

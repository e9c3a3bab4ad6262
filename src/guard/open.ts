import type { Guard } from "./guard.ts";
import { NOBODY } from "./identity.ts";

/** For a server that asks nobody. What a request shows is not looked at, as nothing could be told of it. */
export const OPEN: Guard = { identify: () => Promise.resolve(NOBODY), admit: () => {}, headers: [] };

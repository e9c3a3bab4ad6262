import { A2AError } from "../a2a/errors.ts";
import type { Caller } from "../a2a/service.ts";

/**
 * Lets callers pass that have one of `roles`, or everybody where there are none to have. `what` is what they want, for
 * the refusal. Throws A2AError.
 */
export function requireRole(caller: Caller, roles: readonly string[] | undefined, what: string): void {
  if (roles === undefined || roles.some((role) => caller.roles.includes(role))) return;
  if (caller.anonymous) throw new A2AError("UNAUTHENTICATED", `Cannot see ${what} without a credential`);
  throw new A2AError("PERMISSION_DENIED", `Cannot see ${what}: it takes one of the roles ${roles.join(", ")}`);
}

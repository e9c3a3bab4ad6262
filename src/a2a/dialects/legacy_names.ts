import { TASK_STATES } from "../task_state.ts";
import type { Role, TaskState } from "../types.ts";
import { type Field, invalidField, textOf } from "./field.ts";

/* The names of states and roles in A2A 0.3 and in hector's own older documents. */

/** A2A 0.3 §6.3, over JSON-RPC. */
const STATES: Readonly<Record<TaskState, string>> = {
  TASK_STATE_UNSPECIFIED: "unknown",
  TASK_STATE_SUBMITTED: "submitted",
  TASK_STATE_WORKING: "working",
  TASK_STATE_COMPLETED: "completed",
  TASK_STATE_FAILED: "failed",
  TASK_STATE_CANCELED: "canceled",
  TASK_STATE_INPUT_REQUIRED: "input-required",
  TASK_STATE_REJECTED: "rejected",
  TASK_STATE_AUTH_REQUIRED: "auth-required",
};

/** Every spelling that is read: 1.0's, 0.3's, the two L of 0.3's proto, and the underscores of older documents. */
const STATE_OF: ReadonlyMap<string, TaskState> = new Map(
  TASK_STATES.flatMap((state) => [
    [state, state],
    [protoState(state), state],
    [STATES[state], state],
    [STATES[state].replace("canceled", "cancelled"), state],
    [STATES[state].replace("-", "_"), state],
  ]),
);

const ROLE_OF: ReadonlyMap<string, Role> = new Map([
  ["user", "ROLE_USER"],
  ["ROLE_USER", "ROLE_USER"],
  ["agent", "ROLE_AGENT"],
  ["assistant", "ROLE_AGENT"],
  ["model", "ROLE_AGENT"],
  ["ROLE_AGENT", "ROLE_AGENT"],
  ["ROLE_ASSISTANT", "ROLE_AGENT"],
]);

/** The state's name in 0.3's JSON-RPC. */
export function legacyState(state: TaskState): string {
  return STATES[state];
}

/** The state's name in hector's documents after its first: two L, and words parted by `_`. */
export function hectorState(state: TaskState): string {
  return state === "TASK_STATE_CANCELED" ? "cancelled" : STATES[state].replace("-", "_");
}

/** The state's name in 0.3's proto, and so in its REST. */
export function protoState(state: TaskState): string {
  return state === "TASK_STATE_CANCELED" ? "TASK_STATE_CANCELLED" : state;
}

/** The role's name in 0.3's JSON-RPC. */
export function legacyRole(role: Role): string {
  return role === "ROLE_AGENT" ? "agent" : "user";
}

export function readState(field: Field): TaskState {
  const state = STATE_OF.get(textOf(field));
  if (state !== undefined) return state;
  const allowed = TASK_STATES.slice(1).map(legacyState).join(", ");
  throw invalidField(field.path, `unknown state ${JSON.stringify(field.value)}: expected one of ${allowed}`);
}

export function readRole(field: Field): Role {
  const role = ROLE_OF.get(textOf(field));
  if (role !== undefined) return role;
  throw invalidField(
    field.path,
    `unknown role ${JSON.stringify(field.value)}: expected one of ${[...ROLE_OF.keys()].join(", ")}`,
  );
}

import { A2AError, type ErrorReason } from "../a2a/errors.ts";
import { ConfigError } from "../config/config_error.ts";
import { SourceError, type SourceFailure } from "../config/sources/source_error.ts";
import { SettingError } from "../lib/setting_error.ts";
import { UsageError } from "./arguments.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import { printable, type Terminal } from "./terminal.ts";

const BY_REASON: ReadonlyMap<ErrorReason, ExitCode> = new Map<ErrorReason, ExitCode>([
  ["AGENT_NOT_FOUND", EXIT.agentNotFound],
  ["UNAUTHENTICATED", EXIT.authentication],
  ["PERMISSION_DENIED", EXIT.authentication],
  ["UNAVAILABLE", EXIT.network],
]);

const BY_FAILURE: Readonly<Record<SourceFailure, ExitCode>> = {
  missing: EXIT.configuration,
  unreadable: EXIT.configuration,
  refused: EXIT.authentication,
  unreachable: EXIT.network,
};

/** What cannot be used as it is configured: a model without its key, a store that is taken. */
export class SetupError extends Error {
  override readonly name = "SetupError";
}

const CONFIGURATION = [UsageError, ConfigError, SettingError, SetupError];

/** The exit code that tells a script what kind of thing went wrong. */
export function exitCodeOf(thrown: unknown): ExitCode {
  if (CONFIGURATION.some((wrong) => thrown instanceof wrong)) return EXIT.configuration;
  if (thrown instanceof SourceError) return BY_FAILURE[thrown.failure];
  if (thrown instanceof A2AError) return BY_REASON.get(thrown.reason) ?? EXIT.failure;
  return EXIT.failure;
}

/** Tells the person what went wrong, on stderr, and gives the exit code. */
export function report(thrown: unknown, terminal: Terminal): ExitCode {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  terminal.err(`${terminal.red("error:")} ${printable(message)}\n`);
  if (thrown instanceof A2AError && thrown.reason === "UNAUTHENTICATED") {
    terminal.err(`${terminal.dim("Credentials are read from HECTOR_TOKEN or --token.")}\n`);
  }
  return exitCodeOf(thrown);
}

/** The command line enters no room but this one; `hector doctor` asks what the command tool would get here. */
export { examineSandbox, type SandboxReport } from "../tool/sandbox/examine_sandbox.ts";

import configuration from "../../deno.json" with { type: "json" };

/** The version of this program (https://semver.org). */
export const VERSION: string = configuration.version;

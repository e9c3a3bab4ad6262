/** The extension by which a stream is taken up again after the number of the last event that was seen. */
export const RESUME_EXTENSION = "https://hector.dev/a2a/extensions/resume/v1";

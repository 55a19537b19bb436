/** So often a step that does not pass is tried again, unless the session says otherwise. */
export const defaultRetries = 3;

import { createRunGit } from '../../src/resources/workspace/host-git.ts';

/** The host's git as the product runs it, without a proxy. */
export const runGit = createRunGit(async () => ({}));

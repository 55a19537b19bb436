import { startGitServer } from './git-server.ts';
import { withWorkspaces, workspaceLimits } from './with-workspaces.ts';
import type { Workspace } from '../../src/resources/workspace/workspace.ts';

/** Opens the workspace of a new repository with these files. */
export type InWorkspace = (
  files: Readonly<Record<string, string>>,
  work: (workspace: Workspace) => Promise<void>,
) => Promise<void>;

/** Gives a test workspaces of as many repositories as it wants, on one machine. */
export async function withRepositoryWorkspaces(
  test: (inWorkspace: InWorkspace) => Promise<void>,
): Promise<void> {
  const server = await startGitServer();
  let count = 0;
  try {
    await withWorkspaces(async (bench) => {
      const { workspaces } = bench.machine({ limits: { ...workspaceLimits, processes: 256 } });
      await test(async (files, work) => {
        const name = `acme/tried${(count += 1)}`;
        const repository = await server.add(name, { public: true });
        await repository.commit({ files });
        bench.connect(name, repository.url);
        await bench.story(
          async (ctx) => {
            await ctx.step('work', async (step) => {
              const state = await workspaces.resolve(step, { kind: 'connected', name }, 'trusted');
              await work(await workspaces.at(step, state));
              return null;
            });
            await workspaces.release(ctx.run.id);
          },
          null,
          60_000,
        );
      });
    });
  } finally {
    await server.close();
  }
}

import { list, whole } from './fields.ts';

/** How much room repositories and the files of runs may take on one machine. */
export const workspaceSettings = {
  workspaceMib: whole()
    .min(16)
    .default(2048)
    .describe('What a run may change or add in its workspace at most, in MiB; repositories may be as large.'),
  workspaceFiles: whole()
    .min(100)
    .default(200_000)
    .describe('Files and directories that a workspace may get at most.'),
  workspaceIdleMinutes: whole()
    .min(1)
    .default(10)
    .describe(
      'Minutes after which a workspace that nobody uses is closed; it opens again when it is needed.',
    ),
  checkpointMib: whole()
    .min(1)
    .max(1024)
    .default(64)
    .describe('What the changes of one step may take at most, compressed, in MiB.'),
  snapshotMib: whole()
    .min(64)
    .default(20_480)
    .describe('What saved checkouts and dependencies may take on one machine, in MiB.'),
  mirrorMib: whole()
    .min(64)
    .default(20_480)
    .describe('What mirrors of repositories may take on one machine, in MiB.'),
  repositoryMib: whole()
    .min(1)
    .default(4096)
    .describe('What the mirror of one repository may take at most, in MiB.'),
  repositoryTimeoutSeconds: whole()
    .min(10)
    .default(900)
    .describe('Seconds after which the fetch of a repository is given up.'),
  bundleMib: whole()
    .min(1)
    .default(512)
    .describe('Largest repository that a command line may upload as a bundle, in MiB.'),
  packageRegistries: list()
    .default([])
    .describe(
      'Registries that packages are installed from in place of the public ones, which may lie inside: node=https://npm.corp.example/, python=https://pypi.corp.example/simple/, rust=, go=, java=, ruby=.',
    ),
  packageHosts: list()
    .default([])
    .describe('Further hosts that installs of packages may reach, with ports: files.corp.example:443.'),
};

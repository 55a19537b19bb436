import { createLogger } from '../../src/base/logger.ts';
import { startEmbedded } from '../../src/store/embedded/start.ts';

// A Gantry that does nothing but hold the embedded database of the directory that it is told; stopped by SIGTERM.
const database = await startEmbedded({ dataDir: process.argv[2] ?? '', logger: createLogger('info') });
const alive = setInterval(() => undefined, 60_000);
process.once('SIGTERM', () => {
  clearInterval(alive);
  void database.stop();
});
process.stdout.write(`${JSON.stringify({ url: database.url, adopted: database.adopted })}\n`);

/**
 * What the embedded server is told at each start. It serves one machine beside the sandboxes, so memory at rest
 * counts more than throughput; nothing here weakens durability (fsync and synchronous_commit stay on).
 */
export const serverSettings: Readonly<Record<string, string>> = {
  shared_buffers: '32MB',
  max_connections: '100',
  huge_pages: 'off',
  wal_buffers: '1MB',
  min_wal_size: '32MB',
  max_wal_size: '512MB',
  maintenance_work_mem: '32MB',
  jit: 'off',
  io_method: 'sync',
  max_worker_processes: '2',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  max_logical_replication_workers: '0',
  max_wal_senders: '0',
  max_replication_slots: '0',
  wal_level: 'minimal',
  autovacuum_max_workers: '2',
  autovacuum_worker_slots: '2',
  unix_socket_permissions: '0700',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  log_autovacuum_min_duration: '-1',
  log_line_prefix: '%m [%p] ',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

/** `-c name=value` for each setting. */
export function settingArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

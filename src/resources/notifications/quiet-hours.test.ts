import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quietUntil } from './quiet-hours.ts';

const until = (from: string, to: string, timeZone: string, now: string) =>
  quietUntil({ from, to, timeZone }, new Date(now))?.toISOString() ?? null;

test('quiet hours hold by the wall clock of their time zone, also over midnight', () => {
  assert.equal(until('22:00', '07:00', 'UTC', '2026-03-01T21:59:59Z'), null);
  assert.equal(until('22:00', '07:00', 'UTC', '2026-03-01T22:00:30Z'), '2026-03-02T07:00:00.000Z');
  assert.equal(until('22:00', '07:00', 'UTC', '2026-03-02T06:59:30Z'), '2026-03-02T07:00:30.000Z');
  assert.equal(until('22:00', '07:00', 'UTC', '2026-03-02T07:00:00Z'), null);
  assert.equal(until('12:00', '13:00', 'Asia/Tokyo', '2026-03-01T03:30:00Z'), '2026-03-01T04:00:00.000Z');
  assert.equal(until('12:00', '13:00', 'Asia/Kolkata', '2026-03-01T06:45:00Z'), '2026-03-01T07:30:00.000Z');
});

test('where the clocks change in the night, quiet hours end by the new clock', () => {
  assert.equal(until('22:00', '07:00', 'Europe/Berlin', '2026-03-28T22:00:00Z'), '2026-03-29T05:00:00.000Z');
  assert.equal(until('22:00', '07:00', 'Europe/Berlin', '2026-10-24T21:00:00Z'), '2026-10-25T06:00:00.000Z');
});

test('none are set, or they last no time: nothing is quiet', () => {
  assert.equal(quietUntil(null, new Date()), null);
  assert.equal(until('08:00', '08:00', 'UTC', '2026-03-01T08:00:00Z'), null);
});

test('the end is always ahead, and at most a day and an hour', () => {
  const clock = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
  const zone = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/St_Johns',
    'Pacific/Chatham',
    'Australia/Lord_Howe',
  );
  fc.assert(
    fc.property(
      clock,
      clock,
      zone,
      fc.integer({ min: 0, max: 366 * 86_400 }),
      (from, to, timeZone, seconds) => {
        const now = new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
        const end = quietUntil({ from, to, timeZone }, now);
        if (end) assert.ok(end > now && end.getTime() - now.getTime() <= 25 * 3_600_000);
      },
    ),
  );
});

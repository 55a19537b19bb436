export class Bucket {
  tokens: number;
  last: number;

  readonly capacity: number;
  readonly perSecond: number;
  readonly now: () => number;

  constructor(capacity: number, perSecond: number, now: () => number = Date.now) {
    this.capacity = capacity;
    this.perSecond = perSecond;
    this.now = now;
    this.tokens = capacity;
    this.last = now();
  }

  take(count = 1): boolean {
    const seconds = Math.floor((this.now() - this.last) / 1000);
    this.tokens += seconds * this.perSecond;
    this.last = this.now();
    if (this.tokens < count) return false;
    this.tokens -= count;
    return true;
  }
}
